#include "base/log.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace dth {
namespace {

const TimePoint noon{std::chrono::microseconds(1'772'366'400'123'456)};

TEST(Log, JsonLinesAreJsonWhateverTheTextsHold) {
  const std::string line =
      format_log_line(LogFormat::json, noon, LogLevel::warning, "said \"no\"\n",
                      {{"path", "/a\x01\xff"}, {"status", std::int64_t{404}}, {"seconds", 0.25}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto json = boost::json::parse(line).as_object();
  EXPECT_EQ(json.at("level"), "warning");
  EXPECT_EQ(json.at("message"), "said \"no\"\n");
  EXPECT_EQ(json.at("path"), "/a\\x01\\xFF");
  EXPECT_EQ(json.at("status"), 404);
  EXPECT_EQ(json.at("seconds"), 0.25);
  EXPECT_EQ(json.at("time"), "2026-03-01T12:00:00.123456Z");
}

TEST(Log, ConsoleLinesCannotBeForged) {
  EXPECT_EQ(format_log_line(
                LogFormat::console, noon, LogLevel::info, "asked",
                {{"path", "/a\nb"}, {"agent", "x y=\"z\""}, {"none", ""}, {"n", std::int64_t{-3}}}),
            R"(2026-03-01T12:00:00.123Z info    asked path=/a\nb agent="x y=\"z\"" none="" n=-3)");
}

TEST(Log, TheLevelDecidesAndCanChange) {
  std::vector<std::string> lines;
  Log log({.to = [&](std::string_view line) { lines.emplace_back(line); }});
  log.debug("not this");
  log.info("this");
  log.set_level(LogLevel::error);
  EXPECT_FALSE(log.writes(LogLevel::warning));
  log.warning("nor this");
  log.set_level(LogLevel::debug);
  log.debug("{} is no pattern");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[0].find("this"), std::string::npos);
  EXPECT_NE(lines[1].find("{} is no pattern"), std::string::npos);
}

TEST(Log, NamesOfLevelsGoBothWays) {
  for (const auto level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
    EXPECT_EQ(parse_log_level(to_string(level)), level);
  }
  EXPECT_EQ(parse_log_level("loud"), std::nullopt);
}

TEST(LogLine, HoldsNothingThatATerminalObeys) {
  for (const LogFormat format : {LogFormat::console, LogFormat::json}) {
    const std::string line = format_log_line(format, TimePoint(), LogLevel::info, "a\x1b[31m",
                                             {{"path", std::string_view("/\xe2\x80\xae\xc2\x9b")}});
    for (const char* harmful : {"\x1b", "\xe2\x80\xae", "\xc2\x9b"})
      EXPECT_EQ(line.find(harmful), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace dth

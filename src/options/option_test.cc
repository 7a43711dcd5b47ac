#include "options/option.h"

#include <gtest/gtest.h>

namespace dth::options {
namespace {

constexpr std::string_view colours[] = {"red", "blue"};
constexpr std::string_view careful[] = {"careful"};
constexpr Option options[] = {
    {.name = "mode", .default_text = "quick"},
    {.name = "list", .type = OptionType::list},
    {.name = "duration", .type = OptionType::duration},
    {.name = "time", .type = OptionType::time},
    {.name = "only-careful", .type = OptionType::flag, .modes = careful},
    {.name = "flag", .type = OptionType::flag},
    {.name = "size", .type = OptionType::size, .default_text = "1KiB"},
    {.name = "count", .type = OptionType::count, .may_change = true},
    {.name = "colour", .type = OptionType::choice, .default_text = "red", .choices = colours},
};

TEST(Option, SpecsSurviveJson) {
  const Values spec = {{"flag", "true"}, {"text", "a \"b\" \n é"}, {"path", "/\xff[d]\xc3"}};
  EXPECT_EQ(parse_values(to_json(spec)).value(), spec);
  EXPECT_TRUE(parse_values("{\"a\":1}").has_error());
  EXPECT_TRUE(parse_values("nonsense").has_error());
}

TEST(Option, BadValuesAreNamed) {
  EXPECT_TRUE(
      validate(options, {{"flag", "true"}, {"size", "5GiB"}, {"count", "7"}, {"colour", "blue"}})
          .has_value());
  EXPECT_TRUE(
      validate(options,
               {{"list", make_list({"a", "b"})}, {"duration", "15m"}, {"time", "2026-03-01"}})
          .has_value());
  EXPECT_TRUE(validate(options, {{"mode", "careful"}, {"only-careful", "true"}}).has_value());
  for (const Values& spec :
       {Values{{"flag", "maybe"}}, Values{{"size", "5 apples"}}, Values{{"count", "-1"}},
        Values{{"colour", "green"}}, Values{{"no", "x"}}, Values{{"list", "a"}},
        Values{{"list", make_list({"\xff"})}}, Values{{"duration", "15"}},
        Values{{"time", "yesterday"}}, Values{{"only-careful", "true"}}}) {
    auto valid = validate(options, spec);
    ASSERT_TRUE(valid.has_error());
    EXPECT_EQ(valid.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(valid.error().message.find("--" + spec.begin()->first), std::string::npos)
        << valid.error().message;
  }
}

TEST(Option, EmptyValuesAreRefused) {
  for (const char* name : {"mode", "duration", "time", "flag", "size", "count", "colour"}) {
    auto valid = validate(options, {{name, ""}});
    ASSERT_TRUE(valid.has_error()) << name;
    EXPECT_EQ(valid.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(valid.error().message,
              "--" + std::string(name) +
                  ": its value is empty; leave the option out where nothing is meant");
  }
}

TEST(Option, AWrongChoiceIsAnsweredWithTheOneThatIsMeant) {
  EXPECT_NE(validate(options, {{"colour", "bleu"}}).error().message.find("Did you mean \"blue\"?"),
            std::string::npos);
}

TEST(Option, WhatIsRepeatedIsPrintable) {
  for (const Values& spec :
       {Values{{"flag", "\x1b[2J"}}, Values{{"size", "\x01"}}, Values{{"no\n", "x"}},
        Values{{"time", "\x7f"}}, Values{{"duration", "\x02"}},
        Values{{"mode", "\x03"}, {"only-careful", "true"}}}) {
    const std::string message = validate(options, spec).error().message;
    for (char c : message)
      EXPECT_TRUE(static_cast<unsigned char>(c) >= ' ' && c != 0x7f) << message;
  }
}

TEST(Option, Sizes) {
  EXPECT_EQ(parse_size("0").value(), 0u);
  EXPECT_EQ(parse_size("64KiB").value(), 65'536u);
  EXPECT_EQ(parse_size("5GiB").value(), 5ull << 30);
  EXPECT_EQ(parse_size("10MB").value(), 10'000'000u);
  EXPECT_EQ(parse_size("7B").value(), 7u);
  for (std::string_view text :
       {"", "GiB", "1.5GiB", "1 GiB", "-1", "99999999999999999999", "99999999999TiB", "1gib"}) {
    EXPECT_TRUE(parse_size(text).has_error()) << text;
  }
}

TEST(Option, Lists) {
  const std::vector<std::string> members = {"", "a,b", "line\nbreak", "\"quoted\"", "é"};
  EXPECT_EQ(parse_list(make_list(members)).value(), members);
  EXPECT_EQ(option_list({{"list", make_list(members)}}, "list"), members);
  EXPECT_TRUE(option_list({}, "list").empty());
  EXPECT_TRUE(parse_list("[1]").has_error());
}

TEST(Option, DurationsAndTimes) {
  using namespace std::chrono_literals;
  EXPECT_EQ(parse_duration("0s").value(), 0s);
  EXPECT_EQ(parse_duration("90s").value(), 90s);
  EXPECT_EQ(parse_duration("15m").value(), 15min);
  EXPECT_EQ(parse_duration("7d").value(), 7 * 24h);
  for (std::string_view text :
       {"", "s", "1", "1.5h", "-1s", "1 h", "99999999999999999999d", "40000d"}) {
    EXPECT_TRUE(parse_duration(text).has_error()) << text;
  }
  const TimePoint now = *dth::parse_time("2026-03-08T12:00:00Z");
  EXPECT_EQ(parse_time("7d", now).value(), *dth::parse_time("2026-03-01T12:00:00Z"));
  EXPECT_EQ(parse_time("2026-03-01", now).value(), *dth::parse_time("2026-03-01T00:00:00Z"));
  EXPECT_EQ(parse_time("2026-03-01T01:02:03Z", now).value(),
            *dth::parse_time("2026-03-01T01:02:03Z"));
  for (std::string_view text : {"", "2026-13-01", "2026-03-01 12:00", "12:00"})
    EXPECT_TRUE(parse_time(text, now).has_error()) << text;
}

TEST(Option, RelativeTimesAreResolvedAndOthersStay) {
  static constexpr Option times[] = {{.name = "since", .type = OptionType::time},
                                     {.name = "until", .type = OptionType::time},
                                     {.name = "name", .type = OptionType::text}};
  const TimePoint now = *dth::parse_time("2026-03-08T12:00:00.5Z");
  const Values spec =
      resolve_times(times, {{"since", "7d"}, {"until", "2026-03-02"}, {"name", "7d"}}, now);
  EXPECT_EQ(spec.at("since"), "2026-03-01T12:00:00.500000Z");
  EXPECT_EQ(spec.at("until"), "2026-03-02T00:00:00.000000Z");
  EXPECT_EQ(spec.at("name"), "7d");
  EXPECT_EQ(resolve_times(times, spec, now + std::chrono::hours(24)), spec)
      << "resolved once and for all";
}

TEST(Option, OnlyWhatMattersIsADifference) {
  EXPECT_EQ(describe_difference(options, {{"count", "1"}}, {{"count", "2"}}), "");
  EXPECT_EQ(describe_difference(options, {{"size", "1KiB"}}, {}), "");
  EXPECT_EQ(describe_difference(options, {}, {{"flag", "true"}, {"colour", "blue"}}),
            "--flag was not given, now is \"true\"; --colour was \"red\", now is \"blue\"");
}

}  // namespace
}  // namespace dth::options

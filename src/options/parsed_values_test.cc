#include "options/parsed_values.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace dth::options {
namespace {

using namespace std::chrono_literals;

enum class Colour { red, blue };
constexpr Choice<Colour> colours[] = {{"red", Colour::red}, {"blue", Colour::blue}};
constexpr auto colour_names = names_of(colours);
constexpr Action only_verify[] = {Action::verify};

constexpr Option table[] = {
    {.name = "flag", .type = OptionType::flag},
    {.name = "text", .default_text = "words"},
    {.name = "size", .type = OptionType::size, .default_text = "1KiB"},
    {.name = "count", .type = OptionType::count, .range = {1, 100}},
    {.name = "colour", .type = OptionType::choice, .default_text = "red", .choices = colour_names},
    {.name = "list", .type = OptionType::list},
    {.name = "duration", .type = OptionType::duration, .range = {1, 86'400}},
    {.name = "time", .type = OptionType::time},
    {.name = "names", .type = OptionType::names},
    {.name = "address", .type = OptionType::address},
    {.name = "only-verify", .type = OptionType::flag, .actions = only_verify},
};

Result<ParsedValues> parse(const Values& given, Action action = Action::copy, TimePoint now = {}) {
  return ParsedValues::parse(table, given, action, now);
}

TEST(ParsedValues, AreReadByType) {
  const TimePoint now = *dth::parse_time("2026-03-08T12:00:00Z");
  const auto values = parse({{"flag", "on"},
                             {"size", "5GiB"},
                             {"count", "7"},
                             {"colour", "blue"},
                             {"list", make_list({"a", "b"})},
                             {"duration", "15m"},
                             {"time", "7d"},
                             {"names", "a, b.example.org"},
                             {"address", "[::1]:80"}},
                            Action::copy, now)
                          .value();
  EXPECT_TRUE(values.flag("flag"));
  EXPECT_EQ(values.number("size"), 5ull << 30);
  EXPECT_EQ(values.optional_number("count"), 7u);
  EXPECT_EQ(values.choice("colour", colours), Colour::blue);
  EXPECT_EQ(values.list("list"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(values.duration("duration"), 15min);
  EXPECT_EQ(values.time("time"), dth::parse_time("2026-03-01T12:00:00Z"));
  EXPECT_EQ(values.list("names"), (std::vector<std::string>{"a", "b.example.org"}));
  EXPECT_EQ(values.address("address")->port, 80);
}

TEST(ParsedValues, WhatWasNotGivenHasItsDefaultOrIsAbsent) {
  const auto values = parse({{"text", "words"}}).value();
  EXPECT_TRUE(values.is_given("text"));
  EXPECT_FALSE(values.is_given("size"));
  EXPECT_EQ(values.number("size"), 1024u);
  EXPECT_EQ(values.choice("colour", colours), Colour::red);
  EXPECT_FALSE(values.flag("flag"));
  EXPECT_FALSE(values.optional_number("count"));
  EXPECT_FALSE(values.time("time"));
  EXPECT_TRUE(values.list("list").empty());
}

TEST(ParsedValues, ReadingWhatIsNotDeclaredIsABug) {
  const auto values = parse({}).value();
  EXPECT_THROW(values.text("none"), std::logic_error);
  EXPECT_THROW(values.flag("size"), std::logic_error);
  EXPECT_THROW(values.number("count"), std::logic_error);
}

TEST(ParsedValues, WrongValuesAreNamedAndSayWhatIsExpected) {
  EXPECT_TRUE(parse({{"only-verify", "true"}}, Action::verify).has_value());
  for (const Values& given :
       {Values{{"flag", "maybe"}}, Values{{"size", "5 apples"}}, Values{{"count", "-1"}},
        Values{{"count", "0"}}, Values{{"count", "101"}}, Values{{"colour", "green"}},
        Values{{"no", "x"}}, Values{{"list", "a"}}, Values{{"list", make_list({"\xff"})}},
        Values{{"duration", "15"}}, Values{{"duration", "2d"}}, Values{{"time", "yesterday"}},
        Values{{"names", "a,,b"}}, Values{{"address", "a"}}, Values{{"only-verify", "true"}}}) {
    const auto parsed = parse(given);
    ASSERT_TRUE(parsed.has_error()) << given.begin()->first;
    EXPECT_EQ(parsed.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(parsed.error().message.find("--" + given.begin()->first), std::string::npos)
        << parsed.error().message;
  }
  EXPECT_EQ(parse({{"size", "10k"}}).error().message,
            "invalid value \"10k\" for --size: expected a size such as 64MiB");
  EXPECT_EQ(parse({{"count", "0"}}).error().message,
            "invalid value \"0\" for --count: expected a whole number, 1 to 100");
  EXPECT_EQ(parse({{"duration", "2d"}}).error().message,
            "invalid value \"2d\" for --duration: expected a duration such as 90s, 15m, 12h or 7d, "
            "1s to 1d");
}

TEST(ParsedValues, EmptyValuesAreRefused) {
  for (const char* name : {"text", "duration", "time", "flag", "size", "count", "colour"}) {
    EXPECT_EQ(parse({{name, ""}}).error().message,
              "the value of --" + std::string(name) + " is empty; omit the option instead");
  }
}

TEST(ParsedValues, AWrongChoiceIsAnsweredWithTheOneThatIsMeant) {
  EXPECT_EQ(parse({{"colour", "bleu"}}).error().message,
            "invalid value \"bleu\" for --colour: expected one of red, blue. Did you mean "
            "\"blue\"?");
}

TEST(ParsedValues, WhatIsRepeatedIsPrintable) {
  for (const Values& given :
       {Values{{"flag", "\x1b[2J"}}, Values{{"size", "\x01"}}, Values{{"no\n", "x"}},
        Values{{"time", "\x7f"}}, Values{{"duration", "\x02"}}}) {
    for (const char c : parse(given).error().message)
      EXPECT_TRUE(static_cast<unsigned char>(c) >= ' ' && c != 0x7f);
  }
}

}  // namespace
}  // namespace dth::options

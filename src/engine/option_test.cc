#include "engine/option.h"

#include <gtest/gtest.h>

namespace dth::engine {
namespace {

constexpr std::string_view colours[] = {"red", "blue"};
constexpr Option options[] = {
    {.name = "flag", .type = OptionType::flag},
    {.name = "size", .type = OptionType::size, .default_text = "1KiB"},
    {.name = "count", .type = OptionType::count, .may_change = true},
    {.name = "colour", .type = OptionType::choice, .default_text = "red", .choices = colours},
};

TEST(Option, SpecsSurviveJson) {
  const Spec spec = {{"flag", "true"}, {"text", "a \"b\" \n é"}};
  EXPECT_EQ(parse_spec(to_json(spec)).value(), spec);
  EXPECT_TRUE(parse_spec("{\"a\":1}").has_error());
  EXPECT_TRUE(parse_spec("nonsense").has_error());
}

TEST(Option, BadValuesAreNamed) {
  EXPECT_TRUE(validate(options, {{"flag", "true"}, {"size", "5GiB"}, {"count", "7"}, {"colour", "blue"}}).has_value());
  for (const Spec& spec : {Spec{{"flag", "maybe"}}, Spec{{"size", "5 apples"}}, Spec{{"count", "-1"}}, Spec{{"colour", "green"}}, Spec{{"no", "x"}}}) {
    auto valid = validate(options, spec);
    ASSERT_TRUE(valid.has_error());
    EXPECT_EQ(valid.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(valid.error().message.find("--" + spec.begin()->first), std::string::npos) << valid.error().message;
  }
}

TEST(Option, Sizes) {
  EXPECT_EQ(parse_size("0").value(), 0u);
  EXPECT_EQ(parse_size("64KiB").value(), 65'536u);
  EXPECT_EQ(parse_size("5GiB").value(), 5ull << 30);
  EXPECT_EQ(parse_size("10MB").value(), 10'000'000u);
  EXPECT_EQ(parse_size("7B").value(), 7u);
  for (std::string_view text : {"", "GiB", "1.5GiB", "1 GiB", "-1", "99999999999999999999", "99999999999TiB", "1gib"}) {
    EXPECT_TRUE(parse_size(text).has_error()) << text;
  }
}

TEST(Option, OnlyWhatMattersIsADifference) {
  EXPECT_EQ(describe_difference(options, {{"count", "1"}}, {{"count", "2"}}), "");
  EXPECT_EQ(describe_difference(options, {{"size", "1KiB"}}, {}), "");
  EXPECT_EQ(describe_difference(options, {}, {{"flag", "true"}, {"colour", "blue"}}),
            "--flag was not given, now is \"true\"; --colour was \"red\", now is \"blue\"");
}

}  // namespace
}  // namespace dth::engine

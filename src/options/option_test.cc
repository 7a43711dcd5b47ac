#include "options/option.h"

#include <gtest/gtest.h>

namespace dth::options {
namespace {

constexpr std::string_view colours[] = {"red", "blue"};
constexpr Option table[] = {
    {.name = "flag", .type = OptionType::flag},
    {.name = "size", .type = OptionType::size, .default_text = "1KiB"},
    {.name = "count", .type = OptionType::count, .may_change = true},
    {.name = "colour", .type = OptionType::choice, .default_text = "red", .choices = colours},
};

TEST(Action, EachHasItsWordAndItsCommand) {
  for (const Action action : all_actions) EXPECT_EQ(parse_action(to_string(action)), action);
  EXPECT_EQ(to_string(Action::sync), "SYNC");
  EXPECT_EQ(command_of(Action::verify), "verify");
  EXPECT_FALSE(parse_action("copy"));
}

TEST(Option, Lists) {
  const std::vector<std::string> members = {"", "a,b", "line\nbreak", "\"quoted\"", "é"};
  EXPECT_EQ(parse_list(make_list(members)).value(), members);
  EXPECT_TRUE(parse_list("[1]").has_error());
}

TEST(Option, OnlyWhatMattersIsADifference) {
  EXPECT_EQ(describe_difference(table, {{"count", "1"}}, {{"count", "2"}}), "");
  EXPECT_EQ(describe_difference(table, {{"size", "1KiB"}}, {}), "");
  EXPECT_EQ(describe_difference(table, {{"size", "1024"}}, {}), "") << "the same size";
  EXPECT_EQ(describe_difference(table, {}, {{"flag", "true"}, {"colour", "blue"}}),
            "--flag was not given, now is \"true\"; --colour was \"red\", now is \"blue\"");
}

}  // namespace
}  // namespace dth::options

#include "cli/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/parse.h"

namespace dth::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A command line like dth's own: options that may be given again, one with a single value, a flag,
// two places, and commands of commands.
class Words : public ::testing::Test {
 protected:
  Words() {
    Command& copy = add_command(program_, "copy", "Copy");
    add_place(copy, "SOURCE", &source_, "from").is_required = true;
    add_place(copy, "DESTINATION", &destination_, "to").is_required = true;
    add_values(copy, "--exclude", &excluded_, "not these");
    add_value(copy, "--state", &state_, "the state");
    add_flag(copy, "-q,--quiet", &quiet_, "no progress");
    add_choice(copy, "-o,--output", "how", {"table", "json"},
               [this](const std::string& word) { output_ = word; });
    add_number(copy, "--lanes", "threads", {1, 64},
               [this](std::uint64_t number) { lanes_ = number; });
    Command& run = add_command(program_, "run", "Runs");
    add_command(run, "list", "List");
    add_value(add_command(run, "retry", "Retry"), "--key", &source_, "one");
  }

  // "" where all went well
  std::string parse(const std::vector<std::string>& typed) {
    auto parsed = cli::parse(program_, "dth 1", typed);
    return parsed.has_error() ? parsed.error().message : "";
  }

  Command program_ = make_program("dth", "all");
  std::vector<std::string> excluded_;
  std::string source_, destination_, state_, output_;
  std::uint64_t lanes_ = 0;
  bool quiet_ = false;
};

TEST_F(Words, EveryValueArrivesAsItWasTyped) {
  const std::vector<std::string> awkward = {
      "[0-9]",   "[a,b]",      "[]", "{}", "{a,b}", "%%",    "a,b",  " ",   "-x",
      "--quiet", "--state=no", "--", "++", "'q'",   "\"q\"", "=",    "a=b", "\\",
      "$HOME",   "~",          "#c", "@f", "\xff",  "true",  "list", "help"};
  for (const bool joined : {true, false}) {
    std::vector<std::string> typed = {"copy", "from", "to"};
    for (const std::string& value : awkward) {
      if (joined) typed.push_back("--exclude=" + value);
      if (!joined) typed.insert(typed.end(), {"--exclude", value});
    }
    EXPECT_EQ(parse(typed), "");
    EXPECT_EQ(excluded_, awkward) << joined;
    EXPECT_EQ(source_ + " " + destination_, "from to");
    EXPECT_FALSE(quiet_);
  }
  for (const std::string& value : awkward) {
    EXPECT_EQ(parse({"copy", "--state=" + value, "from", "to"}), "");
    EXPECT_EQ(state_, value);
  }
}

TEST_F(Words, WhatFollowsAValueIsNoSecondValue) {
  EXPECT_EQ(
      parse({"copy", "--exclude", "a", "from", "to", "--exclude=b", "-qo", "json", "--lanes", "3"}),
      "");
  EXPECT_THAT(excluded_, ElementsAre("a", "b"));
  EXPECT_EQ(source_ + " " + destination_, "from to");
  EXPECT_TRUE(quiet_);
  EXPECT_EQ(output_, "json");
  EXPECT_EQ(lanes_, 3u);
}

TEST_F(Words, EmptyValuesAreRefused) {
  const std::string told =
      "copy: the value of --exclude is empty; leave the option out where nothing is meant.";
  EXPECT_EQ(parse({"copy", "--exclude=", "--quiet", "from", "to"}), told);
  EXPECT_EQ(parse({"copy", "--exclude", "", "from", "to"}), told);
  EXPECT_EQ(parse({"copy", "from", "to", "-o", ""}),
            "copy: the value of -o is empty; leave the option out where nothing is meant.");
}

TEST_F(Words, PlacesMayFollowTwoDashes) {
  EXPECT_EQ(parse({"copy", "-ojson", "--", "-from", "--to"}), "");
  EXPECT_EQ(source_ + " " + destination_, "-from --to");
}

TEST_F(Words, WordsThatMeanNothingAreAnswered) {
  EXPECT_EQ(parse({"cpoy", "from", "to"}), "there is no command \"cpoy\". Did you mean \"copy\"?");
  EXPECT_EQ(parse({"run", "lst"}), "run: there is no command \"lst\". Did you mean \"list\"?");
  EXPECT_EQ(parse({"list"}), "there is no command \"list\". Did you mean \"dth run list\"?");
  EXPECT_EQ(parse({"zzzzz"}), "there is no command \"zzzzz\". The commands are copy or run.");
  EXPECT_EQ(parse({"copy", "--exlude", "x"}),
            "copy: there is no option --exlude. Did you mean \"--exclude\"?");
  EXPECT_EQ(parse({"copy", "--key", "x"}),
            "copy: there is no option --key. It belongs to dth run retry.");
  EXPECT_EQ(parse({"copy", "-z"}), "copy: there is no option -z.");
  EXPECT_EQ(parse({"copy", "--\x1b[2J"}), "copy: there is no option --\x1b[2J.");
  EXPECT_EQ(parse({"run"}), "run: which command? It takes list or retry.");
  EXPECT_EQ(parse({}), "which command? It takes copy or run.");
  EXPECT_EQ(parse({"copy", "a", "b", "c"}),
            "copy: \"c\" is one word too many; it takes SOURCE and DESTINATION.");
  EXPECT_EQ(parse({"run", "list", "x"}),
            "run list: \"x\" is one word too many; it takes options only.");
  EXPECT_EQ(parse({"copy", "a", "b", "--state"}), "copy: --state lacks its value.");
}

TEST_F(Words, ValuesThatAreNoneOfTheChoicesAreAnswered) {
  EXPECT_EQ(parse({"copy", "a", "b", "-o", "xml"}),
            "invalid value \"xml\" for --output: expected table or json");
  EXPECT_EQ(parse({"copy", "a", "b", "-o", "1"}),
            "invalid value \"1\" for --output: expected table or json");
  EXPECT_EQ(parse({"copy", "a", "b", "-o", "jsn"}),
            "invalid value \"jsn\" for --output: expected table or json. Did you mean \"json\"?");
  for (const char* text : {"0", "65", "x", "1.5", "-1", "99999999999999999999"}) {
    EXPECT_THAT(parse({"copy", "a", "b", "--lanes", text}),
                HasSubstr("for --lanes: expected a whole number from 1 to 64"))
        << text;
  }
}

TEST_F(Words, WhatIsAskedForIsFound) {
  const auto list = cli::parse(program_, "dth 1", {"run", "list"});
  EXPECT_EQ(std::get<const Command*>(list.value())->joined_path(), "dth run list");
  EXPECT_EQ(std::get<std::string>(cli::parse(program_, "dth 1", {"--version"}).value()), "dth 1\n");
  const std::string help =
      std::get<std::string>(cli::parse(program_, "dth 1", {"copy", "--help"}).value());
  for (const char* part : {"Usage: dth copy [OPTIONS] SOURCE DESTINATION", "-o,--output FORMAT",
                           "not these (may be given more than once)"}) {
    EXPECT_THAT(help, HasSubstr(part));
  }
  EXPECT_EQ(parse({"copy", "from"}), "DESTINATION is required");
  EXPECT_EQ(parse({"copy", "a", "b", "--quiet=x"}),
            "--quiet takes no value, and \"x\" was given; leave it out");
}

TEST_F(Words, HelpAndVersionAreAlsoWords) {
  EXPECT_THAT(read_words(program_, {"help"}).value(), ElementsAre("--help"));
  EXPECT_THAT(read_words(program_, {"help", "run", "list"}).value(),
              ElementsAre("run", "list", "--help"));
  EXPECT_THAT(read_words(program_, {"run", "help"}).value(), ElementsAre("run", "--help"));
  EXPECT_THAT(read_words(program_, {"run", "help", "list"}).value(),
              ElementsAre("run", "list", "--help"));
  EXPECT_THAT(read_words(program_, {"version"}).value(), ElementsAre("--version"));
  EXPECT_THAT(read_words(program_, {"copy", "help", "version"}).value(),
              ElementsAre("copy", "help", "version"));
  EXPECT_EQ(read_words(program_, {"help", "cpoy"}).error().message,
            "there is no command \"cpoy\". Did you mean \"copy\"?");
  EXPECT_EQ(command_of(program_, {"run", "lst"}), "dth run");
}

}  // namespace
}  // namespace dth::cli

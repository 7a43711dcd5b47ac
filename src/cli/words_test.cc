#include "cli/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command_line.h"

namespace dth::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// For command lines without a plugin's options.
class NoPlugin final : public engine::Plugin {
 public:
  std::string_view kind() const override { return "none"; }
  std::span<const engine::Mode> modes() const override { return {}; }
  std::span<const engine::Option> options() const override { return {}; }
  Result<void> check_spec(const engine::Spec&) const override { return {}; }
  std::vector<state::NewJob> first_jobs(const engine::Spec&) const override { return {}; }
  std::vector<state::NewJob> retry_jobs(const engine::Spec&, const std::string&, const std::vector<std::string>&) const override { return {}; }
  std::vector<engine::JobSlots> job_slots() const override { return {}; }
  Async<Result<std::unique_ptr<engine::JobRunner>>> open(engine::Spec, engine::Lane) override {
    co_return Error{ErrorCode::unsupported, "there is nothing to open", ""};
  }
};

// A command line like dth's own: options that may be given again, one with a single value, a flag, two places, and commands of commands.
class Words : public ::testing::Test {
 protected:
  Words() {
    root_.set_version_flag("--version", "dth 1");
    root_.require_subcommand(1);
    CLI::App& copy = *root_.add_subcommand("copy", "Copy");
    copy.add_option("SOURCE", source_)->required();
    copy.add_option("DESTINATION", destination_)->required();
    add_repeatable(copy, "--exclude", &excluded_, "not these");
    copy.add_option("--state", state_, "the state");
    copy.add_flag("-q,--quiet", quiet_, "no progress");
    add_choice(line_, copy, "-o,--output", "how", {"table", "json"}, [this](const std::string& word) { output_ = word; });
    add_number(copy, "--lanes", "threads", {1, 64}, [this](std::uint64_t number) { lanes_ = number; });
    CLI::App& run = *root_.add_subcommand("run", "Runs");
    run.require_subcommand(1);
    run.add_subcommand("list", "List");
    run.add_subcommand("retry", "Retry")->add_option("--key", source_);
    take_values_as_typed(root_);
  }

  // "" where all went well
  std::string parse(const std::vector<std::string>& typed) {
    auto words = read_words(root_, typed);
    if (words.has_error()) return words.error().message;
    try {
      root_.parse(std::vector<std::string>(words->rbegin(), words->rend()));
    } catch (const CLI::ParseError& problem) {
      return problem.what();
    }
    return "";
  }

  CLI::App root_{"all", "dth"};
  NoPlugin none_;
  CommandLine line_{root_, none_};
  std::vector<std::string> excluded_;
  std::string source_, destination_, state_, output_;
  std::uint64_t lanes_ = 0;
  bool quiet_ = false;
};

TEST_F(Words, EveryValueArrivesAsItWasTyped) {
  const std::vector<std::string> awkward = {"[0-9]", "[a,b]", "[]", "{}", "{a,b}", "%%", "a,b", " ", "-x", "--quiet", "--state=no", "--", "++",
                                            "'q'", "\"q\"", "=", "a=b", "\\", "$HOME", "~", "#c", "@f", "\xff", "true", "list", "help"};
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
  EXPECT_EQ(parse({"copy", "--exclude", "a", "from", "to", "--exclude=b", "-qo", "json", "--lanes", "3"}), "");
  EXPECT_THAT(excluded_, ElementsAre("a", "b"));
  EXPECT_EQ(source_ + " " + destination_, "from to");
  EXPECT_TRUE(quiet_);
  EXPECT_EQ(output_, "json");
  EXPECT_EQ(lanes_, 3u);
}

TEST_F(Words, EmptyValuesAreRefused) {
  const std::string told = "copy: the value of --exclude is empty; leave the option out where nothing is meant.";
  EXPECT_EQ(parse({"copy", "--exclude=", "--quiet", "from", "to"}), told);
  EXPECT_EQ(parse({"copy", "--exclude", "", "from", "to"}), told);
  EXPECT_EQ(parse({"copy", "from", "to", "-o", ""}), "copy: the value of -o is empty; leave the option out where nothing is meant.");
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
  EXPECT_EQ(parse({"copy", "--exlude", "x"}), "copy: there is no option --exlude. Did you mean \"--exclude\"?");
  EXPECT_EQ(parse({"copy", "--key", "x"}), "copy: there is no option --key. It belongs to dth run retry.");
  EXPECT_EQ(parse({"copy", "-z"}), "copy: there is no option -z.");
  EXPECT_EQ(parse({"copy", "--\x1b[2J"}), "copy: there is no option --\x1b[2J.");
  EXPECT_EQ(parse({"run"}), "run: which command? It takes list or retry.");
  EXPECT_EQ(parse({}), "which command? It takes copy or run.");
  EXPECT_EQ(parse({"copy", "a", "b", "c"}), "copy: \"c\" is one word too many; it takes SOURCE and DESTINATION.");
  EXPECT_EQ(parse({"run", "list", "x"}), "run list: \"x\" is one word too many; it takes options only.");
  EXPECT_EQ(parse({"copy", "a", "b", "--state"}), "copy: --state lacks its value.");
}

TEST_F(Words, ValuesThatAreNoneOfTheChoicesAreAnswered) {
  EXPECT_EQ(parse({"copy", "a", "b", "-o", "xml"}), "invalid value \"xml\" for --output: expected table or json");
  EXPECT_EQ(parse({"copy", "a", "b", "-o", "1"}), "invalid value \"1\" for --output: expected table or json");
  EXPECT_EQ(parse({"copy", "a", "b", "-o", "jsn"}), "invalid value \"jsn\" for --output: expected table or json. Did you mean \"json\"?");
  for (const char* text : {"0", "65", "x", "1.5", "-1", "99999999999999999999"}) {
    EXPECT_THAT(parse({"copy", "a", "b", "--lanes", text}), HasSubstr("for --lanes: expected a whole number from 1 to 64")) << text;
  }
}

TEST_F(Words, HelpAndVersionAreAlsoWords) {
  EXPECT_THAT(read_words(root_, {"help"}).value(), ElementsAre("--help"));
  EXPECT_THAT(read_words(root_, {"help", "run", "list"}).value(), ElementsAre("run", "list", "--help"));
  EXPECT_THAT(read_words(root_, {"run", "help"}).value(), ElementsAre("run", "--help"));
  EXPECT_THAT(read_words(root_, {"run", "help", "list"}).value(), ElementsAre("run", "list", "--help"));
  EXPECT_THAT(read_words(root_, {"version"}).value(), ElementsAre("--version"));
  EXPECT_THAT(read_words(root_, {"copy", "help", "version"}).value(), ElementsAre("copy", "help", "version"));
  EXPECT_EQ(read_words(root_, {"help", "cpoy"}).error().message, "there is no command \"cpoy\". Did you mean \"copy\"?");
  EXPECT_EQ(command_of(root_, {"run", "lst"}), "dth run");
}

}  // namespace
}  // namespace dth::cli

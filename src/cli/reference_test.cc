#include "cli/reference.h"

#include <cstdio>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace dth::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

ReferenceCommand reference() {
  ReferenceCommand list{{"dth", "run", "list"}, "List runs", {}, {}};
  list.options.push_back({{"--output", "-o"}, "FORMAT", "table or json", "", {"table", "json"}});
  list.options.push_back({{"--state"}, "FILE", "isn't it", "source options", {}});
  list.options.push_back({{"--quiet"}, "", "a flag", "", {}});
  ReferenceCommand verify{{"dth", "verify"}, "Verify a ledger", {}, {}};
  verify.options.push_back({{"LEDGER"}, "DIRECTORY", "the ledger", "", {}, true, true});
  ReferenceCommand run{{"dth", "run"}, "Runs", {}, {list}};
  return {{"dth"}, "All of it", {{{"--help"}, "", "help", "", {}}}, {run, verify}};
}

// What a real bash would offer after these words; the last one is being typed.
std::vector<std::string> offered(const std::string& words) {
  char path[] = "/tmp/dth_completion_XXXXXX";
  const int file = ::mkstemp(path);
  EXPECT_GE(file, 0);
  ::close(file);
  std::ofstream(path) << bash_completion(reference()) << "\ncompopt() { :; }\nCOMP_WORDS=(" << words
                      << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_dth\n"
                      << "for word in \"${COMPREPLY[@]}\"; do echo \"$word\"; done\n";
  std::vector<std::string> found;
  FILE* pipe = ::popen(("cd / && bash --norc -u " + std::string(path) + " 2>&1").c_str(), "r");
  char line[256];
  while (pipe && std::fgets(line, sizeof line, pipe))
    found.push_back(std::string(line, std::string(line).size() - 1));
  EXPECT_EQ(::pclose(pipe), 0);
  std::remove(path);
  return found;
}

TEST(Completion, OfBashOffersCommandsOptionsAndWords) {
  EXPECT_THAT(offered("dth ''"), UnorderedElementsAre("run", "verify", "--help"));
  EXPECT_THAT(offered("dth ru"), ElementsAre("run"));
  EXPECT_THAT(offered("dth run ''"), ElementsAre("list"));
  EXPECT_THAT(offered("dth run list --"), UnorderedElementsAre("--output", "--state", "--quiet"));
  EXPECT_THAT(offered("dth run list --output ''"), UnorderedElementsAre("table", "json"));
  EXPECT_THAT(offered("dth run list --quiet -o j"), ElementsAre("json"));
  EXPECT_THAT(offered("dth run list --output = t"), ElementsAre("table"));
  EXPECT_THAT(offered("dth run list --output ="), UnorderedElementsAre("table", "json"));
  EXPECT_THAT(offered("dth run list --state us"), ElementsAre("usr"));
  EXPECT_THAT(offered("dth verify us"), ElementsAre("usr"));
  EXPECT_THAT(offered("dth nothing --o"), IsEmpty());
}

TEST(Completion, OfOtherShellsNamesAll) {
  for (const std::string& script : {zsh_completion(reference()), fish_completion(reference())}) {
    for (const char* word : {"run", "list", "output", "table json", "state"})
      EXPECT_THAT(script, HasSubstr(word));
  }
  EXPECT_THAT(fish_completion(reference()), HasSubstr("isn\\'t it"));
}

TEST(ManPage, HasItsSectionsAndEscapesText) {
  const ReferenceCommand root = reference();
  const std::string page = man_page(root, root.commands[0].commands[0]);
  std::size_t at = 0;
  for (const char* name : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS",
                           "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"}) {
    const std::size_t found = page.find(".SH " + std::string(name) + "\n", at);
    ASSERT_NE(found, std::string::npos) << name;
    at = found;
  }
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-output\\fR, \\fB\\-o\\fR \\fIFORMAT\\fR\nTable or json."));
  EXPECT_THAT(page, HasSubstr("Isn\\(aqt it."));
  EXPECT_THAT(man_page(root, root), HasSubstr("\\fBdth run\\fR\nRuns."));
  EXPECT_THAT(man_page(root, root.commands[1]),
              HasSubstr("\\fBdth verify\\fR [\\fIOPTIONS\\fR] \\fILEDGER\\fR"));
}

}  // namespace
}  // namespace dth::cli

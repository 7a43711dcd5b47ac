#include "plugins/object_copy/rules/awkward_name.h"

#include <gtest/gtest.h>

#include "objects/testing/awkward_keys.h"

namespace dth::object_copy {
namespace {

TEST(AwkwardName, IsWhatAPathChangesAndWhatXmlCannotHold) {
  for (const char* key :
       {"x/../y", "a//b",       "/lead",         "p/./q",        ".",       "..",  "a/..",  "/",
        "//",     "a/b//",      "tab\tstop",     "del\x7F",      "bad\xFF", "...", "note ", " note",
        "end.",   "in/side /x", "z\xEF\xBF\xBE", "z\xEF\xBF\xBF"}) {
    EXPECT_TRUE(is_awkward_name(key)) << key;
  }
  for (const char* key : {"plain", "a/b", "folder/", "a/b/", ".hidden", "a/.b", "a..b",
                          "two  words", "z\xEF\xBF\xBD", "caf\xC3\xA9", "a\\b"}) {
    EXPECT_FALSE(is_awkward_name(key)) << key;
  }
}

TEST(AwkwardName, EveryKeyOfTheAwkwardOnesThatIsMarkedSo) {
  for (const objects::AwkwardKey& key : objects::awkward_keys()) {
    if (key.has_control_character || !key.is_valid_utf8) {
      EXPECT_TRUE(is_awkward_name(key.key)) << key.name;
    }
    // A folder's name with its slash is kept by what keeps folders.
    if (key.is_changed_by_path_normalisation && key.key != "folder/") {
      EXPECT_TRUE(is_awkward_name(key.key)) << key.name;
    }
  }
}

TEST(AwkwardName, CleanedAsAPath) {
  EXPECT_EQ(cleaned_name("x/../y"), "y");
  EXPECT_EQ(cleaned_name("a//b/./c"), "a/b/c");
  EXPECT_EQ(cleaned_name("/lead"), "lead");
  EXPECT_EQ(cleaned_name("../../x"), "x");
  EXPECT_EQ(cleaned_name("a/.."), "");
  EXPECT_EQ(cleaned_name("a/b"), "a/b");
}

TEST(AwkwardName, NamesThatStoresMakeOfIt) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(changed_names("a//B"), (Names{"a/B", "a//b", "a/b", "A//b"}));
  EXPECT_EQ(changed_names("tail/"), (Names{"tail", "TAIL/"}));
  EXPECT_EQ(changed_names("n ."), (Names{"n", "N ."}));
  EXPECT_EQ(changed_names("1"), Names{});
}

TEST(AwkwardName, Case) {
  EXPECT_TRUE(has_case("1a"));
  EXPECT_TRUE(has_case("1Z"));
  EXPECT_TRUE(has_case("\xC3\x89"));
  EXPECT_FALSE(has_case("1/2-3"));
  EXPECT_EQ(with_case_swapped("Read me/1\xC3\x89"), "rEAD ME/1\xC3\x89");
}

TEST(AwkwardName, StemBeforeWhatXmlCannotHold) {
  EXPECT_EQ(before_unprintable("tab\tstop"), "tab");
  EXPECT_EQ(before_unprintable("z\xEF\xBF\xBFq"), "z");
  EXPECT_EQ(before_unprintable("plain"), "plain");
}

}  // namespace
}  // namespace dth::object_copy

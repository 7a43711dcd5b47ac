#include "plugins/object_copy/rules/folding.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

FoldingSet set_of(std::initializer_list<Folding> foldings) {
  FoldingSet set;
  for (Folding folding : foldings) set.set(index_of(folding));
  return set;
}

TEST(Folding, WhatEachNameIsSubjectTo) {
  using enum Folding;
  EXPECT_EQ(foldings_of("2020/01/02-03"), set_of({}));
  EXPECT_EQ(foldings_of("a"), set_of({letter_case}));
  EXPECT_EQ(foldings_of("1\\2"), set_of({backslash}));
  EXPECT_EQ(foldings_of("12:00"), set_of({colon}));
  for (char c : std::string("*?\"<>|"))
    EXPECT_EQ(foldings_of(std::string(1, c)), set_of({wildcard}));
  EXPECT_EQ(foldings_of("1%202"), set_of({percent}));
  EXPECT_EQ(foldings_of("100%"), set_of({})) << "nothing is encoded";
  EXPECT_EQ(foldings_of("%2"), set_of({}));
  EXPECT_EQ(foldings_of("1+2"), set_of({plus}));
  EXPECT_EQ(foldings_of("1  2"), set_of({spaces}));
  EXPECT_EQ(foldings_of("1 2 3"), set_of({}));
  EXPECT_EQ(foldings_of("caf\u00E9"), set_of({letter_case, normal_form}));
  EXPECT_EQ(foldings_of("\u65E5\u672C"), set_of({letter_case})) << "it has one form";
  EXPECT_EQ(foldings_of(std::string(200, '1')), set_of({}));
  EXPECT_EQ(foldings_of(std::string(201, '1')), set_of({length}));
  EXPECT_EQ(foldings_of(std::string(150, '1') + "/" + std::string(150, '1')), set_of({}));
}

TEST(Folding, TheNamesThatShowIt) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(folded_names(Folding::letter_case, "aB1"), Names{"Ab1"});
  EXPECT_EQ(folded_names(Folding::letter_case, "1"), Names{});
  EXPECT_EQ(folded_names(Folding::normal_form, "caf\u00E9"), Names{"cafe\u0301"});
  EXPECT_EQ(folded_names(Folding::normal_form, "cafe\u0301"), Names{"caf\u00E9"});
  EXPECT_EQ(folded_names(Folding::backslash, "p\\q"), (Names{"p/q", "p_q"}));
  EXPECT_EQ(folded_names(Folding::colon, "12:00"), (Names{"12_00", "12-00"}));
  EXPECT_EQ(folded_names(Folding::wildcard, "a*?"), (Names{"a__", "a--"}));
  EXPECT_EQ(folded_names(Folding::length, "d/" + std::string(250, 'x') + "/y"),
            Names{"d/" + std::string(249, 'x') + "/y"});
  EXPECT_EQ(folded_names(Folding::percent, "50%/a%2Fb%zz"), Names{"50%/a/b%zz"});
  EXPECT_EQ(folded_names(Folding::percent, "a%00"), Names{}) << "nobody can be asked for that";
  EXPECT_EQ(folded_names(Folding::plus, "a+b"), Names{"a b"});
  EXPECT_EQ(folded_names(Folding::spaces, "a   b c"), Names{"a b c"});
  EXPECT_EQ(folded_names(Folding::length, std::string(198, 'x') + "\u3042"),
            Names{std::string(198, 'x')});
}

TEST(Folding, WhatIsCertainOfAName) {
  EXPECT_EQ(before_foldable("plain/Name"), "plain/Name");
  EXPECT_EQ(before_foldable("12:00"), "12");
  EXPECT_EQ(before_foldable("a b  c"), "a b");
  EXPECT_EQ(before_foldable("d/caf\u00E9"), "d/caf");
  EXPECT_EQ(before_foldable(std::string(250, 'x')).size(), 100u);
}

}  // namespace
}  // namespace dth::object_copy

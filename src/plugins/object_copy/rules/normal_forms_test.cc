#include "plugins/object_copy/rules/normal_forms.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

TEST(NormalForms, LettersAndTheirMarks) {
  const std::pair<const char*, const char*> pairs[] = {
      {"caf\u00E9", "cafe\u0301"},                               // French
      {"\u1EC7", "e\u0323\u0302"},                               // Vietnamese, two marks
      {"\u304C\u30D1", "\u304B\u3099\u30CF\u309A"},              // kana with voice marks
      {"\uD55C\uAE00", "\u1112\u1161\u11AB\u1100\u1173\u11AF"},  // Hangul
      {"\u0419", "\u0418\u0306"},                                // Cyrillic
  };
  for (const auto& [whole, parts] : pairs) {
    EXPECT_EQ(decompose(whole), parts);
    EXPECT_EQ(compose(parts), whole);
    EXPECT_EQ(compose(whole), whole);
    EXPECT_EQ(decompose(parts), parts);
  }
}

TEST(NormalForms, WhatHasOneFormStays) {
  for (const char* text : {"", "plain", "\u65E5\u672C\u8A9E", "\U0001F600", "\u00DF", "\xE9"}) {
    EXPECT_EQ(decompose(text), text);
    EXPECT_EQ(compose(text), text);
  }
}

}  // namespace
}  // namespace dth::object_copy

#include "base/plain_text.h"

#include <gtest/gtest.h>

namespace dth {
namespace {

using namespace std::string_view_literals;

TEST(PlainText, TakesAllLanguages) {
  for (const std::string_view text :
       {"Ann Admin"sv, "林伟"sv, "Ärger"sv, "ключ"sv, "مفتاح"sv, ""sv}) {
    EXPECT_TRUE(is_plain_line(text)) << text;
    EXPECT_TRUE(is_plain_text(text)) << text;
  }
}

TEST(PlainText, RefusesWhatIsNotSeen) {
  for (const std::string_view text :
       {"a\nb"sv, "a\tb"sv, "a\0b"sv, "a\x1b[2J"sv, "a\x7f"sv, "a\u0085"sv, "a\u202e"sv,
        "a\u2066"sv, "a\u2028"sv, "a\u200b"sv, "a\u00ad"sv, "\ufeff"sv, "a\xff"sv, "a\xc3"sv}) {
    EXPECT_FALSE(is_plain_line(text)) << text;
    EXPECT_FALSE(is_plain_name(text)) << text;
  }
}

TEST(PlainText, TextMayHaveSeveralLines) {
  EXPECT_TRUE(is_plain_text("a\n\tb\r\n"));
  EXPECT_FALSE(is_plain_text("a\n\u202e"));
}

TEST(PlainText, NameIsMoreThanSpaces) {
  EXPECT_TRUE(is_plain_name("a b"));
  EXPECT_TRUE(is_plain_name("存储 一"));
  for (const std::string_view text : {""sv, " "sv, "\u00a0"sv, "\u3000 "sv, " a"sv, "a\u00a0"sv})
    EXPECT_FALSE(is_plain_name(text)) << text;
  EXPECT_TRUE(is_blank("\u00a0\u3000 "));
  EXPECT_FALSE(is_blank("\u00a0."));
}

}  // namespace
}  // namespace dth

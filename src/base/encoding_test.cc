#include "base/encoding.h"

#include <random>

#include <gtest/gtest.h>

namespace dth {
namespace {

std::string decoded_or(std::optional<std::string> decoded) { return decoded.value_or("(nothing)"); }

TEST(Encoding, Hex) {
  EXPECT_EQ(hex_encode(as_bytes("")), "");
  EXPECT_EQ(hex_encode(as_bytes(std::string_view("\x00\x7f\xff\xab", 4))), "007fffab");
  EXPECT_EQ(decoded_or(hex_decode("007FffaB")), std::string("\x00\x7f\xff\xab", 4));
  std::string text = "so: ";
  append_hex(as_bytes("~"), &text);
  EXPECT_EQ(text, "so: 7e");
  EXPECT_EQ(hex_decode("0"), std::nullopt);
  EXPECT_EQ(hex_decode("0g"), std::nullopt);
  EXPECT_EQ(hex_decode("+1"), std::nullopt);
}

// RFC 4648, section 10.
TEST(Encoding, Base64Vectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(base64_encode(as_bytes(plain)), text);
    EXPECT_EQ(decoded_or(base64_decode(text)), plain);
    EXPECT_TRUE(is_base64_of(text, std::string_view(plain).size())) << text;
    EXPECT_FALSE(is_base64_of(text, std::string_view(plain).size() + 1)) << text;
  }
  EXPECT_EQ(base64_encode(as_bytes("\xfb\xff\xfe")), "+//+");
}

TEST(Encoding, Base64RefusesWhatIsNot) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "Zg==Zg==", "Zm 9", "Zm9v\n",
                           "Zm-v", "=Zm9", "Z==="}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
    for (std::size_t size = 0; size < 8; ++size) EXPECT_FALSE(is_base64_of(text, size)) << text;
  }
}

TEST(Encoding, RoundTrips) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string text(random() % 70, '\0');
    for (char& c : text) c = static_cast<char>(random());
    EXPECT_EQ(decoded_or(hex_decode(hex_encode(as_bytes(text)))), text);
    EXPECT_EQ(decoded_or(base64_decode(base64_encode(as_bytes(text)))), text);
    EXPECT_EQ(decoded_or(percent_decode(percent_encode(text, round % 2 == 0))), text);
    EXPECT_TRUE(is_valid_utf8(printable(text)));
  }
}

TEST(Encoding, Percent) {
  EXPECT_EQ(percent_encode("AZaz09-._~", false), "AZaz09-._~");
  EXPECT_EQ(percent_encode("a/b c+d%", true), "a/b%20c%2Bd%25");
  EXPECT_EQ(percent_encode("a/b", false), "a%2Fb");
  EXPECT_EQ(percent_encode("\xC3\xA9*'()!", false), "%C3%A9%2A%27%28%29%21");
  EXPECT_EQ(decoded_or(percent_decode("a%2fb+c%2B")), "a/b+c+");
  for (const char* text : {"%", "%2", "a%zz", "%%20", "%-1"})
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
}

TEST(Encoding, Utf8) {
  for (const char* text : {"", "plain", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_valid_utf8(text)) << printable(text);
  }
  // Overlong forms, surrogates, beyond U+10FFFF, stray and missing continuations.
  for (const char* text :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "a\xFFz"}) {
    EXPECT_FALSE(is_valid_utf8(text)) << printable(text);
  }
  EXPECT_TRUE(is_valid_utf8(std::string_view("a\0b", 3)));
}

TEST(Encoding, Printable) {
  EXPECT_EQ(printable("caf\xC3\xA9 \xF0\x9F\x98\x80"), "caf\xC3\xA9 \xF0\x9F\x98\x80");
  EXPECT_EQ(printable("a\nb\tc\x1B[31m\x7F"), "a\\nb\\x09c\\x1B[31m\\x7F");
  EXPECT_EQ(printable("back\\slash"), "back\\\\slash");
  EXPECT_EQ(printable("bad\xFF\xC3"), "bad\\xFF\\xC3");
  EXPECT_EQ(printable("\xC2\x9B"), "\\xC2\\x9B");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

// C0, DEL, C1, marks and overrides of direction, line and paragraph separators.
constexpr std::string_view harmful[] = {
    "\x1b",         "\x07",         "\x7f",         "\xc2\x9b",     "\xd8\x9c",     "\xe2\x80\x8e",
    "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9"};

TEST(DisplayControls, AreEscapedWhereverTextIsShown) {
  for (const std::string_view character : harmful) {
    const std::string text = "before" + std::string(character) + "after";
    EXPECT_EQ(display_control_bytes(character), character.size()) << printable(character);
    EXPECT_TRUE(may_hold_display_controls(text));
    EXPECT_EQ(printable(text).find(character), std::string::npos);
    EXPECT_EQ(without_display_controls(text).find(character), std::string::npos);
    EXPECT_EQ(without_display_controls(text).find("before\\x"), 0u);
  }
}

TEST(DisplayControls, OtherTextStaysAsItIs) {
  for (const std::string_view text :
       {"plain", "tab\tline\nreturn\r", "\xc3\xa9", "\xe2\x82\xac", "\xe2\x80\xa6",
        "\xe4\xbd\xa0\xe5\xa5\xbd", "back\\slash", "\xf0\x9f\x98\x80"}) {
    EXPECT_EQ(without_display_controls(text), text);
  }
  EXPECT_FALSE(may_hold_display_controls("nothing but plain characters"));
}

}  // namespace
}  // namespace dth

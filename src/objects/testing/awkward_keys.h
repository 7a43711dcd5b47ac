#pragma once

#include <string>
#include <utility>
#include <vector>

namespace dth::objects {

// Keys that have broken some copier, proxy or server: every store and everything that carries keys
// must keep each of them apart from all others, byte for byte.
struct AwkwardKey {
  const char* name;  // for messages; letters and digits only
  std::string key;
  bool has_control_character =
      false;                  // cannot stand in XML 1.0: a listing has to percent-encode it
  bool is_valid_utf8 = true;  // S3 itself accepts nothing else; some of its like do
  // As a path it would be another object's, or leave its folder: what normalises paths cannot hold
  // it.
  bool is_changed_by_path_normalisation = false;
};

inline std::vector<AwkwardKey> awkward_keys() {
  using namespace std::string_literals;
  std::vector<AwkwardKey> keys;
  const auto add = [&keys](const char* name, std::string key) -> AwkwardKey& {
    return keys.emplace_back(AwkwardKey{name, std::move(key)});
  };
  const auto add_path = [&add](const char* name, std::string key) {
    add(name, std::move(key)).is_changed_by_path_normalisation = true;
  };
  const auto add_control = [&add](const char* name, std::string key) {
    add(name, std::move(key)).has_control_character = true;
  };
  add("Plain", "plain");
  add("PrefixOfAnother", "a");
  add("BelowAnother", "a/b");
  add_path("DoubleSlash", "a//b");
  add_path("LeadingSlash", "/leading");
  add_path("OnlySlash", "/");
  add_path("OnlySlashes", "//");
  add_path("TrailingSlash", "folder/");
  add_path("Dot", ".");
  add_path("DotDot", "..");
  add_path("DotFirst", "./x");
  add_path("DotDotFirst", "../x");
  add_path("DotInside", "a/./b");
  add_path("DotDotInside", "a/../b");
  add_path("DotDotLast", "a/..");
  add("ThreeDots", "...");
  add("Plus", "plus+plus");
  add("Space", "two words");
  add("SpaceFirst", " space first");
  add("SpaceLast", "space last ");
  add("Percent", "100%");
  add("PercentEscape", "a%2Fb");
  add("PercentTwice", "a%252Fb");
  add("PercentBad", "%zz");
  add("Ampersand", "q&a");
  add("Query", "a?versioning=1&x");
  add("Fragment", "a#b");
  add("Semicolon", "a;b");
  add("Equals", "a=b");
  add("Quote", "say \"hi\"");
  add("Apostrophe", "it's");
  add("Backslash", "a\\b");
  add("AngleBrackets", "<key>&amp;</key>");
  add("Reserved", "!*'();:@&=+$,/?#[]");
  add("Braces", "{a}|^`~");
  add("CaseUpper", "CASE");
  add("CaseLower", "case");
  add("Emoji", "\xF0\x9F\x98\x80.txt");
  add("ComposedNfc", "caf\xC3\xA9");
  add("ComposedNfd", "cafe\xCC\x81");
  add("Chinese", "\xE6\x95\xB0\xE6\x8D\xAE/\xE5\xAF\xB9\xE8\xB1\xA1");
  add("RightToLeft",
      "\xD7\x90\xD7\x91 \xE2\x80\xAE"
      "abc");
  add("LastPlaneCharacter",
      "z\xF4\x8F\xBF\xBD");  // U+10FFFD sorts after U+FFFD by bytes, before it by UTF-16
  add("Replacement", "z\xEF\xBF\xBD");
  add_control("Newline", "two\nlines");
  add_control("CarriageReturn", "two\rlines");
  add_control("Tab", "tab\tbed");
  add_control("Escape", "\x1B[31mred");
  add_control("Bell", "\x07");
  add_control("Delete", "del\x7F");
  add("NotUtf8", "bad\xFF\xFE").is_valid_utf8 = false;
  add("OverlongUtf8", "bad\xC0\xAF").is_valid_utf8 = false;
  add("Longest", std::string(1024, 'k'));
  std::string wide;  // 1,024 bytes, 341 characters and one more byte
  for (int i = 0; i < 341; ++i) wide += "\xE6\x95\xB0";
  add("LongestInWideCharacters", wide + "k");
  return keys;
}

}  // namespace dth::objects

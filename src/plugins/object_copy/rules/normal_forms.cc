#include "plugins/object_copy/rules/normal_forms.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "plugins/object_copy/rules/normal_forms_table.h"

namespace dth::object_copy {
namespace {

using Text = std::u32string;

// Hangul: computed, chapter 3.12 of the standard.
constexpr char32_t syllable_base = 0xAC00, lead_base = 0x1100, vowel_base = 0x1161,
                   tail_base = 0x11A7;
constexpr char32_t lead_count = 19, vowel_count = 21, tail_count = 28;
constexpr char32_t syllable_count = lead_count * vowel_count * tail_count;

// Of valid UTF-8.
Text decode(std::string_view text) {
  Text characters;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t character = size == 1 ? first : first & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i)
      character = character << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    characters.push_back(character);
    at += size;
  }
  return characters;
}

std::string encode(const Text& characters) {
  std::string text;
  const auto add = [&](char32_t bits) { text.push_back(static_cast<char>(bits)); };
  for (char32_t c : characters) {
    if (c < 0x80) {
      add(c);
    } else if (c < 0x800) {
      add(0xC0 | c >> 6), add(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      add(0xE0 | c >> 12), add(0x80 | (c >> 6 & 0x3F)), add(0x80 | (c & 0x3F));
    } else {
      add(0xF0 | c >> 18), add(0x80 | (c >> 12 & 0x3F)), add(0x80 | (c >> 6 & 0x3F));
      add(0x80 | (c & 0x3F));
    }
  }
  return text;
}

void append_parts(char32_t character, Text* parts) {
  const char32_t syllable = character - syllable_base;
  if (syllable < syllable_count) {
    parts->push_back(lead_base + syllable / (vowel_count * tail_count));
    parts->push_back(vowel_base + syllable / tail_count % vowel_count);
    if (syllable % tail_count) parts->push_back(tail_base + syllable % tail_count);
    return;
  }
  const auto* found = std::lower_bound(
      std::begin(compositions), std::end(compositions), character,
      [](const Composition& composition, char32_t c) { return composition.whole < c; });
  if (found == std::end(compositions) || found->whole != character) {
    parts->push_back(character);
    return;
  }
  append_parts(found->letter, parts);  // which may have parts as well, in few steps
  if (found->mark) append_parts(found->mark, parts);
}

// 0 where there is no such character.
char32_t joined(char32_t letter, char32_t mark) {
  const char32_t lead = letter - lead_base, vowel = mark - vowel_base;
  if (lead < lead_count && vowel < vowel_count)
    return syllable_base + (lead * vowel_count + vowel) * tail_count;
  const char32_t syllable = letter - syllable_base, tail = mark - tail_base;
  if (syllable < syllable_count && syllable % tail_count == 0 && tail > 0 && tail < tail_count)
    return letter + tail;
  static const auto wholes = [] {
    std::map<std::pair<char32_t, char32_t>, char32_t> made;
    for (const Composition& one : compositions) {
      if (one.mark) made.emplace(std::pair(one.letter, one.mark), one.whole);
    }
    return made;
  }();
  const auto found = wholes.find({letter, mark});
  return found == wholes.end() ? 0 : found->second;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

std::string decompose(std::string_view text) {
  if (is_ascii(text) || !is_valid_utf8(text)) return std::string(text);
  Text parts;
  for (char32_t character : decode(text)) append_parts(character, &parts);
  return encode(parts);
}

std::string compose(std::string_view text) {
  if (is_ascii(text) || !is_valid_utf8(text)) return std::string(text);
  Text characters;
  for (char32_t character : decode(text)) {
    const char32_t whole = characters.empty() ? 0 : joined(characters.back(), character);
    if (whole) {
      characters.back() = whole;
    } else {
      characters.push_back(character);
    }
  }
  return encode(characters);
}

}  // namespace dth::object_copy

#include "plugins/object_copy/rules/folding.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "plugins/object_copy/rules/awkward_name.h"
#include "plugins/object_copy/rules/normal_forms.h"

namespace dth::object_copy {
namespace {

constexpr std::string_view wildcards = "*?\"<>|";

constexpr unsigned bit(Folding folding) { return 1u << index_of(folding); }

// What each byte of a name may be subject to.
constexpr std::array<std::uint16_t, 256> make_subjects() {
  std::array<std::uint16_t, 256> subjects{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    unsigned bits = 0;
    if (letter || c >= 0x80) bits |= bit(Folding::letter_case);
    if (c >= 0x80) bits |= bit(Folding::normal_form);
    if (c == '\\') bits |= bit(Folding::backslash);
    if (c == ':') bits |= bit(Folding::colon);
    if (c < 0x80 && wildcards.find(static_cast<char>(c)) != wildcards.npos)
      bits |= bit(Folding::wildcard);
    if (c == '%') bits |= bit(Folding::percent);
    if (c == '+') bits |= bit(Folding::plus);
    subjects[c] = static_cast<std::uint16_t>(bits);
  }
  return subjects;
}
constexpr auto subjects = make_subjects();

std::string replaced(std::string key, std::string_view characters, char with) {
  std::replace_if(
      key.begin(), key.end(), [&](char c) { return characters.find(c) != characters.npos; }, with);
  return key;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// As a server does that decodes a name once more; what encodes nothing stays.
std::string decoded(std::string_view key) {
  std::string result;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const bool may_be_code = key[i] == '%' && i + 2 < key.size();
    const int high = may_be_code ? hex_digit(key[i + 1]) : -1;
    const int low = may_be_code ? hex_digit(key[i + 2]) : -1;
    const bool is_code = high >= 0 && low >= 0;
    result.push_back(is_code ? static_cast<char>(high * 16 + low) : key[i]);
    if (is_code) i += 2;
  }
  return result;
}

std::string with_single_spaces(std::string key) {
  const auto end = std::unique(key.begin(), key.end(),
                               [](char one, char next) { return one == ' ' && next == ' '; });
  key.erase(end, key.end());
  return key;
}

// Without the last character of its first long name.
std::string shortened(const std::string& key) {
  for (std::size_t begin = 0; begin < key.size();) {
    std::size_t end = std::min(key.find('/', begin), key.size());
    if (end - begin > name_size_kept) {
      std::size_t last = end - 1;
      while (last > begin && (static_cast<unsigned char>(key[last]) & 0xC0) == 0x80) --last;
      return key.substr(0, last) + key.substr(end);
    }
    begin = end + 1;
  }
  return key;
}

}  // namespace

FoldingSet foldings_of(std::string_view key) {
  unsigned bits = 0;
  std::size_t name_size = 0;
  char previous = 0;
  for (const char c : key) {
    bits |= subjects[static_cast<unsigned char>(c)];
    if (c == ' ' && previous == ' ') bits |= bit(Folding::spaces);
    previous = c;
    name_size = c == '/' ? 0 : name_size + 1;
    if (name_size > name_size_kept) bits |= bit(Folding::length);
  }
  if ((bits & bit(Folding::normal_form)) && decompose(key) == key && compose(key) == key)
    bits &= ~bit(Folding::normal_form);
  if ((bits & bit(Folding::percent)) && decoded(key) == key) bits &= ~bit(Folding::percent);
  return FoldingSet(bits);
}

std::vector<std::string> folded_names(Folding folding, const std::string& key) {
  std::vector<std::string> names;
  switch (folding) {
    case Folding::letter_case:
      names = {with_case_swapped(key)};
      break;
    case Folding::normal_form:
      names = {decompose(key), compose(key)};
      break;
    case Folding::backslash:
      names = {replaced(key, "\\", '/'), replaced(key, "\\", '_')};
      break;
    case Folding::colon:
      names = {replaced(key, ":", '_'), replaced(key, ":", '-')};
      break;
    case Folding::wildcard:
      names = {replaced(key, wildcards, '_'), replaced(key, wildcards, '-')};
      break;
    case Folding::length:
      names = {shortened(key)};
      break;
    case Folding::percent:
      names = {decoded(key)};
      break;
    case Folding::plus:
      names = {replaced(key, "+", ' ')};
      break;
    case Folding::spaces:
      names = {with_single_spaces(key)};
      break;
  }
  std::erase(names, key);
  // Not every store can be asked for such a name.
  std::erase_if(names, [](const std::string& name) {
    return !is_valid_utf8(name) || before_unprintable(name).size() != name.size();
  });
  return names;
}

bool reaches_other_names(Folding folding) {
  return folding != Folding::letter_case && folding != Folding::normal_form;
}

std::string_view words_of(Folding folding) {
  switch (folding) {
    case Folding::letter_case:
      return "does not tell upper from lower case in names";
    case Folding::normal_form:
      return "does not tell Unicode's normal forms (NFC, NFD) of one name apart";
    case Folding::backslash:
      return "replaces the backslash in names";
    case Folding::colon:
      return "replaces the colon in names";
    case Folding::wildcard:
      return "replaces * ? \" < > or | in names";
    case Folding::length:
      return "cuts names of more than 200 bytes";
    case Folding::percent:
      return "decodes %XX in names that are decoded already";
    case Folding::plus:
      return "takes + in names for a space";
    case Folding::spaces:
      return "takes several spaces in names for one";
  }
  return "";
}

std::string_view before_foldable(std::string_view key) {
  std::size_t name_size = 0;
  for (std::size_t i = 0; i < key.size(); ++i) {
    name_size = key[i] == '/' ? 0 : name_size + 1;
    const unsigned bits = subjects[static_cast<unsigned char>(key[i])];
    const bool is_run = key[i] == ' ' && i + 1 < key.size() && key[i + 1] == ' ';
    if ((bits & ~bit(Folding::letter_case)) || is_run || name_size > name_size_kept / 2)
      return key.substr(0, i);
  }
  return key;
}

}  // namespace dth::object_copy

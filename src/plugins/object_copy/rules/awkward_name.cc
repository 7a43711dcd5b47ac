#include "plugins/object_copy/rules/awkward_name.h"

#include <algorithm>

#include "base/encoding.h"
#include "plugins/object_copy/rules/folding.h"

namespace dth::object_copy {
namespace {

// U+FFFE and U+FFFF
bool is_noncharacter(std::string_view rest) {
  return rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF");
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// The names between its slashes; the empty one behind a slash at its end is not among them.
std::vector<std::string_view> names_in(std::string_view key) {
  std::vector<std::string_view> names;
  while (!key.empty()) {
    const std::size_t slash = key.find('/');
    names.push_back(key.substr(0, slash));
    key.remove_prefix(slash == key.npos ? key.size() : slash + 1);
  }
  return names;
}

}  // namespace

std::string_view before_unprintable(std::string_view key) {
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (is_control(key[i]) || is_noncharacter(key.substr(i))) return key.substr(0, i);
  }
  return key;
}

bool is_awkward_name(std::string_view key) {
  if (before_unprintable(key).size() != key.size() || !is_valid_utf8(key)) return true;
  for (std::size_t begin = 0; begin < key.size();) {
    const std::size_t end = std::min(key.find('/', begin), key.size());
    const std::string_view name = key.substr(begin, end - begin);
    if (name.empty() || name.front() == ' ' || name.back() == '.' || name.back() == ' ')
      return true;
    begin = end + 1;
  }
  return false;
}

std::string cleaned_name(std::string_view key) {
  std::vector<std::string_view> kept;
  for (std::string_view name : names_in(key)) {
    if (name.empty() || name == ".") continue;
    if (name != "..") {
      kept.push_back(name);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  std::string cleaned;
  for (std::string_view name : kept) cleaned.append(cleaned.empty() ? "" : "/").append(name);
  return cleaned;
}

std::vector<std::string> changed_names(std::string_view key) {
  const std::string cleaned = cleaned_name(key);
  std::string trimmed(key);
  while (!trimmed.empty() &&
         (trimmed.back() == '/' || trimmed.back() == '.' || trimmed.back() == ' '))
    trimmed.pop_back();
  std::vector<std::string> names{cleaned, trimmed};
  for (std::string name : {std::string(key), cleaned, trimmed}) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return is_upper(c) ? static_cast<char>(c | 0x20) : c; });
    names.push_back(std::move(name));
  }
  names.push_back(with_case_swapped(key));
  for (Folding folding : all_foldings) {
    if (folding == Folding::letter_case) continue;
    for (std::string& name : folded_names(folding, std::string(key)))
      names.push_back(std::move(name));
  }
  std::vector<std::string> once;
  for (std::string& name : names) {
    if (!name.empty() && name != key && std::find(once.begin(), once.end(), name) == once.end())
      once.push_back(std::move(name));
  }
  return once;
}

bool has_case(std::string_view key) {
  return std::any_of(key.begin(), key.end(), [](char c) {
    return is_upper(c) || is_lower(c) || static_cast<unsigned char>(c) >= 0x80;
  });
}

std::string with_case_swapped(std::string_view key) {
  std::string swapped(key);
  for (char& c : swapped) {
    if (is_upper(c) || is_lower(c)) c = static_cast<char>(c ^ 0x20);
  }
  return swapped;
}

}  // namespace dth::object_copy

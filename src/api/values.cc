#include "api/values.h"

#include "base/encoding.h"

namespace dth::api {

namespace json = boost::json;

std::string shown(const std::string& bytes) {
  return is_valid_utf8(bytes) ? bytes : printable(bytes);
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value() : json::value(json::string(shown(text)));
}

std::string enum_name(std::string_view word) {
  std::string name(word);
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

std::string enum_word(std::string_view name) {
  std::string word(name);
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return word;
}

std::string_view option_type_name(options::OptionType type) {
  switch (type) {
    case options::OptionType::flag:
      return "FLAG";
    case options::OptionType::text:
      return "TEXT";
    case options::OptionType::count:
      return "COUNT";
    case options::OptionType::size:
      return "SIZE";
    case options::OptionType::duration:
      return "DURATION";
    case options::OptionType::time:
      return "TIME";
    case options::OptionType::choice:
      return "CHOICE";
    case options::OptionType::list:
      return "LIST";
    case options::OptionType::names:
      return "NAMES";
    case options::OptionType::address:
      return "ADDRESS";
  }
  return "TEXT";
}

std::string text_argument(const graphql::ResolveInfo& info, std::string_view name) {
  return std::string(info.arguments.at(name).as_string());
}

}  // namespace dth::api

#include "graphql/schema/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace dth::graphql {
namespace {

namespace json = boost::json;

constexpr std::size_t items_shown_max = 10;
constexpr std::size_t depth_shown_max = 2;

void append_string(std::string_view text, std::string* out) {
  *out += '"';
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out->append(text, start, i - start);
    start = i + 1;
    switch (c) {
      case '"':
        *out += "\\\"";
        break;
      case '\\':
        *out += "\\\\";
        break;
      case '\n':
        *out += "\\n";
        break;
      case '\r':
        *out += "\\r";
        break;
      case '\t':
        *out += "\\t";
        break;
      case '\b':
        *out += "\\b";
        break;
      case '\f':
        *out += "\\f";
        break;
      default:
        *out += "\\u00";
        *out += "0123456789abcdef"[c >> 4];
        *out += "0123456789abcdef"[c & 0xF];
    }
  }
  out->append(text, start, text.size() - start);
  *out += '"';
}

std::string inspect_within(const json::value& value, std::size_t depth) {
  if (const auto* array = value.if_array()) {
    if (array->empty()) return "[]";
    if (depth > depth_shown_max) return "[Array]";
    std::string text = "[";
    for (std::size_t i = 0; i < array->size() && i < items_shown_max; ++i) {
      text += (i > 0 ? ", " : "") + inspect_within((*array)[i], depth + 1);
    }
    const std::size_t rest = array->size() - std::min(array->size(), items_shown_max);
    if (rest == 1) text += ", ... 1 more item";
    if (rest > 1) text += ", ... " + std::to_string(rest) + " more items";
    return text + "]";
  }
  if (const auto* object = value.if_object()) {
    if (object->empty()) return "{}";
    if (depth > depth_shown_max) return "[Object]";
    std::string text = "{ ";
    for (const auto& member : *object) {
      if (text.size() > 2) text += ", ";
      text += std::string(member.key()) + ": " + inspect_within(member.value(), depth + 1);
    }
    return text + " }";
  }
  return to_json_text(value);
}

}  // namespace

std::string number_text(double number) {
  if (number == 0) return "0";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  // d[.ddd]e±xx
  const std::size_t e = text.find('e');
  if (e == std::string_view::npos) return "null";  // infinite, or no number
  std::string digits;
  for (const char c : text.substr(0, e)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  int exponent = 0;
  const std::string_view power = text.substr(text[e + 1] == '+' ? e + 2 : e + 1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  const std::string sign = number < 0 ? "-" : "";
  const int size = static_cast<int>(digits.size());
  if (exponent >= size - 1 && exponent < 21) {
    return sign + digits + std::string(static_cast<std::size_t>(exponent - size + 1), '0');
  }
  if (exponent >= 0 && exponent < 21) {
    return sign + digits.insert(static_cast<std::size_t>(exponent) + 1, ".");
  }
  if (exponent < 0 && exponent > -7) {
    return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  if (size > 1) digits.insert(1, ".");
  return sign + digits + "e" + (exponent < 0 ? "-" : "+") + std::to_string(std::abs(exponent));
}

void append_json(const json::value& value, std::string* out) {
  switch (value.kind()) {
    case json::kind::null:
      *out += "null";
      return;
    case json::kind::bool_:
      *out += value.get_bool() ? "true" : "false";
      return;
    case json::kind::int64:
      *out += std::to_string(value.get_int64());
      return;
    case json::kind::uint64:
      *out += std::to_string(value.get_uint64());
      return;
    case json::kind::double_:
      *out += number_text(value.get_double());
      return;
    case json::kind::string:
      append_string(value.get_string(), out);
      return;
    case json::kind::array: {
      *out += '[';
      bool first = true;
      for (const auto& item : value.get_array()) {
        if (!first) *out += ',';
        first = false;
        append_json(item, out);
      }
      *out += ']';
      return;
    }
    case json::kind::object: {
      *out += '{';
      bool first = true;
      for (const auto& member : value.get_object()) {
        if (!first) *out += ',';
        first = false;
        append_string(member.key(), out);
        *out += ':';
        append_json(member.value(), out);
      }
      *out += '}';
      return;
    }
  }
}

std::string to_json_text(const json::value& value) {
  std::string text;
  append_json(value, &text);
  return text;
}

std::string inspect(const json::value& value) { return inspect_within(value, 1); }

}  // namespace dth::graphql

#include "base/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include <boost/json.hpp>

#include "base/encoding.h"

namespace dth {
namespace {

template <class Integer>
void append_number(Integer value, std::string* out) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out->append(digits.data(), end);
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// needs_escape() of any of eight characters, by arithmetic on all of them: a lane below 0x20, or
// one that an exclusive or made zero, borrows into its highest bit.
bool any_needs_escape(std::uint64_t eight) {
  constexpr std::uint64_t ones = 0x0101010101010101, high = ones * 0x80;
  const auto zero = [](std::uint64_t word) { return (word - ones) & ~word; };
  const std::uint64_t control = (eight - ones * 0x20) & ~eight;
  return ((control | zero(eight ^ ones * '"') | zero(eight ^ ones * '\\')) & high) != 0;
}

// Eight characters at once: nearly no text has anything to escape.
bool has_escapes(std::string_view text) {
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t eight;
    std::memcpy(&eight, text.data(), sizeof eight);
    if (any_needs_escape(eight)) return true;
  }
  return std::ranges::any_of(text, needs_escape);
}

}  // namespace

void append_json_string(std::string_view text, std::string* out) {
  static constexpr char hex[] = "0123456789abcdef";
  if (!has_escapes(text)) {
    // In one growth: ledgers are made of these.
    const std::size_t begin = out->size();
    out->append(text.size() + 2, '"');
    if (!text.empty()) std::memcpy(out->data() + begin + 1, text.data(), text.size());
    return;
  }
  *out += '"';
  std::size_t plain = 0;  // where what needs no escape and is not yet appended begins
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out->append(text, plain, i - plain);
    plain = i + 1;
    *out += '\\';
    switch (text[i]) {
      case '"':
        *out += '"';
        break;
      case '\\':
        *out += '\\';
        break;
      case '\n':
        *out += 'n';
        break;
      case '\r':
        *out += 'r';
        break;
      case '\t':
        *out += 't';
        break;
      case '\b':
        *out += 'b';
        break;
      case '\f':
        *out += 'f';
        break;
      default:
        *out += "u00";
        *out += hex[static_cast<unsigned char>(text[i]) >> 4];
        *out += hex[static_cast<unsigned char>(text[i]) & 15];
    }
  }
  out->append(text, plain);
  *out += '"';
}

void escape_display_controls(std::string* json, std::size_t from) {
  if (!may_hold_display_controls(std::string_view(*json).substr(from))) return;
  static constexpr char hex[] = "0123456789abcdef";
  std::string escaped;
  std::string_view rest = std::string_view(*json).substr(from);
  while (!rest.empty()) {
    const std::size_t size = display_control_bytes(rest);
    if (size == 0) {
      escaped += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const unsigned point = size == 1 ? at(0)
                           : size == 2
                               ? (at(0) & 0x1Fu) << 6 | (at(1) & 0x3Fu)
                               : (at(0) & 0x0Fu) << 12 | (at(1) & 0x3Fu) << 6 | (at(2) & 0x3Fu);
    escaped += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) escaped += hex[point >> shift & 15];
    rest.remove_prefix(size);
  }
  json->replace(from, std::string::npos, escaped);
}

namespace {

void append_display_string(std::string_view text, std::string* out) {
  const std::size_t from = out->size();
  append_json_string(text, out);
  escape_display_controls(out, from);
}

}  // namespace

void JsonObjectWriter::begin(std::string_view name) {
  if (!first_) out_ += ',';
  first_ = false;
  const std::size_t begin = out_.size();
  out_.append(name.size() + 3, '"');
  std::memcpy(out_.data() + begin + 1, name.data(), name.size());
  out_.back() = ':';
}

void JsonObjectWriter::text(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  begin(name);
  if (is_valid_utf8(value)) {
    append_json_string(value, &out_);
  } else {
    append_json_string(printable(value), &out_);
  }
}

void JsonObjectWriter::bytes(std::string_view name, std::string_view value) {
  if (is_valid_utf8(value)) {
    begin(name);
    append_json_string(value, &out_);
  } else {
    begin(std::string(name) + "_base64");
    out_ += '"';
    out_ += base64_encode(as_bytes(value));
    out_ += '"';
  }
}

void JsonObjectWriter::number(std::string_view name, std::int64_t value) {
  begin(name);
  append_number(value, &out_);
}

void JsonObjectWriter::number(std::string_view name, std::uint64_t value) {
  begin(name);
  append_number(value, &out_);
}

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

void append_json(const boost::json::value& value, std::string* out) {
  switch (value.kind()) {
    case boost::json::kind::null:
      *out += "null";
      return;
    case boost::json::kind::bool_:
      *out += value.get_bool() ? "true" : "false";
      return;
    case boost::json::kind::int64:
      append_number(value.get_int64(), out);
      return;
    case boost::json::kind::uint64:
      append_number(value.get_uint64(), out);
      return;
    case boost::json::kind::double_:
      *out += number_text(value.get_double());
      return;
    case boost::json::kind::string:
      append_display_string(value.get_string(), out);
      return;
    case boost::json::kind::array: {
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
    case boost::json::kind::object: {
      *out += '{';
      bool first = true;
      for (const auto& member : value.get_object()) {
        if (!first) *out += ',';
        first = false;
        append_display_string(member.key(), out);
        *out += ':';
        append_json(member.value(), out);
      }
      *out += '}';
      return;
    }
  }
}

std::string write_json(const boost::json::value& value) {
  std::string text;
  append_json(value, &text);
  return text;
}

}  // namespace dth

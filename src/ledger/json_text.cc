#include "ledger/json_text.h"

#include <array>
#include <charconv>

#include "base/encoding.h"

namespace dth::ledger {
namespace {

template <class Integer>
void append_number(Integer value, std::string* out) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out->append(digits.data(), end);
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

}  // namespace

void append_json_string(std::string_view text, std::string* out) {
  static constexpr char hex[] = "0123456789abcdef";
  *out += '"';
  std::size_t plain = 0;  // where what needs no escape and is not yet appended begins
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out->append(text, plain, i - plain);
    plain = i + 1;
    *out += '\\';
    switch (text[i]) {
      case '"': *out += '"'; break;
      case '\\': *out += '\\'; break;
      case '\n': *out += 'n'; break;
      case '\r': *out += 'r'; break;
      case '\t': *out += 't'; break;
      default:
        *out += "u00";
        *out += hex[static_cast<unsigned char>(text[i]) >> 4];
        *out += hex[static_cast<unsigned char>(text[i]) & 15];
    }
  }
  out->append(text, plain);
  *out += '"';
}

void JsonObjectWriter::begin(std::string_view name) {
  if (!first_) out_ += ',';
  first_ = false;
  out_ += '"';
  out_ += name;
  out_ += "\":";
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

}  // namespace dth::ledger

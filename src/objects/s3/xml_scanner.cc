#include "objects/s3/xml_scanner.h"

#include <algorithm>
#include <cstdint>

namespace dth::objects::s3 {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void append_utf8(std::uint32_t code, std::string* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | code >> 6));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | code >> 12));
    out->push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | code >> 18));
    out->push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

// "#13" or "#xD".
std::optional<std::uint32_t> character_reference(std::string_view text) {
  text.remove_prefix(1);
  std::uint32_t base = 10;
  if (!text.empty() && text.front() == 'x') {
    base = 16;
    text.remove_prefix(1);
  }
  if (text.empty() || text.size() > 8) return std::nullopt;
  std::uint32_t code = 0;
  for (char c : text) {
    std::uint32_t digit = 16;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A' + 10);
    if (digit >= base) return std::nullopt;
    code = code * base + digit;
    if (code > 0x10FFFF) return std::nullopt;
  }
  if (code == 0 || (code >= 0xD800 && code <= 0xDFFF)) return std::nullopt;
  return code;
}

}  // namespace

XmlScanner::Tag XmlScanner::skip_past(std::string_view terminator, bool* skipped) {
  const std::size_t end = rest_.find(terminator);
  if (end == rest_.npos) return Tag::cut_off;
  rest_.remove_prefix(end + terminator.size());
  *skipped = true;
  return Tag::end;
}

XmlScanner::Tag XmlScanner::next() {
  for (;;) {
    const std::size_t start = rest_.find('<');
    if (start == rest_.npos) {
      text_ = rest_;
      rest_ = {};
      return Tag::end;
    }
    text_ = rest_.substr(0, start);
    rest_.remove_prefix(start + 1);
    if (rest_.empty()) return Tag::cut_off;
    bool skipped = false;
    if (rest_.front() == '?') {
      if (const Tag tag = skip_past("?>", &skipped); !skipped) return tag;
      continue;
    }
    if (rest_.front() == '!') {
      if (!rest_.starts_with("!--")) return rest_.size() < 3 ? Tag::cut_off : Tag::malformed;
      if (const Tag tag = skip_past("-->", &skipped); !skipped) return tag;
      continue;
    }
    break;
  }
  const std::size_t end = rest_.find('>');
  if (end == rest_.npos) return Tag::cut_off;
  std::string_view inside = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  Tag tag = Tag::open;
  if (!inside.empty() && inside.front() == '/') {
    tag = Tag::close;
    inside.remove_prefix(1);
  } else if (!inside.empty() && inside.back() == '/') {
    tag = Tag::empty;
    inside.remove_suffix(1);
  }
  std::size_t length = 0;
  while (length < inside.size() && !is_space(inside[length])) {
    if (inside[length] == '<' || inside[length] == '"' || inside[length] == '&')
      return Tag::malformed;
    if (inside[length] == ':') {
      inside.remove_prefix(length + 1);
      length = 0;
      continue;
    }
    ++length;
  }
  name_ = inside.substr(0, length);
  return name_.empty() || inside.find('<') != inside.npos ? Tag::malformed : tag;
}

bool XmlScanner::take_any_leaf() {
  std::size_t end = 1;
  while (end < rest_.size() && is_letter(rest_[end])) ++end;
  if (end == 1 || end == rest_.size() || rest_.front() != '<' || rest_[end] != '>') return false;
  const std::string_view name = rest_.substr(1, end - 1);
  const std::string_view close = rest_.substr(std::min(rest_.find('<', end), rest_.size()));
  if (close.size() < name.size() + 3 || close[1] != '/' || close[name.size() + 2] != '>' ||
      close.substr(2, name.size()) != name) {
    return false;
  }
  rest_ = close.substr(name.size() + 3);
  return true;
}

std::optional<std::string> unescape_xml(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (;;) {
    const std::size_t start = text.find('&');
    result.append(text.substr(0, start));
    if (start == text.npos) return result;
    text.remove_prefix(start + 1);
    const std::size_t end = text.substr(0, 16).find(';');
    if (end == text.npos || end == 0) return std::nullopt;
    const std::string_view entity = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (entity == "amp") {
      result += '&';
    } else if (entity == "lt") {
      result += '<';
    } else if (entity == "gt") {
      result += '>';
    } else if (entity == "quot") {
      result += '"';
    } else if (entity == "apos") {
      result += '\'';
    } else if (entity.front() == '#') {
      const auto code = character_reference(entity);
      if (!code) return std::nullopt;
      append_utf8(*code, &result);
    } else {
      return std::nullopt;
    }
  }
}

std::string escape_xml(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\r':
        result += "&#13;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

}  // namespace dth::objects::s3

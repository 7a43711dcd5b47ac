#include "xml.h"

#include "base/encoding.h"

namespace dth::bench {

std::string xml_escape(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '"') {
      result += "&quot;";
    } else if (byte < 0x20) {
      result += "&#x";
      if (byte >= 16) result += digits[byte >> 4];
      result += digits[byte & 15];
      result += ';';
    } else {
      result += c;
    }
  }
  return result;
}

std::string xml_unescape(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    if (text[0] != '&' || end == text.npos) {
      result += text[0];
      text.remove_prefix(1);
      continue;
    }
    const std::string name(text.substr(1, end - 1));
    text.remove_prefix(end + 1);
    if (name == "amp") result += '&';
    if (name == "lt") result += '<';
    if (name == "gt") result += '>';
    if (name == "quot") result += '"';
    if (name == "apos") result += '\'';
    if (name.starts_with("#x"))
      result += static_cast<char>(std::strtoul(name.c_str() + 2, nullptr, 16));
    if (name.starts_with("#") && !name.starts_with("#x")) {
      result += static_cast<char>(std::strtoul(name.c_str() + 1, nullptr, 10));
    }
  }
  return result;
}

std::string url_encode_key(std::string_view key) {
  std::string result = percent_encode(key, true);
  for (std::size_t at = 0; (at = result.find("%20", at)) != result.npos; ++at)
    result.replace(at, 3, "+");
  return result;
}

std::vector<std::string_view> xml_elements(std::string_view document, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">";
  const std::string close = "</" + std::string(name) + ">";
  std::vector<std::string_view> result;
  for (std::size_t at = 0; (at = document.find(open, at)) != document.npos;) {
    at += open.size();
    const std::size_t end = document.find(close, at);
    if (end == document.npos) break;
    result.push_back(document.substr(at, end - at));
    at = end;
  }
  return result;
}

std::string xml_text(std::string_view document, std::string_view name) {
  const auto found = xml_elements(document, name);
  return found.empty() ? "" : xml_unescape(found.front());
}

}  // namespace dth::bench

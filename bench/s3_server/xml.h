#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dth::bench {

inline constexpr std::string_view xml_declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

// Text between tags: & < > " and control characters as references.
std::string xml_escape(std::string_view text);
std::string xml_unescape(std::string_view text);

// What encoding-type=url makes of a key: as percent_encode, but ' ' becomes '+', as S3 does it.
std::string url_encode_key(std::string_view key);

// The texts of all elements of that name, in order, still escaped. For the small documents that
// clients send.
std::vector<std::string_view> xml_elements(std::string_view document, std::string_view name);

// The text of the first one, or "".
std::string xml_text(std::string_view document, std::string_view name);

}  // namespace dth::bench

#include "base/plain_text.h"

#include "base/encoding.h"

namespace dth {

bool is_plain_text(std::string_view text) {
  return is_valid_utf8(text) && text.find('\0') == text.npos &&
         without_display_controls(text) == text;
}

bool is_plain_line(std::string_view text) {
  return is_plain_text(text) && text.find_first_of("\r\n\t") == text.npos;
}

bool is_plain_name(std::string_view text) {
  return !text.empty() && is_plain_line(text) && text.front() != ' ' && text.back() != ' ';
}

}  // namespace dth

// Strings as literals.
#include "graphql/syntax/characters.h"
#include "graphql/syntax/document.h"

namespace dth::graphql {
namespace {

constexpr std::size_t one_line_bytes_max = 70;

bool is_white_space(char c) { return c == ' ' || c == '\t'; }

}  // namespace

std::string print_string(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = code_point_bytes(text, i);
    const char32_t point = code_point_at(text, i);
    switch (point) {
      case U'"':
        out += "\\\"";
        break;
      case U'\\':
        out += "\\\\";
        break;
      case U'\b':
        out += "\\b";
        break;
      case U'\f':
        out += "\\f";
        break;
      case U'\n':
        out += "\\n";
        break;
      case U'\r':
        out += "\\r";
        break;
      case U'\t':
        out += "\\t";
        break;
      default:
        if (point < 0x20 || (point >= 0x7F && point <= 0x9F)) {
          out += "\\u" + hexadecimal(point, 4);
        } else {
          out += text.substr(i, size);
        }
    }
    i += size;
  }
  return out + '"';
}

// Line ends are put in front and behind where the value would not survive without them, or reads
// better.
std::string print_block_string(std::string_view text, std::string_view indent, bool minimize) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "\"\"\"") {
      escaped += "\\\"\"\"";
      i += 2;
    } else {
      escaped += text[i];
    }
  }
  const bool is_one_line = escaped.find('\n') == std::string::npos;
  bool rest_is_indented = !is_one_line;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '\n' || i + 1 >= escaped.size()) continue;
    if (escaped[i + 1] != '\n' && !is_white_space(escaped[i + 1])) rest_is_indented = false;
  }
  const bool ends_in_triple = escaped.ends_with("\\\"\"\"");
  const bool needs_line_behind = (text.ends_with('"') && !ends_in_triple) || text.ends_with('\\');
  const bool many_lines = !minimize && (!is_one_line || utf16_size(text) > one_line_bytes_max ||
                                        needs_line_behind || rest_is_indented || ends_in_triple);
  const bool skip_first_line = is_one_line && !text.empty() && is_white_space(text[0]);
  std::string body;
  if ((many_lines && !skip_first_line) || rest_is_indented) body += '\n';
  body += escaped;
  if (many_lines || needs_line_behind) body += '\n';
  std::string out = "\"\"\"";
  for (std::size_t i = 0; i < body.size(); ++i) {
    out += body[i];
    if (body[i] == '\n') out += indent;
  }
  return out + "\"\"\"";
}

}  // namespace dth::graphql

#include "objects/path_key.h"

namespace dth::objects {

std::optional<std::string> path_problem(std::string_view key) {
  if (key.empty()) return "is empty";
  if (key.size() > path_size_max) {
    return "has " + std::to_string(key.size()) + " bytes; a path has at most " + std::to_string(path_size_max);
  }
  if (key.find('\0') != key.npos) return "contains a NUL byte, which no path can";
  if (key.front() == '/') return "begins with a slash, which no path beneath a directory does";
  std::size_t begin = 0;
  while (begin < key.size()) {
    const std::size_t end = std::min(key.find('/', begin), key.size());
    const std::string_view name = key.substr(begin, end - begin);
    if (name.empty()) return "contains \"//\", which a path cannot keep apart from \"/\"";
    if (name == "." || name == "..") return "contains \"" + std::string(name) + "\" as a folder, which in a path means another one";
    if (name.size() > path_name_max) {
      return "contains a name of " + std::to_string(name.size()) + " bytes; a file's has at most " + std::to_string(path_name_max);
    }
    if (name.starts_with(reserved_name_prefix)) {
      return "contains a name that begins with \"" + std::string(reserved_name_prefix) + "\", as those of files that are being written do";
    }
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace dth::objects

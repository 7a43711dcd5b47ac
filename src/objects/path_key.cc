#include "objects/path_key.h"

#include <algorithm>

#include "base/hash.h"

namespace dth::objects {
namespace {

constexpr std::string_view draft_prefix = ".dth~";
constexpr std::size_t place_digits = 16, upload_name_max = 128;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::string check_digits_of(std::string_view text) {
  return hash(HashAlgorithm::crc32c, as_bytes(text)).hex();
}

}  // namespace

std::string draft_name(std::string_view name, std::uint32_t number) {
  const std::string unchecked =
      std::string(draft_prefix) +
      hash(HashAlgorithm::sha256, as_bytes(name)).hex().substr(0, place_digits) + "." +
      std::to_string(number);
  return unchecked + "." + check_digits_of(unchecked);
}

bool is_draft_name(std::string_view name) {
  if (!name.starts_with(draft_prefix)) return false;
  const std::size_t dot = name.rfind('.');
  return dot > draft_prefix.size() && name.substr(dot + 1) == check_digits_of(name.substr(0, dot));
}

bool is_upload_file_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || name.size() > upload_name_max ||
      (name.substr(dot) != ".log" && name.substr(dot) != ".data"))
    return false;
  const std::string_view id = name.substr(0, dot);
  return id.size() > place_digits + 1 && is_hex(id.substr(0, place_digits)) &&
         id[place_digits] == '-' && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '-';
         });
}

std::optional<std::string> path_problem(std::string_view key) {
  if (key.empty()) return "is empty";
  if (key.size() > path_size_max) {
    return "has " + std::to_string(key.size()) + " bytes; a path has at most " +
           std::to_string(path_size_max);
  }
  if (key.find('\0') != key.npos) return "contains a NUL byte, which no path can";
  if (key.front() == '/') return "begins with a slash, which no path in a directory does";
  std::size_t begin = 0;
  std::string_view folder;
  while (begin < key.size()) {
    const std::size_t end = std::min(key.find('/', begin), key.size());
    const std::string_view name = key.substr(begin, end - begin);
    if (name.empty()) return "contains \"//\", which a path cannot keep apart from \"/\"";
    if (name == "." || name == "..")
      return "contains \"" + std::string(name) +
             "\" as a folder, which in a path means another one";
    if (name.size() > path_name_max) {
      return "contains a name of " + std::to_string(name.size()) + " bytes; a file's has at most " +
             std::to_string(path_name_max);
    }
    if (is_draft_name(name) || (folder == uploads_folder_name && is_upload_file_name(name))) {
      return "contains the name of a file that dth itself is writing, or left when it was killed";
    }
    folder = name;
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace dth::objects

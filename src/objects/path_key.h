#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dth::objects {

// Keys of stores that keep each object as a file (StoreLimits::keys_are_paths).

// The longest name of one file or directory, in bytes, and the longest path.
// https://man7.org/linux/man-pages/man3/limits.h.0p.html (NAME_MAX, PATH_MAX)
inline constexpr std::size_t path_name_max = 255;
inline constexpr std::size_t path_size_max = 4'095;

// Files that are being written have names that begin so. They are never objects.
inline constexpr std::string_view reserved_name_prefix = ".dth~";

// Why this key cannot be the path of a file beneath a directory, in words that follow "the key"; nothing where it can. A
// slash at the end is allowed: such a key is an empty directory's.
std::optional<std::string> path_problem(std::string_view key);

// Where the last name of a path begins.
inline std::size_t name_position(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? 0 : slash + 1;
}

}  // namespace dth::objects

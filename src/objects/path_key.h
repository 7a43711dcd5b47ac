#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dth::objects {

// Keys of stores that keep each object as a file (StoreLimits::keys_are_paths).

// The longest name of one file or directory, in bytes, and the longest path.
// https://man7.org/linux/man-pages/man3/limits.h.0p.html (NAME_MAX, PATH_MAX)
inline constexpr std::size_t path_name_max = 255;
inline constexpr std::size_t path_size_max = 4'095;

// A file that is being written lies under such a name beside its place: ".dth~", 16 digits that
// tell the place, a number, and 8 digits made from all that. It is never an object. The last digits
// tell it from files that somebody else gave a name of that look: those are objects like any other.
// `name`: of the file that it will be.
std::string draft_name(std::string_view name, std::uint32_t number);
bool is_draft_name(std::string_view name);

// Uploads lie in a folder of this name, each in two files; everything else in it is somebody
// else's.
inline constexpr std::string_view uploads_folder_name = ".dth~uploads";
bool is_upload_file_name(std::string_view name);

// Why this key cannot be the path of a file beneath a directory, in words that follow "the key";
// nothing where it can. A slash at the end is allowed: such a key is an empty directory's.
std::optional<std::string> path_problem(std::string_view key);

// Where the last name of a path begins.
inline std::size_t name_position(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? 0 : slash + 1;
}

}  // namespace dth::objects

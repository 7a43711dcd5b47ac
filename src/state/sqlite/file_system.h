#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace dth::state::sqlite {

// What a file system is called that other hosts can change, or whose locks do not reach them all:
// "NFS"; nothing for one of this host. `magic` is statfs(2)'s f_type; `type` is its name in
// /proc/self/mountinfo, which tells the kinds of FUSE apart.
std::optional<std::string> network_file_system(std::uint64_t magic, std::string_view type);

// The type of the file system that holds `path`, which is absolute and without links, by the text
// of /proc/self/mountinfo; empty where it does not say.
std::string mount_type(std::string_view mountinfo, std::string_view path);

// unsupported where network_file_system() knows it.
Result<void> check_local(const std::string& state_path, std::uint64_t magic, std::string_view type);

// Refuses (unsupported) a state in a directory of a network file system: SQLite's write-ahead log
// is shared memory of one host, and so are the locks that show which process is alive.
Result<void> check_file_system(const std::string& state_path);

}  // namespace dth::state::sqlite

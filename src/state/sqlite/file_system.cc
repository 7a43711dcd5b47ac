#include "state/sqlite/file_system.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/statfs.h>

namespace dth::state::sqlite {
namespace {

struct NetworkFileSystem {
  std::uint64_t magic;  // linux/magic.h, and the file systems' own sources
  std::string_view name;
};

constexpr std::array by_magic = {
    NetworkFileSystem{0x6969, "NFS"},        NetworkFileSystem{0x517b, "SMB"},
    NetworkFileSystem{0xfe534d42, "SMB"},    NetworkFileSystem{0xff534d42, "CIFS"},
    NetworkFileSystem{0x01021997, "9p"},     NetworkFileSystem{0x00c36400, "Ceph"},
    NetworkFileSystem{0x0bd00bd0, "Lustre"}, NetworkFileSystem{0x5346414f, "AFS"},
    NetworkFileSystem{0x6b414653, "AFS"},    NetworkFileSystem{0x73757245, "Coda"},
    NetworkFileSystem{0x47504653, "GPFS"},   NetworkFileSystem{0x19830326, "BeeGFS"},
};

// Of FUSE only the type's name tells what is behind it.
constexpr std::array<std::string_view, 10> fuse_types = {
    "fuse.sshfs",  "fuse.s3fs",     "fuse.rclone",  "fuse.glusterfs", "fuse.gcsfuse",
    "fuse.goofys", "fuse.mount-s3", "fuse.juicefs", "fuse.ceph-fuse", "fuse.blobfuse2",
};

// mountinfo writes space, tab, newline and backslash as \\ooo.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t n) { return i + n < text.size() ? text[i + n] - '0' : -1; };
    const int a = digit(1), b = digit(2), c = digit(3);
    const bool is_escape = text[i] == '\\' && a >= 0 && a < 4 && b >= 0 && b < 8 && c >= 0 && c < 8;
    out += is_escape ? static_cast<char>(a * 64 + b * 8 + c) : text[i];
    if (is_escape) i += 3;
  }
  return out;
}

bool is_within(std::string_view path, std::string_view directory) {
  if (directory == "/") return true;
  return path.substr(0, directory.size()) == directory &&
         (path.size() == directory.size() || path[directory.size()] == '/');
}

}  // namespace

std::optional<std::string> network_file_system(std::uint64_t magic, std::string_view type) {
  for (const NetworkFileSystem& known : by_magic) {
    if (known.magic == magic) return std::string(known.name);
  }
  for (const std::string_view fuse : fuse_types) {
    if (fuse == type) return std::string(type);
  }
  return std::nullopt;
}

// proc_pid_mountinfo(5): id, parent, device, root, mount point, options, optional fields, -, type.
std::string mount_type(std::string_view mountinfo, std::string_view path) {
  std::string best, best_type;
  std::istringstream lines{std::string(mountinfo)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string word, point, type;
    for (int i = 0; i < 5 && fields >> word; ++i) point = word;
    while (fields >> word && word != "-") {
    }
    fields >> type;
    point = unescape(point);
    // Of two at one place, the later covers the earlier.
    if (!is_within(path, point) || point.size() < best.size()) continue;
    best = point;
    best_type = type;
  }
  return best_type;
}

Result<void> check_file_system(const std::string& state_path) {
  const std::string directory = std::filesystem::path(state_path).parent_path().string();
  struct statfs facts {};
  // What cannot be asked is met when the file is opened.
  if (::statfs(directory.empty() ? "." : directory.c_str(), &facts) != 0) return {};
  std::ostringstream mountinfo;
  if (std::ifstream file("/proc/self/mountinfo"); file) mountinfo << file.rdbuf();
  return check_local(state_path, static_cast<std::uint32_t>(facts.f_type),
                     mount_type(mountinfo.str(), directory));
}

Result<void> check_local(const std::string& state_path, std::uint64_t magic,
                         std::string_view type) {
  const auto name = network_file_system(magic, type);
  if (!name) return {};
  return Error{ErrorCode::unsupported,
               "the state " + state_path + " cannot be on a network file system (" + *name +
                   "): its locks do not hold there. Put it on a local disk",
               {}};
}

}  // namespace dth::state::sqlite

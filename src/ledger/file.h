#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/hash.h"

namespace dth::ledger {

inline constexpr std::string_view file_suffix = ".ndjson.zst";
inline constexpr std::string_view manifest_name = "manifest.json";

// An open file, closed at the end of its life. Methods may be called from several threads.
class File {
 public:
  // Opens with open(2)'s flags (O_CLOEXEC and O_NONBLOCK are added); a new file has mode 0600. What
  // is opened to be read, and what is opened with O_NOFOLLOW, has to be a regular file: never a
  // pipe or a device, which would block or have no end. Errors: not_found, already_exists (O_EXCL),
  // permission_denied, unavailable; invalid_argument for what is no regular file.
  static Result<File> open(const std::string& path, int flags);
  File(File&& other) noexcept;
  File& operator=(File&&) = delete;
  ~File();

  Result<std::uint64_t> size() const;
  // Up to `size` bytes at `offset`; fewer only at the end of the file.
  Result<std::size_t> read_at(std::uint64_t offset, char* data, std::size_t size) const;
  Result<void> write_at(std::uint64_t offset, std::string_view bytes) const;
  Result<void> truncate(std::uint64_t size) const;
  Result<void> sync() const;  // fdatasync

  const std::string& path() const { return path_; }

 private:
  File(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  int descriptor_;
  std::string path_;
};

// Makes names created, renamed or removed in the directory last.
Result<void> sync_directory(const std::string& path);

// Is it a file's name that stays where it is put: neither empty, nor hidden, nor a path?
bool is_plain_name(std::string_view name);

// errno as an Error: "cannot <verb> <path>: ...".
Error file_error(std::string_view verb, const std::string& path, int error);

}  // namespace dth::ledger

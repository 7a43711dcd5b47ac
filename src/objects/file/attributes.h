#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <sys/stat.h>

#include "objects/object_store.h"

namespace dth::objects::file {

// What is kept with a file in the extended attribute "user.dth.object": one line for each value,
// "content-type: text/plain". Where the file system has no such attributes, only bytes and
// modification time are kept. https://man7.org/linux/man-pages/man7/xattr.7.html
struct Attributes {
  ObjectMetadata metadata;
  // Of the file's bytes when they were written, and what these are a copy of. Both hold as long as
  // the file's size and modification time are these.
  Checksums checksums;
  Origin origin;
  std::uint64_t checksums_size = 0;
  timespec checksums_mtime{};
  // Of a directory that stands for an object whose key ends in a slash: when it was written; zero
  // for a file. Its `origin` holds as long as there is such a directory.
  TimePoint marker_written{};

  // Do checksums and origin hold for the file as it is?
  bool describe(const struct stat& file) const;
};

bool is_same_time(const timespec& a, const timespec& b);

std::string format_attributes(const Attributes& attributes);
// Passes over what it does not know.
Attributes parse_attributes(std::string_view text);

// Why these cannot be kept as lines, in words; nothing where they can.
std::optional<std::string> attributes_problem(const ObjectMetadata& metadata);

// Nothing where the file has none, or where attributes do not work: they are an extra, and the
// bytes are there without them. Some file systems in user space say so with EIO or the like. An
// error where the file has them and they cannot be read. Blocks, as all of these.
Result<std::optional<Attributes>> read_attributes(int file, const std::string& shown);
bool has_attributes(int file);

// Can this file, which was made for the question, have attributes?
bool keeps_attributes(int file);

// False where attributes do not work, and are dropped. invalid_argument where they are more than
// the file system takes.
Result<bool> write_attributes(int file, const Attributes& attributes, const std::string& shown);

Result<void> remove_attributes(int file, const std::string& shown);

// The calls that these are made with, for tests of file systems on which they fail: each as the
// system call of its name.
struct AttributeCalls {
  ssize_t (*get)(int file, const char* name, void* value, std::size_t size);
  ssize_t (*list)(int file, char* names, std::size_t size);
  int (*set)(int file, const char* name, const void* value, std::size_t size, int flags);
  int (*remove)(int file, const char* name);
};
extern AttributeCalls attribute_calls;

// What a HEAD tells of a file with these attributes.
ObjectHead head_of(std::string key, const struct stat& file,
                   const std::optional<Attributes>& attributes);

}  // namespace dth::objects::file

#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

#include "objects/object_store.h"

namespace dth::objects::file {

// What is kept with a file in the extended attribute "user.dth.object": one line for each value, "content-type: text/plain".
// Where the file system has no such attributes, only bytes and modification time are kept.
// https://man7.org/linux/man-pages/man7/xattr.7.html
struct Attributes {
  ObjectMetadata metadata;
  // Of the file's bytes when they were written, and what these are a copy of. Both hold as long as the file's size and
  // modification time are these.
  Checksums checksums;
  Origin origin;
  std::uint64_t checksums_size = 0;
  timespec checksums_mtime{};
  // Of a directory that stands for an object whose key ends in a slash: when it was written; zero for a file. Its `origin`
  // holds as long as there is such a directory.
  TimePoint marker_written{};

  // Do checksums and origin hold for the file as it is?
  bool describe(const struct stat& file) const;
};

std::string format_attributes(const Attributes& attributes);
// Passes over what it does not know.
Attributes parse_attributes(std::string_view text);

// Why these cannot be kept as lines, in words; nothing where they can.
std::optional<std::string> attributes_problem(const ObjectMetadata& metadata);

// Nothing where the file has none or the file system has no attributes. Blocks, as all of these.
Result<std::optional<Attributes>> read_attributes(int file, const std::string& shown);
bool has_attributes(int file);

// Can files of this file system have attributes? Looks at one and writes nothing.
bool keeps_attributes(int file);

// False where the file system has no attributes and they are dropped. invalid_argument where they are more than it takes.
Result<bool> write_attributes(int file, const Attributes& attributes, const std::string& shown);

Result<void> remove_attributes(int file, const std::string& shown);

// What a HEAD tells of a file with these attributes.
ObjectHead head_of(std::string key, const struct stat& file, const std::optional<Attributes>& attributes);

}  // namespace dth::objects::file

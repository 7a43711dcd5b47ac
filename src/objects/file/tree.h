#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include <sys/stat.h>

#include "base/error.h"
#include "objects/file/descriptor.h"

namespace dth::objects::file {

// The directories beneath a root. Whatever the keys say and whoever moves links about meanwhile,
// nothing outside of the root is reached: every path is walked from the root's open descriptor,
// name by name, and links are not followed. (The root's own path may lead through links.) All calls
// block. Thread-safe.
class Tree {
 public:
  // `path`: absolute. may_be_missing: a root that is not there is empty, and is made by the first
  // make_directory(); its parent has to be there, lest something be copied beneath the mount point
  // of a file system that is not mounted.
  Tree(std::string path, bool may_be_missing);

  // Opens the root, where it is there. not_found: it is not and must be, or its parent is not.
  Result<void> open();
  bool is_missing() const;

  // The root's path without links, ending in a slash.
  Result<std::string> real_path() const;

  // Is the directory that was opened still the one at the root's path? `unavailable` where it is
  // not: removed, unmounted or mounted over. To be asked before believing that something is not
  // there.
  Result<void> check_still_there() const;

  // "a/b" or "a/b/" or "" for the root. not_found where a name of it is missing, or is no
  // directory. `problem`, where it is not null: the errno of a failure.
  Result<Descriptor> open_directory(std::string_view path, int* problem = nullptr) const;

  // The same, but makes what is missing; what it made is on the disk when it returns.
  // already_exists where a name is something else than a directory, or that of another one in
  // another case.
  Result<Descriptor> make_directory(std::string_view path);

  // Removes this directory and those above it, as long as they are empty; never the root, nor one
  // that stands for an object.
  void prune(std::string_view path) const;

  // For messages: the path of something beneath the root.
  std::string name_of(std::string_view path) const;

 private:
  int root() const;
  Result<int> make_root();
  Result<Descriptor> try_make_directory(std::string_view path);
  Result<void> check_case(int directory, std::string_view path);

  const std::string path_;
  const bool may_be_missing_;
  mutable std::mutex mutex_;
  mutable Descriptor root_;
  std::unordered_set<std::string> checked_;  // directories whose case was looked at; bounded
};

// Does this directory take a name for the same in the other case? Asked of a name that is in it.
// Names without ASCII letters do not tell.
bool ignores_case(int directory, const std::string& name);

// Of a directory that ignores case, and takes `name` for that of the file or directory with this
// inode: the entry's true name where that is another one, else nothing.
Result<std::string> find_twin(int directory, const std::string& name, ino_t inode);

// What a file is, in words that follow its key; empty for a regular file.
std::string_view obstacle_of(mode_t mode);

}  // namespace dth::objects::file

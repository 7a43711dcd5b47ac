#pragma once

#include <string>

#include <sys/stat.h>

#include "base/hash.h"
#include "objects/file/attributes.h"
#include "objects/file/descriptor.h"
#include "objects/file/tree.h"

namespace dth::objects::file {

// A file that is being written under a name of its own, in the directory where it is to be seen:
// nobody sees it before it is whole, and on the disk. Its writer holds a lock on it (flock), so
// that what a dead process left is told from what a living one writes. All of it blocks.
class Draft {
 public:
  Draft() = default;
  Draft(Draft&&) = default;
  Draft& operator=(Draft&&) = default;
  ~Draft() { discard(); }

  // For the file `name` of `directory`; `shown` is its path in messages. A dead writer's draft of
  // the same file is replaced.
  static Result<Draft> begin(Descriptor directory, std::string name, std::string shown);
  // For the file of this path, in a directory that is made where it is missing.
  static Result<Draft> begin(Tree& tree, std::string_view path);

  bool is_open() const { return file_.is_open(); }
  int file() const { return file_.get(); }
  Result<void> append(Bytes bytes);
  std::uint64_t size() const { return size_; }

  // Gives it the name, its metadata and time; on the disk when it returns, directory entry
  // included.
  Result<struct stat> publish(const Attributes& attributes, Reported<TimePoint> modified,
                              const Precondition& precondition);

  // Takes it away; nothing where there is none.
  void discard();

 private:
  Descriptor directory_;
  Descriptor file_;
  std::string name_, own_name_, shown_;
  std::uint64_t size_ = 0;
};

// Removes a draft that nobody writes any more. False where somebody does, or it is none.
bool remove_stale_draft(int directory, const std::string& own_name);

// Writes all of it at `offset`.
Result<void> write_at(int file, Bytes bytes, std::uint64_t offset, const std::string& shown);

// Metadata, checksums and modification time, as far as the file system keeps them; then everything
// is on the disk. `modified`: where the metadata tell no time; unknown leaves it as it is.
Result<void> seal(int file, Attributes attributes, Reported<TimePoint> modified,
                  const std::string& shown);

// Renames `own_name` of `from` to `name` of `to`, where `precondition` allows it and the name is
// not something else's than a file's. if_absent is as atomic as the file system's renameat2() or
// link(); if_match is looked at just before. Returns how the file is then.
// https://man7.org/linux/man-pages/man2/rename.2.html
struct Move {
  int from = -1;
  std::string own_name = {};
  int to = -1;
  std::string name = {};
  int file = -1;           // what is moved
  std::string shown = {};  // the path of `name`, for messages
};
Result<struct stat> publish(const Move& move, const Precondition& precondition);

}  // namespace dth::objects::file

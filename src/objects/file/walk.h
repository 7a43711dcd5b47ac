#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

#include "objects/file/tree.h"
#include "objects/object_store.h"

namespace dth::objects::file {

struct WalkOptions {
  std::size_t names_max = 262'144;   // of one directory in memory at once
  bool remove_stale_drafts = false;  // of writers that are dead
  bool with_origins = false;         // read each file's attribute for ObjectInfo::origin
};

// The files beneath a root in byte order of their paths, which is not the order of their names:
// "a-b" < "a/b" < "a.b", so a directory stands where its name with a slash would. Blocks; for one
// thread at a time.
//
// Holds the names of the directories that lead to where it is, of each at most names_max: of a
// larger one the least are kept, and it is read again for those that follow. A directory that
// cannot be read, or not to its end, is an object that hides what lies in it
// (ObjectInfo::hidden_size); the root is an error, and so is one that is not the one any more that
// was opened. What vanishes while it is walked is passed over.
class Walk {
 public:
  // Directories ("a/b/") that are not entered.
  using LeavesOut = std::function<bool(std::string_view)>;

  // The paths that begin with `prefix` and are greater than `after`.
  Walk(const Tree& tree, std::string prefix, std::string after, WalkOptions options);

  // Appends up to `count` objects, fewer only at the end. `leaves_out` may be null.
  Result<void> next(std::size_t count, std::vector<ObjectInfo>* objects,
                    const LeavesOut* leaves_out = nullptr);
  bool ended() const { return levels_.empty() && !ahead_; }

 private:
  // A directory on the way.
  struct Level {
    std::string path;                     // "" or "a/b/"
    std::string name_prefix;              // of the names that are wanted
    std::vector<std::string> names = {};  // ascending; those of directories end in a slash
    std::size_t next = 0;
    bool complete = false;       // nothing comes after `names`
    std::string last_name = {};  // the last one of the reading before
    bool read_before = false;
  };

  Result<std::optional<ObjectInfo>> step();
  Result<std::optional<ObjectInfo>> enter(std::string path);
  Result<std::optional<ObjectInfo>> look_at(const std::string& path, const std::string& name);
  bool knows_sizes(dev_t device);
  Origin origin_of(const std::string& name, const struct stat& status) const;
  Result<bool> open(const std::string& path, int* problem);
  Result<std::optional<ObjectInfo>> read_more();
  Result<int> read_names(Level& level);
  Result<std::optional<ObjectInfo>> hide(const std::string& path, std::string_view why);
  Result<std::optional<ObjectInfo>> hide_or_fail(const std::string& path, int problem);
  bool is_wanted(const Level& level, const std::string& name) const;

  const Tree& tree_;
  const std::string prefix_, after_;
  const WalkOptions options_;
  std::vector<Level> levels_;
  Descriptor directory_;  // of directory_path_
  std::string directory_path_;
  std::optional<ObjectInfo> ahead_;
  dev_t device_ = 0;  // of which knows_sizes_ tells
  bool knows_sizes_ = true;
  std::string last_;  // the last key that was found; empty: none yet
  const LeavesOut* leaves_out_ = nullptr;
  bool begun_ = false;
};

}  // namespace dth::objects::file

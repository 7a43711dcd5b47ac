#pragma once

#include <memory>
#include <string>

#include "base/error.h"

namespace dth {

// What errors call the thing that a lock keeps for one process.
struct LockedThing {
  std::string name;    // "the state /var/lib/x.db"
  std::string advice;  // "wait until that one ends, or give another state file"
};

// Holds the file `lock_path` locked for as long as it lives. The kernel lets go of it when the
// process dies, however it dies; the file stays, with the process id of its last holder.
class ExclusiveLock {
 public:
  // Errors: already_exists (held, by another process or by this one; its id is told),
  // permission_denied, unavailable.
  static Result<std::unique_ptr<ExclusiveLock>> take(const std::string& lock_path,
                                                     const LockedThing& thing);
  // Is it held, by another process or by this one? Without taking it, not even for a moment: that
  // could refuse somebody.
  static Result<bool> is_held(const std::string& lock_path, const LockedThing& thing);
  ~ExclusiveLock();
  ExclusiveLock(const ExclusiveLock&) = delete;
  ExclusiveLock& operator=(const ExclusiveLock&) = delete;

 private:
  explicit ExclusiveLock(int file) : file_(file) {}
  int file_;
};

}  // namespace dth

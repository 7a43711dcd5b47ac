#pragma once

#include <memory>
#include <string>

#include "base/error.h"

namespace dth::state::sqlite {

// Holds `<path>.lock` for as long as it lives. The kernel lets go of it when the process dies, however it dies; the
// file stays, with the process id of its last holder.
class ExclusiveLock {
 public:
  // Errors: already_exists (held, by another process or by this one), permission_denied, unavailable.
  static Result<std::unique_ptr<ExclusiveLock>> take(const std::string& path);
  // Is it held, by another process or by this one? Without taking it, not even for a moment: that could refuse somebody.
  static Result<bool> is_held(const std::string& path);
  ~ExclusiveLock();
  ExclusiveLock(const ExclusiveLock&) = delete;
  ExclusiveLock& operator=(const ExclusiveLock&) = delete;

 private:
  explicit ExclusiveLock(int file) : file_(file) {}
  int file_;
};

}  // namespace dth::state::sqlite

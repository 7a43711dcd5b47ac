#pragma once

#include <array>
#include <mutex>

#include "objects/s3/errors.h"
#include "objects/transfer_aid.h"

namespace dth::objects::s3 {

// Which aids a store does not take. A refusal alone teaches nothing: the same request is tried
// without an aid that it used, one aid at a time, and only where that succeeds the aid is dropped
// for the store. No I/O. Thread-safe: all that talk to one store share it.
class LearntAids {
 public:
  AidSet dropped() const;
  void drop(AidSet aids);

  // A request that used `used` was refused; `trial` says what it left out before. Sets
  // `trial->without` to what its next try leaves out, as well or instead. False: the refusal is
  // about something else, or everything was tried.
  bool plan_next_try(const Refusal& refusal, AidSet used, AidTrial* trial);

  // A request succeeded that left these out. Returns what is dropped from now on and was not
  // before.
  AidSet succeeded(AidSet without);

  // Tries that may fail since the last update. When so many have failed, only sets of aids that no
  // try has left out yet are tried, once, and no more than so many sets. (Requests that are under
  // way side by side may each make a try.)
  static constexpr int failures_max = 4;

 private:
  bool may_try(AidSet without) const;
  void plan(AidSet without, AidTrial* trial);
  void note_failure(AidSet without);
  void forget();
  mutable std::mutex mutex_;
  AidSet dropped_;
  int failures_in_all_ = 0, sets_failed_ = 0;
  // What tries since the last update leave out. One that was planned before may succeed because of
  // that update.
  std::array<bool, 256> planned_{};
  std::array<std::uint8_t, 256> failures_{};  // by the set that was left out
};

}  // namespace dth::objects::s3

#pragma once

#include <optional>

#include "base/async_semaphore.h"
#include "engine/concurrency_control.h"
#include "engine/shared_permits.h"

namespace dth::engine {

// Lets operations begin, as many at once as ConcurrencyControl thinks best, first come, first
// served, and no more than `shared` has permits for, which other lanes take too. Not thread-safe:
// one lane's.
class AdaptiveLimit {
 public:
  // An operation under way. Every one that was let in must leave() again, save where the context
  // runs no more.
  struct Turn {
    MonotonicTime began;
  };

  // `shared` outlives it; null: this lane is alone.
  AdaptiveLimit(Executor executor, Clock& clock, ConcurrencyBounds bounds,
                SharedPermits* shared = nullptr);

  // Fails only with ErrorCode::cancelled. try_: without a coroutine; nothing where that takes
  // waiting.
  Async<Result<Turn>> enter();
  std::optional<Result<Turn>> try_enter();

  // It moved so many bytes; none where it failed or was stopped, which tells nothing of speed.
  void leave(Turn turn, std::optional<std::uint64_t> bytes);

  // A store asked for less.
  void throttled();

  std::uint32_t limit() const { return control_.limit(); }

 private:
  void follow();
  Async<Result<void>> take_shared();
  Clock& clock_;
  ConcurrencyControl control_;
  AsyncSemaphore turns_;
  SharedPermits* const shared_;
  AsyncSemaphore asking_;  // for a permit: one at a time
};

}  // namespace dth::engine

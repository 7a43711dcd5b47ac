#pragma once

#include "base/async_scope.h"

namespace dth {

// A sleep that somebody else can end early: for those who look now and then, and are told when
// looking is worthwhile. For one sleeper. Not thread-safe: wake() is called on the sleeper's
// executor.
class WakeableSleep {
 public:
  WakeableSleep(Executor executor, Clock& clock) : executor_(executor), clock_(clock) {}
  WakeableSleep(const WakeableSleep&) = delete;
  WakeableSleep& operator=(const WakeableSleep&) = delete;

  // Until `time` has passed or wake() is called; at once where it was called since the last sleep.
  // Fails with ErrorCode::cancelled and nothing else.
  Async<Result<void>> sleep_for(Duration time);

  void wake();

 private:
  Async<void> doze(Duration time);

  Executor executor_;
  Clock& clock_;
  AsyncScope* sleeper_ = nullptr;
  bool woken_ = false;
};

}  // namespace dth

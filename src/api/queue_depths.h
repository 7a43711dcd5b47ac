#pragma once

#include <optional>
#include <vector>

#include "base/async.h"
#include "base/blocking.h"
#include "base/clock.h"
#include "state/state.h"

namespace dth::api {

// How many jobs wait, for metrics. The state is asked every 15 s at most, however often the metrics
// are. For one thread.
class QueueDepths {
 public:
  // All outlive it.
  QueueDepths(state::State& state, BlockingExecutor& blocking, Clock& clock)
      : state_(state), blocking_(blocking), clock_(clock) {}

  // Nothing where the state does not answer.
  Async<std::optional<std::vector<state::QueueDepth>>> read();

 private:
  static constexpr std::chrono::seconds kept_for{15};
  state::State& state_;
  BlockingExecutor& blocking_;
  Clock& clock_;
  std::optional<MonotonicTime> asked_at_;
  std::optional<std::vector<state::QueueDepth>> depths_;
};

}  // namespace dth::api

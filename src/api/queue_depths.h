#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/async.h"
#include "base/blocking.h"
#include "base/clock.h"
#include "state/state.h"

namespace dth::api {

// What waits and what is under way, for metrics.
struct Depths {
  std::vector<state::QueueDepth> jobs;
  std::vector<std::pair<state::RunState, std::int64_t>> runs;  // those that are not over
};

// The state is asked every 15 s at most, however often the metrics are. For one thread.
class QueueDepths {
 public:
  // All outlive it.
  QueueDepths(state::State& state, BlockingExecutor& blocking, Clock& clock)
      : state_(state), blocking_(blocking), clock_(clock) {}

  // Nothing where the state does not answer.
  Async<std::optional<Depths>> read();

 private:
  static constexpr std::chrono::seconds kept_for{15};
  Result<Depths> ask();

  state::State& state_;
  BlockingExecutor& blocking_;
  Clock& clock_;
  std::optional<MonotonicTime> asked_at_;
  std::optional<Depths> depths_;
};

}  // namespace dth::api

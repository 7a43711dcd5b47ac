#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/blocking.h"
#include "runs/run_reader.h"

namespace dth::api {

using runs::RunView;

// Would a client be shown the same?
bool looks_same(const RunView& a, const RunView& b);

// Reads the hub's runs off the server's thread. Each call is a few transactions on the blocking
// executor, whose one piece of work is waited for even where the caller is cancelled. Thread-safe.
class RunReader {
 public:
  // All must outlive this.
  RunReader(state::State& state, Clock& clock, BlockingExecutor& blocking)
      : state_(state), reader_(state, clock), blocking_(blocking) {}

  // not_found where there is no such run.
  Async<Result<RunView>> find(std::string id);
  // The same with the backlog.
  Async<Result<RunView>> progress(std::string id);
  // The newest first, after the run of that id; empty: from the newest. invalid_argument where that
  // run is not there.
  Async<Result<std::vector<RunView>>> list(std::string after, std::size_t count_max);
  Async<Result<std::vector<state::Failure>>> failures(std::string id, std::size_t offset,
                                                      std::size_t count_max);
  // Can the state be read?
  Async<Result<void>> check();

 private:
  state::State& state_;
  runs::RunReader reader_;
  BlockingExecutor& blocking_;
};

}  // namespace dth::api

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/fair_queue.h"
#include "base/async.h"
#include "base/blocking.h"
#include "runs/run_reader.h"

namespace dth::api {

using runs::RunView;

// Would a client be shown the same?
bool looks_same(const RunView& a, const RunView& b);

// Reads the hub's runs off the server's thread. Each call waits for its turn among the clients',
// and leaves the queue where it is cancelled; then it is a few transactions on the blocking
// executor, which are waited for. `client`: whose turn it is; empty for the hub's own. For one
// executor's thread.
class RunReader {
 public:
  // All must outlive this.
  RunReader(state::State& state, Clock& clock, BlockingExecutor& blocking, FairQueue& queue)
      : state_(state), reader_(state, clock), blocking_(blocking), queue_(queue) {}

  // not_found where there is no such run.
  Async<Result<RunView>> find(std::string id, std::string client = {});
  // The same with the backlog.
  Async<Result<RunView>> progress(std::string id, std::string client = {});
  // The newest first, after the run of that id; empty: from the newest. invalid_argument where that
  // run is not there.
  Async<Result<std::vector<RunView>>> list(std::string after, std::size_t count_max,
                                           std::string client = {});
  Async<Result<std::vector<state::Failure>>> failures(std::string id, std::size_t offset,
                                                      std::size_t count_max,
                                                      std::string client = {});

 private:
  template <class Function>
  Async<std::invoke_result_t<Function&>> read(std::string client, Function function);

  state::State& state_;
  runs::RunReader reader_;
  BlockingExecutor& blocking_;
  FairQueue& queue_;
};

}  // namespace dth::api

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/blocking.h"
#include "engine/task.h"
#include "state/observed_run.h"

namespace dth::api {

// A run as the API shows it.
struct RunView {
  state::ObservedRun observed;
  engine::TaskSpec spec;
  std::vector<std::pair<std::string, state::Backlog>> backlog =
      {};  // by job kind; read by progress() only

  bool is_over() const { return state::is_over(observed.run.state); }
};

// Would a client be shown the same?
bool looks_same(const RunView& a, const RunView& b);

// Reads the hub's state, which other processes write. Each call is one or two transactions on the
// blocking executor, whose one piece of work is waited for even where the caller is cancelled.
// Thread-safe.
class RunReader {
 public:
  // `path` is the state's; all must outlive this.
  RunReader(state::State& state, std::string path, BlockingExecutor& blocking)
      : state_(state), path_(std::move(path)), blocking_(blocking) {}

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

  const std::string& path() const { return path_; }

 private:
  Result<RunView> view(state::Run run);
  Result<std::vector<RunView>> views(Result<std::vector<state::Run>> runs);

  state::State& state_;
  std::string path_;
  BlockingExecutor& blocking_;
};

}  // namespace dth::api

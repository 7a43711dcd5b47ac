#pragma once

#include <memory>
#include <new>
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

// Does what blocks on the state off the server's thread. Each call waits for its turn among the
// clients', and leaves the queue where it is cancelled; then it is on the blocking executor, and is
// waited for. For one executor's thread.
class StateReader {
 public:
  // All must outlive this.
  StateReader(state::State& state, BlockingExecutor& blocking, FairQueue& queue)
      : state_(state), blocking_(blocking), queue_(queue) {}

  // `function` is called with the state and answers a Result. `client`: whose turn it is; empty for
  // the hub's own.
  template <class Function>
  Async<std::invoke_result_t<Function&, state::State&>> read(std::string client,
                                                             Function function) {
    auto place = co_await queue_.enter(std::move(client));
    if (place.has_error()) co_return place.error();
    co_return co_await read_at_once(std::move(function));
  }

  // The same without waiting for a turn, and whether the caller is cancelled or not: for what has
  // to be written down of something that was done.
  template <class Function>
  Async<std::invoke_result_t<Function&, state::State&>> read_at_once(Function function) {
    // Nothing may be thrown on the executor's thread.
    const auto work = [this, &function]() -> std::invoke_result_t<Function&, state::State&> {
      try {
        return function(state_);
      } catch (const std::bad_alloc&) {
        return Error{ErrorCode::throttled,
                     "the hub has no memory left to read the state: try again in a moment", ""};
      }
    };
    co_return co_await run_blocking(blocking_, work);
  }

 private:
  state::State& state_;
  BlockingExecutor& blocking_;
  FairQueue& queue_;
};

// Reads the hub's runs off the server's thread. Each call waits for its turn among the clients',
// and leaves the queue where it is cancelled; then it is a few transactions on the blocking
// executor, which are waited for. `client`: whose turn it is; empty for the hub's own. For one
// executor's thread.
class RunReader {
 public:
  // All must outlive this.
  RunReader(state::State& state, Clock& clock, BlockingExecutor& blocking, FairQueue& queue)
      : reader_(state, clock), state_(state, blocking, queue) {}

  StateReader& state() { return state_; }

  // not_found where there is no such run.
  Async<Result<RunView>> find(std::string id, std::string client = {});
  // The same with the backlog.
  Async<Result<RunView>> progress(std::string id, std::string client = {});
  // RunReader::page() and count() of runs/.
  Async<Result<runs::RunPage>> page(std::shared_ptr<const runs::RunListFilter> filter,
                                    state::RunOrder order, std::optional<state::RunPosition> after,
                                    std::size_t count_max, std::string client = {});
  Async<Result<std::optional<std::int64_t>>> count(
      std::shared_ptr<const runs::RunListFilter> filter, std::string client = {});

 private:
  runs::RunReader reader_;
  StateReader state_;
};

}  // namespace dth::api

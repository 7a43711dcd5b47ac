#pragma once

#include <map>
#include <memory>
#include <string>

#include "api/run_reader.h"
#include "base/async_scope.h"
#include "base/clock.h"
#include "graphql/execution/resolvers.h"

namespace dth::api {

struct WatchOptions {
  std::chrono::milliseconds interval{500};  // between looks at a run
  std::size_t runs_max = 400;  // watched at the same time, by any number of subscribers
};

// What subscribers of runs see. However many watch a run, it is looked at by one poller, which ends
// with the last of them or with the run. For one executor's thread.
class RunWatchers {
 public:
  // All must outlive this.
  RunWatchers(Executor executor, RunReader& reader, Clock& clock, WatchOptions options = {});
  ~RunWatchers();

  // Each event is a RunView: the run as it is, and then every change. Ends when the run is over.
  // Errors: not_found, throttled (too many runs are watched).
  Async<Result<std::unique_ptr<graphql::EventStream>>> watch(std::string run,
                                                             std::string client = {});

  // Ends all streams. Streams may be destroyed before or after it.
  Async<void> stop();
  std::size_t watched() const { return watches_.size(); }

 private:
  struct Watch;
  class Stream;
  Async<void> poll(std::shared_ptr<Watch> watch);

  Executor executor_;
  RunReader& reader_;
  Clock& clock_;
  WatchOptions options_;
  std::map<std::string, std::shared_ptr<Watch>> watches_;
  AsyncScope pollers_;
};

}  // namespace dth::api

#pragma once

#include <functional>
#include <thread>

#include "state/postgres/connection_pool.h"
#include "state/work_watch.h"

namespace dth::state::postgres {

// Hears what other processes announce (LISTEN), on a connection and a thread of its own. Where the
// connection is lost it makes another one, ever less often, up to a minute apart: without it,
// processes that wait for jobs find them by asking.
class WorkListener final : public WorkWatch {
 public:
  // The pool outlives it.
  WorkListener(ConnectionPool& pool, std::function<void()> wake);
  ~WorkListener() override;
  WorkListener(const WorkListener&) = delete;
  WorkListener& operator=(const WorkListener&) = delete;

 private:
  void serve();
  // Until the connection is lost. Was there one?
  bool listen();
  // True: it was asked to stop.
  bool pause(std::chrono::milliseconds time) const;

  ConnectionPool& pool_;
  const std::function<void()> wake_;
  const int stop_;  // an eventfd
  std::thread thread_;
};

}  // namespace dth::state::postgres

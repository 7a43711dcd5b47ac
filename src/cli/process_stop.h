#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include <boost/asio/signal_set.hpp>

#include "base/async.h"
#include "base/clock.h"
#include "base/wakeable_sleep.h"
#include "engine/worker_process.h"

namespace dth::cli {

// What is in flight of a process that stops may end for so long.
inline constexpr std::chrono::seconds stop_grace{10};

// Who looks after a process looks again after that long; it is woken when something happens.
inline constexpr std::chrono::hours look_when_idle{1};
inline constexpr std::chrono::milliseconds look_when_stopping{200};

// What executes runs in this process is stopped: nothing is begun any more, and after the grace
// what is in flight is cut off and handed back. One thread.
class GracefulStop {
 public:
  GracefulStop(Clock& clock, Duration grace) : clock_(clock), grace_(grace) {}

  // Looks at the process, and does to it what is due. Its own failure stops it as well.
  void look(engine::WorkerProcess* process, bool is_wanted);
  bool is_stopping() const { return cancel_at_.has_value(); }

 private:
  Clock& clock_;
  const Duration grace_;
  std::optional<MonotonicTime> cancel_at_;
};

// How a process that executes runs is stopped: by SIGINT or SIGTERM, by its own failure, or because
// its caller wants it. Nothing is begun then, and after the grace what is in flight is cut off. A
// second signal ends the process at once with exit_interrupted. One thread.
class ProcessStop {
 public:
  // `on_interrupt` is called at the first signal.
  ProcessStop(Executor executor, Clock& clock, std::function<void()> on_interrupt)
      : stop_(clock, stop_grace),
        signals_(executor, SIGINT, SIGTERM),
        until_next_look_(executor, clock),
        on_interrupt_(std::move(on_interrupt)) {}

  // Looks at the process, and does to it what is due.
  void look(engine::WorkerProcess* process, bool is_wanted) {
    stop_.look(process, is_wanted || interrupted_);
  }
  // Until the next look: so long, or until wake() or a signal.
  Async<Result<void>> wait(Duration time) { return until_next_look_.sleep_for(time); }
  void wake() { until_next_look_.wake(); }

  // Listens for signals until end().
  Async<void> listen();
  void end() { signals_.cancel(); }

  bool interrupted() const { return interrupted_; }
  bool is_stopping() const { return stop_.is_stopping(); }

 private:
  GracefulStop stop_;
  boost::asio::basic_signal_set<Executor> signals_;
  WakeableSleep until_next_look_;
  const std::function<void()> on_interrupt_;
  bool interrupted_ = false;
};

}  // namespace dth::cli

// Waits for a run of a hub as if it were executed here.
#include <cstdio>

#include <boost/asio/io_context.hpp>

#include "base/async_scope.h"
#include "base/encoding.h"
#include "cli/exit_code.h"
#include "cli/progress.h"
#include "cli/remote/remote_runs.h"
#include "cli/session.h"

namespace dth::cli {
namespace {

constexpr std::chrono::milliseconds first_interval{200};
constexpr std::chrono::milliseconds interval_max{2000};
// A hub that is started again is waited for.
constexpr std::chrono::minutes outage_max{5};

Summary summary_of(const runs::RunView& view, const std::string& hub) {
  Summary summary;
  summary.run = view.run;
  summary.action = view.spec.action;
  const TimePoint end = view.run.ended_at.value_or(SystemClock().now());
  summary.seconds = std::chrono::duration<double>(end - view.run.created_at).count();
  summary.ledger = "of run " + view.run.id + ", at " + hub;
  summary.repairs = view.spec.option("repair") == "true";
  summary.accepts_unverified = view.spec.option("unverified") == "warn";
  return summary;
}

Async<void> sleep_coroutine(Clock* clock, Duration time) {
  (void)(co_await clock->sleep_for(time)).has_value();
}

void pause(Clock& clock, Duration time) {
  boost::asio::io_context context(1);
  AsyncScope scope(context.get_executor());
  scope.spawn(sleep_coroutine(&clock, time));
  context.run();
}

bool can_come_back(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout ||
         error.code == ErrorCode::throttled;
}

// Nothing but somebody's decision lets it go on.
bool needs_person(const runs::RunView& view) {
  const bool awaits_approval =
      view.run.waiting && view.run.waiting->what == state::WaitingFor::approval;
  return view.status == runs::RunStatus::paused || awaits_approval;
}

}  // namespace

int wait_for_run(client::HubClient& hub, const std::string& run, OutputFormat format) {
  SystemClock clock;
  ProgressView progress(ProgressView::detect(), clock, false);
  MonotonicTime last_answer = clock.monotonic_now();
  for (auto interval = first_interval;;) {
    auto view = read_run(hub, run);
    const bool is_late = clock.monotonic_now() - last_answer > outage_max;
    if (view.has_error() && (is_late || !can_come_back(view.error()))) {
      progress.end();
      return print_error(view.error());
    }
    if (view.has_value()) {
      last_answer = clock.monotonic_now();
      if (view->is_over()) {
        progress.end();
        return report(summary_of(*view, hub.name()), format, "");
      }
      std::vector<std::string> waiting;
      if (view->run.waiting) waiting.push_back(view->run.waiting->text);
      progress.show({view->run, view->backlog}, waiting);
      if (needs_person(*view)) {
        progress.end();
        std::fprintf(stderr, "dth: run %s is %s; it is not waited for\n", run.c_str(),
                     std::string(runs::to_string(view->status)).c_str());
        return exit_waits;
      }
    }
    pause(clock, interval);
    interval = std::min(interval * 2, interval_max);
  }
}

}  // namespace dth::cli

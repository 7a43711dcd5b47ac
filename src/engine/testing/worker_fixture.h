#pragma once

#include <functional>
#include <map>

#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "engine/counters.h"
#include "engine/testing/breakable_state.h"
#include "engine/worker.h"
#include "state/sqlite_state.h"

// For tests of the worker: jobs by script, on a simulated clock and a state in memory.
namespace dth::engine::testing {

using namespace std::chrono_literals;

using Answer = Async<Result<Finished>>;

inline Finished one_copied() {
  Finished finished;
  finished.effects.counts[Counter::copied] = 1;
  return finished;
}

// What the jobs of these tests do. None of them captures anything.
inline Answer succeed(Finished finished) { co_return finished; }
inline Answer fail(Error error) { co_return error; }

inline Answer sleep_then_finish(JobContext* context, std::chrono::milliseconds time,
                                Finished finished) {
  auto slept = co_await context->clock().sleep_for(time);
  if (slept.has_error()) co_return slept.error();
  co_return finished;
}
inline Answer sleep_then_succeed(JobContext* context, std::chrono::milliseconds time) {
  return sleep_then_finish(context, time, one_copied());
}

inline Answer sleep_then_fail(JobContext* context, std::chrono::milliseconds time, Error error) {
  auto slept = co_await context->clock().sleep_for(time);
  if (slept.has_error()) co_return slept.error();
  co_return error;
}

// Looks once a second whether it is to stop; then does as `hand_back` says.
inline Answer work_until_stopped(JobContext* context, bool hand_back, bool* may_start) {
  while (!context->stop_requested()) {
    auto slept = co_await context->clock().sleep_for(1s);
    if (slept.has_error()) co_return slept.error();
  }
  if (may_start) *may_start = context->may_start();
  if (hand_back) co_return cancelled_error();
  co_return one_copied();
}

inline Answer advance_then_work(JobContext* context) {
  Finished step = one_copied();
  ledger::Line line;
  line.key = "k";
  line.outcome = ledger::Outcome::copied;
  step.lines.add(line);
  std::string payload = "second";
  auto advanced =
      co_await context->advance(std::move(payload), std::move(step.effects), std::move(step.lines));
  if (advanced.has_error()) co_return advanced.error();
  co_return co_await work_until_stopped(context, true, nullptr);
}

// Leaves the rest of its work as a new job once it is to stop.
inline Answer hand_on_when_stopped(JobContext* context) {
  while (!context->stop_requested()) {
    auto slept = co_await context->clock().sleep_for(1s);
    if (slept.has_error()) co_return slept.error();
  }
  Finished finished;
  finished.effects.jobs.push_back({.kind = "job", .payload = "rest"});
  co_return finished;
}

inline Answer wait_for_room(JobContext* context) {
  auto room = co_await context->wait_for_room("other", 3);
  if (room.has_error()) co_return room.error();
  co_return one_copied();
}

// Looks at the state while it is appended to.
class WatchingLedger final : public ledger::Ledger {
 public:
  explicit WatchingLedger(state::State& state) : state_(state) {}
  Result<state::Segment> append(const std::string& run, const ledger::LineBuffer& lines) override {
    if (failure) return *failure;
    copied_when_written.push_back(state_.runs().find_run(run)->counts[Counter::copied]);
    state::Segment segment;
    segment.file = "f";
    segment.items = lines.items();
    return segment;
  }
  std::vector<std::int64_t> copied_when_written;
  std::optional<Error> failure;

 private:
  state::State& state_;
};

// A ledger that is sealed for nobody.
class CountingSealer final : public ledger::Sealer {
 public:
  Result<void> seal(const state::Run& run, std::vector<state::Segment> segments) override {
    if (failure) {
      ++refusals;
      return *failure;
    }
    states.push_back(run.state);
    segment_count = segments.size();
    return {};
  }
  std::vector<state::RunState> states;
  std::size_t segment_count = 0;
  int refusals = 0;
  std::optional<Error> failure;
};

class WorkerTest : public ::testing::Test, public RunnerProvider, public JobRunner {
 protected:
  WorkerTest() : work_(context_.get_executor()) {
    options_.worker = "worker";
    options_.scope.anybody = true;
    options_.slots = {{"job", 1}};
  }

  ~WorkerTest() override {
    if (worker_ && !result_) stop_and_drain(true);
  }

  // A run of `count` jobs.
  void create(int count, const std::string& kind = "job", const std::string& run = "run") {
    std::vector<state::NewJob> jobs;
    for (int i = 0; i < count; ++i) jobs.push_back({.kind = kind, .payload = "first"});
    create(std::move(jobs), run);
  }
  void create(std::vector<state::NewJob> jobs, const std::string& run = "run") {
    const state::NewRun row{.id = run, .kind = "kind", .spec = "{}"};
    ASSERT_TRUE(state_.runs().create_run(row, jobs, clock_.now()).has_value());
  }

  void start() {
    worker_ = std::make_unique<Worker>(EngineServices{clock_, state_, ledger_, blocking_},
                                       context_.get_executor(), *this, options_);
    scope_ = std::make_unique<AsyncScope>(context_.get_executor());
    scope_->spawn(serve());
  }

  // Drives everything until `done`; false where that does not come.
  bool drive(const std::function<bool()>& done) {
    for (int step = 0; step < 200'000; ++step) {
      if (done()) return true;
      if (context_.poll_one() == 0 && !clock_.wake_next()) return false;
    }
    return false;
  }
  // Until the run has no job but the one that closes it.
  bool drive_until_drained() {
    return drive([this] {
      const auto backlog = state_.runs().progress("run")->backlog;
      const bool is_drained = std::all_of(backlog.begin(), backlog.end(), [](const auto& kind) {
        return kind.first == state::close_job_kind;
      });
      return result_ || is_drained;
    });
  }
  Result<void> stop_and_drain(bool cut_off = false) {
    if (cut_off) {
      worker_->cancel();
    } else {
      worker_->request_stop();
    }
    EXPECT_TRUE(drive([this] { return result_.has_value() && scope_->size() == 0; }));
    return result_.value_or(cancelled_error());
  }

  std::vector<state::Job> claim_as_another(const std::string& kind = "job") {
    return state_.jobs()
        .claim({.worker = "another",
                .scope = {.anybody = true},
                .kinds = {{kind, 10}},
                .count_max = 10,
                .now = clock_.now(),
                .lease_until = clock_.now() + 60s})
        .value();
  }
  std::int64_t copied(const std::string& run = "run") {
    return state_.runs().find_run(run)->counts[Counter::copied];
  }
  // As a worker with a signing key does.
  state::Run end_run() {
    const auto close = claim_as_another(std::string(state::close_job_kind));
    EXPECT_EQ(close.size(), 1u);
    EXPECT_TRUE(state_.runs().end_run(close.at(0).lease, clock_.now()).has_value());
    return state_.runs().find_run("run").value();
  }

  Async<Result<std::shared_ptr<JobRunner>>> runner_for(const state::Job& job) override {
    if (const auto failure = opening_failures_.find(job.run); failure != opening_failures_.end())
      co_return failure->second;
    co_return std::shared_ptr<JobRunner>(std::shared_ptr<void>(), this);
  }
  Async<Result<Finished>> execute(JobContext& context) override {
    ++executions_;
    executed_at_.push_back(clock_.monotonic_now());
    attempts_.push_back(context.job().attempts);
    return scripts_.at(context.job().kind)(&context);
  }
  state::Counts take_request_counts() override { return {}; }
  std::vector<std::string> take_warnings() override { return std::exchange(warnings_, {}); }
  Async<Result<void>> settle(EngineServices, std::string) override {
    ++settled_;
    co_return settle_result_;
  }

  SimulatedClock clock_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::unique_ptr<state::State> sqlite_ =
      state::open_sqlite_state({":memory:", false, false}).value();
  BreakableState state_{*sqlite_};
  WatchingLedger ledger_{*sqlite_};
  InlineExecutor blocking_;
  WorkerOptions options_;
  std::map<std::string, std::function<Answer(JobContext*)>> scripts_;
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<AsyncScope> scope_;
  std::optional<Result<void>> result_;
  std::map<std::string, Error> opening_failures_;  // by run: its stores cannot be opened
  int executions_ = 0;
  int settled_ = 0;
  Result<void> settle_result_;
  std::vector<MonotonicTime> executed_at_;
  std::vector<int> attempts_;
  std::vector<std::string> warnings_;  // that nobody has taken yet

 private:
  Async<void> serve() { result_ = co_await worker_->run(); }
};

}  // namespace dth::engine::testing

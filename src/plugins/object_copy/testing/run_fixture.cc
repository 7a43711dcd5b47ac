#include "plugins/object_copy/testing/run_fixture.h"

#include "plugins/object_copy/counters.h"
#include "state/sqlite_state.h"

namespace dth::object_copy::testing {
namespace {

// One runner for every job.
class OneRunner final : public engine::RunnerProvider {
 public:
  explicit OneRunner(engine::JobRunner& runner) : runner_(runner) {}
  Async<Result<std::shared_ptr<engine::JobRunner>>> runner_for(const state::Job&) override {
    co_return std::shared_ptr<engine::JobRunner>(std::shared_ptr<void>(), &runner_);
  }

 private:
  engine::JobRunner& runner_;
};

}  // namespace

RunFixture::RunFixture()
    : state(state::open_sqlite_state({":memory:", false, false}).value()),
      work_guard_(context_.get_executor()) {
  copy.multipart_threshold_bytes = 100;
  copy.part_size_bytes = 50;
  tuning.part_job_bytes = 100;
  destination_options.limits.part_size_min = 10;
}

RunFixture::~RunFixture() = default;

void RunFixture::start() {
  if (one_place) destination_options.neighbours = {&source};
  source_store_ = std::make_unique<objects::MemoryStore>(source, clock, source_options);
  destination_store_ = std::make_unique<objects::MemoryStore>(one_bucket ? source : destination,
                                                              clock, destination_options);
  corrupting_source_ = std::make_unique<CorruptingStore>(*source_store_);
  corrupting_destination_ = std::make_unique<CorruptingStore>(*destination_store_);
  if (!copy.list_location.empty()) {
    list_store_ = std::make_unique<objects::MemoryStore>(lists, clock);
    list_file_ = make_stored_list_file(*list_store_, copy.list_location, clock, 1);
  }
  make_runner();
  const state::NewRun run{.id = "run", .kind = "object_copy", .spec = "{}"};
  ASSERT_TRUE(state->runs()
                  .create_run(run, jobs.empty() ? first_jobs(copy) : jobs, clock.now())
                  .has_value());
}

void RunFixture::resume() {
  ++tuning.process;
  make_runner();
}

void RunFixture::make_runner() {
  runner_ = std::make_unique<ObjectCopyRunner>(
      copy, tuning,
      LaneStores{*corrupting_source_, *corrupting_destination_, requests_, list_file_.get(),
                 nullptr, earlier.get(), one_place ? "source" : "", outlasts ? &outages : nullptr},
      context_.get_executor(), clock);
}

void RunFixture::drive(Async<void> work) {
  AsyncScope scope(context_.get_executor());
  scope.spawn(std::move(work));
  for (int step = 0; scope.size() > 0; ++step) {
    const bool moved = context_.poll_one() > 0 || clock.wake_next();
    ASSERT_TRUE(moved) << "nothing moves any more";
    ASSERT_LT(step, 1'000'000) << "it does not end";
  }
}

Async<void> RunFixture::serve(engine::Worker* worker, bool* ended) {
  auto worked = co_await worker->run();
  EXPECT_TRUE(worked.has_value()) << worked.error().to_string();
  *ended = true;
}

Async<void> RunFixture::watch(engine::Worker* worker, bool* ended) {
  AsyncScope scope(context_.get_executor());
  scope.spawn(serve(worker, ended));
  while (!*ended) {
    if (is_drained() || enough()) worker->request_stop();
    auto slept = co_await clock.sleep_for(std::chrono::seconds(1));
    if (slept.has_error()) break;
  }
  co_await scope.join();
}

bool RunFixture::is_drained() {
  const auto backlog = state->runs().progress("run")->backlog;
  return std::all_of(backlog.begin(), backlog.end(),
                     [](const auto& kind) { return kind.first == state::close_job_kind; });
}

void RunFixture::work() {
  halted.reset();
  if (state->runs().find_run("run")->state == state::RunState::waiting) {
    ASSERT_TRUE(state->runs().resume("run").has_value());
  }
  OneRunner runners(*runner_);
  engine::WorkerOptions options;
  options.worker = "worker";
  options.scope.anybody = true;
  options.on_run_stopped = [this](const std::string&, const Error& why) {
    halted = why;
    worker->request_stop();
  };
  options.slots = slots;
  options.poll_interval_max = std::chrono::seconds(1);
  engine::Worker own(services(), context_.get_executor(), runners, options);
  worker = &own;
  bool ended = false;
  drive(watch(&own, &ended));
  worker = nullptr;
}

Async<void> RunFixture::settle(ObjectCopyRunner* runner) {
  auto settled = co_await runner->settle(services(), "run");
  EXPECT_TRUE(settled.has_value()) << settled.error().to_string();
}

state::Run RunFixture::close() {
  const auto close = claim(std::string(state::close_job_kind));
  EXPECT_EQ(close.size(), 1u);
  if (!close.empty()) {
    EXPECT_TRUE(state->runs().end_run(close[0].lease, clock.now()).has_value());
  }
  return state->runs().find_run("run").value();
}

state::Run RunFixture::end() {
  settle_now();
  const state::Run run = close();
  // What holds of every run that was not given up.
  const state::Counts& counts = run.counts;
  const std::int64_t to_delete =
      copy.action == options::Action::sync && !copy.dry_run ? counts[Counter::extra] : 0;
  const std::int64_t told = counts[Counter::copied] + counts[Counter::deleted_at_source] +
                            counts[Counter::failed] + counts[Counter::deleted] +
                            counts[Counter::matched] + counts[Counter::undetermined];
  if (run.error.empty() && !copy.dry_run) {
    EXPECT_EQ(counts[Counter::selected] + to_delete,
              counts[Counter::unchanged] + counts[Counter::skipped] + told);
  }
  std::map<std::string, int> keys;
  std::int64_t lines_of_outcomes = 0;
  for (const ledger::Line& line : lines()) {
    if (line.outcome == ledger::Outcome::skipped || line.outcome == ledger::Outcome::unchanged)
      continue;
    // What was copied, and then gone from the source, may be deleted by the same run.
    EXPECT_EQ(++keys[(line.outcome == ledger::Outcome::deleted ? "deleted " : "") + line.key], 1)
        << "counted twice: " << line.key;
    if (line.outcome != ledger::Outcome::extra && line.outcome != ledger::Outcome::would_delete)
      ++lines_of_outcomes;
  }
  EXPECT_EQ(lines_of_outcomes, told);
  EXPECT_TRUE(state->uploads().open_uploads("run", "").value().empty());
  return run;
}

state::Run RunFixture::run() {
  start();
  work();
  return end();
}

void RunFixture::put(const std::string& key, const std::string& bytes,
                     objects::ObjectMetadata metadata) {
  source.put(key, bytes, std::move(metadata), clock.now() - std::chrono::hours(1));
}

std::vector<ledger::Line> RunFixture::lines() {
  return ledger_.lines(state->records().segments("run").value());
}

std::vector<state::Failure> RunFixture::failures() {
  return state->records().failures("run", 0, 1000).value();
}

std::vector<state::Job> RunFixture::claim(const std::string& kind, Duration ahead) {
  const TimePoint now = clock.now() + std::chrono::duration_cast<TimePoint::duration>(ahead);
  return state->jobs()
      .claim({.worker = "another",
              .scope = {.anybody = true},
              .kinds = {{kind, state::claim_count_max}},
              .count_max = state::claim_count_max,
              .now = now,
              .lease_until = now + std::chrono::minutes(1)})
      .value();
}

std::vector<state::Job> RunFixture::claim_and_die(const std::string& kind, Duration ahead) {
  auto jobs = claim(kind, ahead);
  for (const state::Job& job : jobs)
    EXPECT_TRUE(state->jobs().release(job.lease, clock.now(), false).has_value());
  return jobs;
}

objects::MemoryBucket::RequestHook RunFixture::before(objects::StoreOperation operation, int nth,
                                                      std::function<void()> act) {
  return [=, seen = 0](objects::StoreOperation request,
                       const std::string&) mutable -> std::optional<Error> {
    if (request == operation && ++seen == nth) act();
    return std::nullopt;
  };
}

objects::MemoryBucket::RequestHook RunFixture::fail_always(objects::StoreOperation operation,
                                                           std::string key, Error error) {
  return [=](objects::StoreOperation request, const std::string& asked) -> std::optional<Error> {
    if (request == operation && asked == key) return error;
    return std::nullopt;
  };
}

std::function<bool()> RunFixture::times(int times) {
  return [left = times]() mutable { return left-- > 0; };
}

}  // namespace dth::object_copy::testing

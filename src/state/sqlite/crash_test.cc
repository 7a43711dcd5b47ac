#include <csignal>
#include <random>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "state/sqlite_state.h"
#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

namespace dth::state::testing {
namespace {

constexpr std::int64_t items_per_batch = 7;
const TimePoint start = TimePoint(std::chrono::hours(24 * 365 * 56));

ClaimRequest claim_of(const std::string& worker, const std::string& kind, std::uint32_t count_max) {
  return {.worker = worker,
          .scope = {.anybody = true},
          .kinds = {{kind, 1'000}},
          .count_max = count_max,
          .now = start,
          .lease_until = start + std::chrono::hours(1)};
}

// One writer: a scan that goes on for ever and emits copy jobs, the copy jobs, and groups. Says one
// byte into `told` for each finished batch, after the transaction returned. Ends only by being
// killed, or with a status that names a failure.
[[noreturn]] void write_for_ever(const std::string& path, int told) {
  auto opened = open_sqlite_state({.path = path});
  if (opened.has_error()) ::_exit(2);
  State& state = **opened;
  const std::string worker = "w" + std::to_string(::getpid());
  if (state.workers().register_worker({.id = worker}, start).has_error()) ::_exit(3);
  if (state.workers().free_dead(start).has_error()) ::_exit(3);
  const auto claim = [&](const char* kind) {
    auto jobs = state.jobs().claim(claim_of(worker, kind, 1));
    if (jobs.has_error()) ::_exit(4);
    return jobs->empty() ? std::optional<Job>() : std::optional<Job>(jobs->front());
  };
  for (;;) {
    const auto scan = claim("scan");
    if (!scan) ::_exit(5);
    Effects emitted{.jobs = {{.kind = "copy", .payload = "batch", .items = items_per_batch}}};
    emitted.groups.push_back(
        {.members = {{.kind = "copy", .payload = "m", .items = items_per_batch},
                     {.kind = "copy", .payload = "m", .items = items_per_batch}},
         .continuation = {.kind = "copy", .payload = "c", .items = items_per_batch}});
    emitted.counts[Counter::scanned] = 4 * items_per_batch;
    const std::string cursor = std::to_string(std::stoll(scan->payload) + 1);
    if (state.jobs().advance(scan->lease, cursor, emitted, start).has_error()) ::_exit(6);
    for (int i = 0; i < 4; ++i) {
      const auto copy = claim("copy");
      if (!copy) break;
      Effects done{.failures = {{.key = "one failure a batch", .at = start}},
                   .segment = Segment{.file = "f"}};
      done.counts[Counter::copied] = items_per_batch;
      if (state.jobs().finish(copy->lease, done, start).has_error()) ::_exit(7);
      if (::write(told, "x", 1) != 1) ::_exit(8);
    }
    if (state.jobs().release(scan->lease, start, true).has_error()) ::_exit(9);
  }
}

// A worker that takes a job, says so and does nothing more.
[[noreturn]] void hold_a_job(const std::string& path, const std::string& worker, int told) {
  auto opened = open_sqlite_state({.path = path});
  if (opened.has_error()) ::_exit(2);
  State& state = **opened;
  if (state.workers().register_worker({.id = worker}, start).has_error()) ::_exit(3);
  auto jobs = state.jobs().claim(claim_of(worker, "copy", 1));
  if (jobs.has_error() || jobs->size() != 1) ::_exit(4);
  if (::write(told, "x", 1) != 1) ::_exit(5);
  for (;;) ::pause();
}

// Is killed at the end of its test at the latest.
struct Child {
  pid_t process = -1;
  int told = -1;

  Child(pid_t process, int told) : process(process), told(told) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { kill(); }

  void kill() {
    if (process <= 0) return;
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
    ::close(told);
    process = -1;
  }
};

Child start_holder(const std::string& path, const std::string& worker) {
  int ends[2];
  if (::pipe(ends) != 0) return {-1, -1};
  const pid_t process = ::fork();
  if (process == 0) hold_a_job(path, worker, ends[1]);
  ::close(ends[1]);
  char byte = 0;
  EXPECT_EQ(::read(ends[0], &byte, 1), 1) << worker << " did not come to hold a job";
  return {process, ends[0]};
}

}  // namespace

// Of two processes that share a state one is killed: its job comes back at once, the other's stays.
TEST(SqliteCrash, KilledProcessesLeasesAreFreedAtOnceAndNoOthers) {
  TemporaryDirectory directory;
  const std::string path = directory / "state.db";
  auto opened = open_sqlite_state({.path = path});
  ASSERT_OK(opened);
  const NewRun run{.id = "r", .kind = "k", .spec = ""};
  ASSERT_OK((*opened)->runs().create_run(
      run, {{.kind = "copy", .payload = "1"}, {.kind = "copy", .payload = "2"}}, start));
  opened->reset();  // no lock of ours is to be inherited
  Child living = start_holder(path, "living"), dying = start_holder(path, "dying");
  opened = open_sqlite_state({.path = path});
  ASSERT_OK(opened);
  State& state = **opened;
  // One that stands still is not dead.
  ASSERT_EQ(::kill(dying.process, SIGSTOP), 0);
  EXPECT_TRUE(state.workers().free_dead(start)->empty());
  dying.kill();
  EXPECT_EQ(*state.workers().free_dead(start), std::vector<std::string>{"dying"});
  auto jobs = state.jobs().claim(claim_of("w", "copy", 9));
  ASSERT_OK(jobs);
  ASSERT_EQ(jobs->size(), 1u);
  EXPECT_EQ(jobs->front().payload, "2");
  EXPECT_EQ(jobs->front().attempts, 2);
  auto workers = state.workers().list(start);
  ASSERT_OK(workers);
  ASSERT_EQ(workers->size(), 1u);
  EXPECT_EQ(workers->front().id, "living");
  EXPECT_EQ(workers->front().life, WorkerInfo::Life::alive);
  EXPECT_EQ(workers->front().jobs_held, 1);
  EXPECT_FALSE(std::filesystem::exists(path + ".workers/dying.lock"));
  EXPECT_TRUE(std::filesystem::exists(path + ".workers/living.lock"));
  living.kill();
  EXPECT_EQ(state.workers().list(start)->front().life, WorkerInfo::Life::dead);
  EXPECT_EQ(state.workers().free_dead(start)->size(), 1u);
}

// kill -9 at random instants: after each, what was told to be done is there, and scanned == copied
// + backlog.
TEST(SqliteCrash, NothingIsLostNorCountedTwiceWhenTheWriterIsKilled) {
  TemporaryDirectory directory;
  const std::string path = directory / "state.db";
  {
    auto state = open_sqlite_state({.path = path});
    ASSERT_OK(state);
    ASSERT_OK((*state)->runs().create_run({.id = "r", .kind = "k", .spec = ""},
                                          {{.kind = "scan", .payload = "0"}}, start));
  }
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::int64_t told_total = 0;
  for (int round = 0; round < 12; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe_ends[0]);
      write_for_ever(path, pipe_ends[1]);
    }
    ::close(pipe_ends[1]);
    // Some batches, then the next one or a random instant before it, so that the blow falls
    // anywhere within a transaction.
    char byte = 0;
    const int batches = 1 + static_cast<int>(random() % 40);
    for (int i = 0; i < batches; ++i) {
      ASSERT_EQ(::read(pipe_ends[0], &byte, 1), 1) << "the writer ended by itself";
      ++told_total;
    }
    pollfd next{.fd = pipe_ends[0], .events = POLLIN, .revents = 0};
    const timespec instant{.tv_sec = 0, .tv_nsec = static_cast<long>(random() % 3'000'000)};
    ASSERT_GE(::ppoll(&next, 1, &instant, nullptr), 0);
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended with status " << WEXITSTATUS(status);
    while (::read(pipe_ends[0], &byte, 1) == 1) ++told_total;
    ::close(pipe_ends[0]);

    auto opened = open_sqlite_state({.path = path});
    ASSERT_OK(opened);
    auto progress = (*opened)->runs().progress("r");
    ASSERT_OK(progress);
    const Counts& counts = progress->run.counts;
    std::map<std::string, Backlog> backlog(progress->backlog.begin(), progress->backlog.end());
    EXPECT_EQ(backlog["scan"].jobs, 1);
    const std::int64_t finished = counts[Counter::copied] / items_per_batch;
    EXPECT_GE(finished, told_total) << "a batch that was reported done is lost";
    EXPECT_LE(finished, told_total + round + 1)
        << "at most one batch a round may be done and not reported";
    EXPECT_EQ((*opened)->records().failures("r", 0, 1'000'000)->size(),
              static_cast<std::size_t>(finished));
    EXPECT_EQ((*opened)->records().segments("r")->size(), static_cast<std::size_t>(finished));
    // Of each four batches scanned, one is a continuation, which is a job only once its members are
    // done.
    const std::int64_t scanned = counts[Counter::scanned] / items_per_batch;
    EXPECT_LE(finished + backlog["copy"].jobs, scanned);
    EXPECT_GE(finished + backlog["copy"].jobs, scanned - scanned / 4);
    EXPECT_EQ(backlog["copy"].items, backlog["copy"].jobs * items_per_batch);
    told_total = finished;
  }
  // What is left drains to the end, and then every batch that was scanned has been copied exactly
  // once.
  auto opened = open_sqlite_state({.path = path});
  ASSERT_OK(opened);
  State& state = **opened;
  ASSERT_OK(state.workers().free_dead(start));
  for (;;) {
    auto jobs = state.jobs().claim(claim_of("w", "copy", 64));
    ASSERT_OK(jobs);
    if (jobs->empty()) break;
    for (const Job& job : *jobs) {
      Effects done;
      done.counts[Counter::copied] = items_per_batch;
      ASSERT_OK(state.jobs().finish(job.lease, done, start));
    }
  }
  auto scans = state.jobs().claim(claim_of("w", "scan", 9));
  ASSERT_OK(scans);
  ASSERT_EQ(scans->size(), 1u);
  EXPECT_EQ(std::stoll(scans->front().payload) * 4 * items_per_batch,
            state.runs().find_run("r")->counts[Counter::scanned]);
  ASSERT_OK(state.jobs().finish(scans->front().lease, {}, start));
  auto closing = state.jobs().claim(claim_of("w", std::string(close_job_kind), 9));
  ASSERT_OK(closing);
  ASSERT_EQ(closing->size(), 1u);
  ASSERT_OK(state.runs().end_run(closing->front().lease, start));
  const auto run = *state.runs().find_run("r");
  EXPECT_EQ(run.counts[Counter::copied], run.counts[Counter::scanned]);
  EXPECT_EQ(run.state, RunState::succeeded);
}

}  // namespace dth::state::testing

#include "state/testing/state_conformance.h"

namespace dth::state::testing {

// An engine that is not there to run the suite is seen elsewhere: by its own instantiation.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StateConformance);

void StateConformance::SetUp() {
  place_ = GetParam()();
  ASSERT_NE(place_, nullptr);
  if (!place_->is_there()) GTEST_SKIP() << "no server to test with: see tests/servers/postgres.sh";
  auto opened = place_->open();
  ASSERT_FALSE(opened.has_error()) << why(opened);
  state_ = std::move(*opened);
}

void StateConformance::reopen() {
  state_.reset();
  auto opened = place_->open();
  ASSERT_FALSE(opened.has_error()) << why(opened);
  state_ = std::move(*opened);
}

std::unique_ptr<State> StateConformance::open_another() {
  auto opened = place_->open();
  EXPECT_FALSE(opened.has_error()) << why(opened);
  return opened.has_error() ? nullptr : std::move(*opened);
}

TimePoint StateConformance::at(int seconds) {
  return TimePoint(std::chrono::hours(24 * 365 * 56)) + std::chrono::seconds(seconds);
}

void StateConformance::create_run(const std::string& id, int count, const Placement& placement,
                                  int weight) {
  std::vector<NewJob> jobs;
  for (int i = 0; i < count; ++i)
    jobs.push_back({.kind = "copy", .payload = std::to_string(i), .items = 1});
  NewRun run{.id = id, .kind = "object_copy", .spec = "{}"};
  run.placement = placement;
  run.weight = weight;
  auto created = state().runs().create_run(run, jobs, at(0));
  ASSERT_FALSE(created.has_error()) << why(created);
}

ClaimRequest StateConformance::claim_request(int now, std::uint32_t count_max, int lane,
                                             ClaimScope scope) {
  return {.worker = "worker",
          .lane = lane,
          .scope = std::move(scope),
          .kinds = {{"copy", 1'000}, {std::string(close_job_kind), 1}},
          .count_max = count_max,
          .now = at(now),
          .lease_until = at(now + 60)};
}

std::vector<Job> StateConformance::take(int now, std::uint32_t count_max, int lane,
                                        ClaimScope scope) {
  ClaimRequest request = claim_request(now, count_max, lane, std::move(scope));
  request.kinds.pop_back();
  auto jobs = state().jobs().claim(request);
  EXPECT_FALSE(jobs.has_error()) << why(jobs);
  return jobs.has_error() ? std::vector<Job>() : std::move(*jobs);
}

Job StateConformance::take_close(int now, int lane) {
  ClaimRequest request = claim_request(now, 9, lane);
  request.kinds.erase(request.kinds.begin());
  auto jobs = state().jobs().claim(request);
  EXPECT_FALSE(jobs.has_error()) << why(jobs);
  if (jobs.has_error() || jobs->size() != 1) {
    ADD_FAILURE() << "not one close job";
    return {};
  }
  return std::move(jobs->front());
}

std::vector<Job> StateConformance::claim(int now, std::uint32_t count, const std::string& kind) {
  ClaimRequest request = claim_request(now, count, 0);
  request.kinds = {{kind, 1'000'000}};
  auto jobs = state().jobs().claim(request);
  EXPECT_FALSE(jobs.has_error()) << why(jobs);
  return jobs.has_error() ? std::vector<Job>() : std::move(*jobs);
}

bool StateConformance::end(const std::string& run, int now) {
  ClaimRequest request = claim_request(now, 64, 0);
  request.kinds = {{std::string(close_job_kind), 1}};
  auto jobs = state().jobs().claim(request);
  EXPECT_FALSE(jobs.has_error()) << why(jobs);
  bool ended = false;
  for (const Job& job : jobs.has_error() ? std::vector<Job>() : *jobs) {
    const auto done = job.run == run ? state().runs().end_run(job.lease, at(now))
                                     : state().jobs().release(job.lease, TimePoint(), true);
    EXPECT_FALSE(done.has_error()) << why(done);
    ended = ended || job.run == run;
  }
  return ended;
}

Job StateConformance::claim_one(int now, const std::string& kind) {
  auto jobs = claim(now, 1, kind);
  EXPECT_EQ(jobs.size(), 1u) << "no job of kind " << kind;
  return jobs.empty() ? Job() : std::move(jobs.front());
}

void StateConformance::finish(const Job& job, const Effects& effects) {
  auto finished = state().jobs().finish(job.lease, effects, at(1));
  EXPECT_FALSE(finished.has_error()) << why(finished);
}

Counts StateConformance::counts(const std::string& run) {
  auto found = state().runs().find_run(run);
  EXPECT_FALSE(found.has_error()) << why(found);
  return found.has_error() ? Counts() : found->counts;
}

Backlog StateConformance::backlog(const std::string& run, const std::string& kind) {
  auto backlog = state().jobs().backlog(run, kind);
  EXPECT_FALSE(backlog.has_error()) << why(backlog);
  return backlog.has_error() ? Backlog() : *backlog;
}

Counts count(const state::Counter& counter, std::int64_t value) {
  Counts counts;
  counts[counter] = value;
  return counts;
}

}  // namespace dth::state::testing

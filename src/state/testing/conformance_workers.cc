#include <condition_variable>
#include <mutex>

#include "state/testing/state_conformance.h"

// Who executes jobs, and who of them is alive.
namespace dth::state::testing {
namespace {

using Life = WorkerInfo::Life;

std::string lives(const std::vector<WorkerInfo>& workers) {
  std::string text;
  for (const WorkerInfo& worker : workers) {
    text += worker.id + (worker.life == Life::alive  ? " alive, "
                         : worker.life == Life::dead ? " dead, "
                                                     : " unknown, ");
  }
  return text;
}

}  // namespace

TEST_P(StateConformance, WorkerIsListedAsItWasRegistered) {
  NewWorker worker{.id = "w1", .labels = {"eu", "a \"b\""}, .claims_anybody = false};
  worker.host = "host";
  worker.pid = 7;
  worker.version = "1.2";
  ASSERT_OK(state().workers().register_worker(worker, at(3)));
  create_run("r1", 2);
  take(0, 2);
  auto listed = state().workers().list(at(3));
  ASSERT_OK(listed);
  ASSERT_EQ(listed->size(), 1u);
  const WorkerInfo& found = listed->front();
  EXPECT_EQ(found.id, "w1");
  EXPECT_EQ(found.labels, worker.labels);
  EXPECT_FALSE(found.claims_anybody);
  EXPECT_EQ(found.host, "host");
  EXPECT_EQ(found.pid, 7);
  EXPECT_EQ(found.version, "1.2");
  EXPECT_EQ(found.started_at, at(3));
  EXPECT_EQ(found.heartbeat_at, at(3));
  EXPECT_FALSE(found.draining);
  EXPECT_EQ(found.life, Life::alive);
  EXPECT_EQ(found.jobs_held, 0);
  create_run("r2", 2);
  ClaimRequest request = claim_request(0, 2, 0);
  request.worker = "w1";
  ASSERT_EQ(state().jobs().claim(request)->size(), 2u);
  ASSERT_OK(state().workers().heartbeat("w1", at(9)));
  ASSERT_OK(state().workers().drain("w1"));
  const WorkerInfo later = state().workers().list(at(9))->at(0);
  EXPECT_EQ(later.jobs_held, 2);
  EXPECT_EQ(later.heartbeat_at, at(9));
  EXPECT_TRUE(later.draining);
}

TEST_P(StateConformance, WorkersAreOfAKind) {
  for (const WorkerKind kind : {WorkerKind::command, WorkerKind::worker, WorkerKind::hub}) {
    const std::string id(to_string(kind));
    ASSERT_OK(state().workers().register_worker({.id = id, .kind = kind}, at(0)));
    EXPECT_EQ(parse_worker_kind(id), kind);
  }
  for (const WorkerInfo& worker : *state().workers().list(at(0)))
    EXPECT_EQ(to_string(worker.kind), worker.id);
  EXPECT_EQ(parse_worker_kind("hubs"), std::nullopt);
}

// Counts how often it is woken.
class Sleeper {
 public:
  void wake() {
    const std::lock_guard lock(mutex_);
    ++times_;
    woken_.notify_all();
  }
  int times() {
    const std::lock_guard lock(mutex_);
    return times_;
  }
  // More than so many times, before long?
  bool sleep_beyond(int times) {
    std::unique_lock lock(mutex_);
    return woken_.wait_for(lock, std::chrono::seconds(30), [&] { return times_ > times; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable woken_;
  int times_ = 0;
};

TEST_P(StateConformance, WhoWaitsForWorkIsWokenByWhatOthersLeave) {
  Sleeper sleeper;
  auto another = open_another();
  const auto watch = another->watch_work([&] { sleeper.wake(); });
  ASSERT_NE(watch, nullptr);
  ASSERT_TRUE(sleeper.sleep_beyond(0)) << "for what was there before";
  const auto wakes = [&](const char* what, const std::function<void()>& act) {
    const int before = sleeper.times();
    act();
    EXPECT_TRUE(sleeper.sleep_beyond(before)) << what;
  };
  wakes("create_run", [&] { create_run("r1", 1); });
  wakes("pause", [&] { ASSERT_OK(state().runs().pause("r1")); });
  wakes("resume", [&] { ASSERT_OK(state().runs().resume("r1")); });
  const Placement elsewhere{.kind = Placement::Kind::label, .name = "east"};
  wakes("place", [&] { ASSERT_OK(state().runs().place("r1", {}, elsewhere)); });
  wakes("request_cancel", [&] { ASSERT_OK(state().runs().request_cancel("r1", at(1))); });
}

TEST_P(StateConformance, WorkerIdIsRegisteredOnceAndIsAWord) {
  ASSERT_OK(state().workers().register_worker({.id = "w1"}, at(0)));
  EXPECT_CODE(state().workers().register_worker({.id = "w1"}, at(1)), already_exists);
  EXPECT_CODE(open_another()->workers().register_worker({.id = "w1"}, at(1)), already_exists);
  for (const char* wrong : {"", "a/b", "..", "a b"}) {
    EXPECT_CODE(state().workers().register_worker({.id = wrong}, at(1)), invalid_argument) << wrong;
  }
  EXPECT_EQ(lives(*state().workers().list(at(1))), "w1 alive, ");
}

TEST_P(StateConformance, RemovedWorkerLeavesItsJobsInGoodOrder) {
  ASSERT_OK(state().workers().register_worker({.id = "w1"}, at(0)));
  create_run("r1", 3);
  ClaimRequest request = claim_request(0, 2, 0);
  request.worker = "w1";
  const auto held = state().jobs().claim(request).value();
  ASSERT_EQ(held.size(), 2u);
  const Job others = take(0, 1).at(0);
  for (int i = 0; i < 2; ++i) ASSERT_OK(state().workers().remove("w1", at(1)));
  EXPECT_TRUE(state().workers().list(at(1))->empty());
  EXPECT_CODE(state().jobs().finish(held[0].lease, {}, at(1)), precondition_failed);
  auto again = take(1, 9, 1);
  ASSERT_EQ(again.size(), 2u);
  EXPECT_EQ(again[0].attempts, 2) << "nobody knows what was done of it";
  finish(others);
  EXPECT_CODE(state().workers().heartbeat("w1", at(2)), not_found);
  EXPECT_CODE(state().workers().drain("w1"), not_found);
}

TEST_P(StateConformance, DeadWorkersLeasesAreFreedAtOnceAndNobodyElses) {
  if (!place().sees_death()) GTEST_SKIP() << "heartbeats tell";
  auto another = open_another();
  auto third = open_another();
  ASSERT_OK(state().workers().register_worker({.id = "ours"}, at(0)));
  ASSERT_OK(another->workers().register_worker({.id = "dying"}, at(1)));
  ASSERT_OK(third->workers().register_worker({.id = "living"}, at(2)));
  create_run("r1", 6);
  std::map<std::string, Job> held;
  for (const char* worker : {"ours", "dying", "living", "unregistered"}) {
    ClaimRequest request = claim_request(0, 1, 0);
    request.worker = worker;
    held[worker] = state().jobs().claim(request)->at(0);
  }
  EXPECT_TRUE(state().workers().free_dead(at(3))->empty());
  another.reset();  // however its process died
  EXPECT_EQ(lives(*state().workers().list(at(3))), "ours alive, dying dead, living alive, ");
  // The clock has nothing to do with it.
  auto freed = state().workers().free_dead(at(-3600));
  ASSERT_OK(freed);
  EXPECT_EQ(*freed, std::vector<std::string>{"dying"});
  EXPECT_TRUE(state().workers().free_dead(at(3))->empty());
  EXPECT_EQ(lives(*third->workers().list(at(3))), "ours alive, living alive, ");
  for (const auto& [worker, job] : held) {
    const auto renewals = state().jobs().renew({job.lease}, at(3), at(60));
    EXPECT_EQ(renewals->at(0).held, worker != "dying") << worker;
  }
  auto again = take(3, 1);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].lease.job, held["dying"].lease.job);
  EXPECT_EQ(again[0].attempts, 2) << "what died in it may be the job's fault";
}

TEST_P(StateConformance, DeadHolderOfACancelledRunsJobIsTheLast) {
  if (!place().sees_death()) GTEST_SKIP() << "heartbeats tell";
  auto another = open_another();
  ASSERT_OK(another->workers().register_worker({.id = "dying"}, at(0)));
  create_run("r1", 1);
  ClaimRequest request = claim_request(0, 1, 0);
  request.worker = "dying";
  ASSERT_EQ(another->jobs().claim(request)->size(), 1u);
  ASSERT_OK(state().runs().request_cancel("r1", at(1)));
  another.reset();
  ASSERT_EQ(state().workers().free_dead(at(2))->size(), 1u);
  EXPECT_EQ(backlog("r1").jobs, 0);
  take_close(2);
}

}  // namespace dth::state::testing

#include <random>
#include <thread>

#include "state/testing/state_conformance.h"

namespace dth::state::testing {

using namespace std::string_literals;
namespace {

const std::string awkward_key = "\0\xff\xfe\n\"'%"s;

}  // namespace

TEST_P(StateConformance, EveryCounterIsCountedByItself) {
  create_run("r1", 2);
  Counts one, two;
  for (int i = 0; i < 40; ++i) {
    const auto& counter = counter_named("counter_" + std::to_string(i));
    if (i % 3 != 0) one[counter] = i + 1;
    if (i % 5 != 0) two[counter] = 1'000'000'000'000 + i;
  }
  Counts sum = one;
  sum += two;
  finish(claim_one(0), {.counts = one});
  finish(claim_one(0), {.counts = two});
  EXPECT_EQ(counts("r1"), sum);
  EXPECT_EQ(state().runs().list_runs(1)->at(0).counts, sum);
  ASSERT_TRUE(end("r1", 1));
  reopen();
  EXPECT_EQ(counts("r1"), sum);
}

TEST_P(StateConformance, CountsOfRunsAreKeptApart) {
  create_run("r1", 3);
  create_run("r2", 3);
  for (const Job& job : claim(0, 6))
    finish(job, {.counts = count(Counter::copied, job.run == "r1" ? 1 : 100)});
  EXPECT_EQ(counts("r1")[Counter::copied], 3);
  EXPECT_EQ(counts("r2")[Counter::copied], 300);
}

TEST_P(StateConformance, WarningsAreKeptOnceEachAndBounded) {
  create_run("r1", 3);
  create_run("r2", 1);
  finish(claim_one(0), {.warnings = {"one", "two"}});
  Effects more;
  more.warnings = {"two", "three"};
  for (std::size_t i = 0; i < 2 * warnings_max; ++i)
    more.warnings.push_back("number " + std::to_string(i));
  finish(claim_one(0), more);
  reopen();
  auto warnings = state().records().warnings("r1");
  ASSERT_OK(warnings);
  ASSERT_EQ(warnings->size(), warnings_max);
  EXPECT_EQ(std::vector<std::string>(warnings->begin(), warnings->begin() + 3),
            (std::vector<std::string>{"one", "two", "three"}));
  auto others = state().records().warnings("r2");
  ASSERT_OK(others);
  EXPECT_TRUE(others->empty());
  EXPECT_EQ(state().records().warnings("none").error().code, ErrorCode::not_found);
}

TEST_P(StateConformance, FailuresComeByTimeAndByPage) {
  create_run("r1", 1);
  Effects effects;
  for (int i = 0; i < 1000; ++i) {
    effects.failures.push_back({.key = awkward_key + std::to_string(i),
                                .version_id = "v",
                                .size = 5'000'000'000'000,
                                .code = "permission_denied",
                                .message = "refused",
                                .detail = "AccessDenied 4711",
                                .attempts = 3,
                                .at = at(1000 - i),
                                .step = "remove"});
  }
  finish(claim_one(0), effects);
  reopen();
  auto page = state().records().failures("r1", 10, 5);
  ASSERT_OK(page);
  ASSERT_EQ(page->size(), 5u);
  const Failure& first = page->front();
  EXPECT_EQ(first.key, awkward_key + "989");
  EXPECT_EQ(first.version_id, "v");
  EXPECT_EQ(first.size, 5'000'000'000'000u);
  EXPECT_EQ(first.code, "permission_denied");
  EXPECT_EQ(first.message, "refused");
  EXPECT_EQ(first.detail, "AccessDenied 4711");
  EXPECT_EQ(first.attempts, 3);
  EXPECT_EQ(first.at, at(11));
  EXPECT_EQ(first.step, "remove");
  EXPECT_EQ(state().records().failures("r1", 998, 100)->size(), 2u);
  EXPECT_EQ(state().records().failures("r1", 0, std::numeric_limits<std::size_t>::max())->size(),
            1000u);
  EXPECT_TRUE(state().records().failures("r1", 1000, 1)->empty());
}

TEST_P(StateConformance, SegmentsComeByJobAndOutliveTheRun) {
  create_run("r1", 2);
  auto jobs = claim(0, 2);
  ASSERT_EQ(jobs.size(), 2u);
  const Segment segment{.job = 777,
                        .file = "w-1.ndjson.zst",
                        .offset = 1ull << 40,
                        .length = 123,
                        .sha256 = std::string(64, 'a'),
                        .items = 500,
                        .key_least = awkward_key,
                        .key_greatest = "z"};
  finish(jobs[1], {.segment = segment});
  ASSERT_OK(state().jobs().advance(jobs[0].lease, "",
                                   {.segment = Segment{.file = "first", .length = 1}}, at(1)));
  finish(jobs[0], {.segment = Segment{.file = "second", .length = 2}});
  ASSERT_TRUE(end("r1", 2));
  reopen();
  auto segments = state().records().segments("r1");
  ASSERT_OK(segments);
  ASSERT_EQ(segments->size(), 3u);
  EXPECT_EQ((*segments)[0].file, "first");
  EXPECT_EQ((*segments)[1].file, "second");
  EXPECT_EQ((*segments)[0].job, jobs[0].lease.job);
  const Segment& last = (*segments)[2];
  EXPECT_EQ(last.job, jobs[1].lease.job) << "the state says whose it is, not the caller";
  EXPECT_EQ(last.file, segment.file);
  EXPECT_EQ(last.offset, segment.offset);
  EXPECT_EQ(last.length, segment.length);
  EXPECT_EQ(last.sha256, segment.sha256);
  EXPECT_EQ(last.items, segment.items);
  EXPECT_EQ(last.key_least, segment.key_least);
  EXPECT_EQ(last.key_greatest, segment.key_greatest);
}

TEST_P(StateConformance, UploadGoesFromIntentToCreatedToClosed) {
  create_run("r1", 2);
  const Job job = claim_one(0);
  auto intent = state().uploads().record_upload_intent(
      job.lease, {.key = awkward_key, .plan = "\0plan"s}, at(3));
  ASSERT_OK(intent);
  auto other =
      state().uploads().record_upload_intent(job.lease, {.key = "other", .plan = ""}, at(4));
  ASSERT_OK(other);
  reopen();
  auto open = state().uploads().open_uploads("r1", awkward_key);
  ASSERT_OK(open);
  ASSERT_EQ(open->size(), 1u);
  EXPECT_EQ(open->front().id, *intent);
  EXPECT_EQ(open->front().run, "r1");
  EXPECT_EQ(open->front().key, awkward_key);
  EXPECT_EQ(open->front().plan, "\0plan"s);
  EXPECT_EQ(open->front().upload_id, "");
  EXPECT_EQ(open->front().job, job.lease.job);
  EXPECT_EQ(open->front().intended_at, at(3));
  ASSERT_OK(state().uploads().record_upload_created(job.lease, *intent, "upload~1"));
  EXPECT_EQ(state().uploads().open_uploads("r1", "")->at(0).upload_id, "upload~1");
  EXPECT_EQ(state().uploads().open_uploads("r1", "")->size(), 2u);
  finish(job, {.uploads_closed = {*intent, 999}});
  EXPECT_EQ(state().uploads().open_uploads("r1", "")->size(), 1u);
  ASSERT_OK(state().uploads().close_upload(*other));
  ASSERT_OK(state().uploads().close_upload(*other));
  EXPECT_TRUE(state().uploads().open_uploads("r1", "")->empty());
}

TEST_P(StateConformance, AnUploadThatCannotBeAbortedIsLeftOpenAndTheRunEndsAllTheSame) {
  create_run("r1", 1);
  create_run("r2", 1);
  for (const Job& job : claim(0, 2)) {
    auto row =
        state().uploads().record_upload_intent(job.lease, {.key = awkward_key, .plan = ""}, at(1));
    ASSERT_OK(row);
    if (job.run == "r1") {
      EXPECT_CODE(state().uploads().leave_upload_open(*row, "id", ""), invalid_argument);
      ASSERT_OK(state().uploads().leave_upload_open(*row, "upload~1", "AccessDenied"));
    }
    finish(job, {});
  }
  ASSERT_TRUE(end("r1", 2));
  ASSERT_TRUE(end("r2", 2));
  reopen();
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::completed_with_failures);
  EXPECT_EQ(state().runs().find_run("r2")->state, RunState::succeeded);
  auto open = state().uploads().open_uploads("r1", "");
  ASSERT_OK(open);
  ASSERT_EQ(open->size(), 1u);
  EXPECT_EQ(open->front().upload_id, "upload~1");
  EXPECT_EQ(open->front().left_open, "AccessDenied");
  EXPECT_EQ(state().uploads().open_uploads("r2", "")->at(0).left_open, "");
}

TEST_P(StateConformance, UploadIsRecordedOnlyByWhoHoldsTheJob) {
  create_run("r1", 1);
  const Job stale = claim_one(0);
  auto intent =
      state().uploads().record_upload_intent(stale.lease, {.key = "k", .plan = ""}, at(1));
  ASSERT_OK(intent);
  const Job fresh = claim_one(100);
  EXPECT_CODE(state().uploads().record_upload_created(stale.lease, *intent, "u"),
              precondition_failed);
  EXPECT_EQ(state().uploads().open_uploads("r1", "k")->at(0).upload_id, "");
  ASSERT_OK(state().uploads().record_upload_created(fresh.lease, *intent, "u"));
  EXPECT_CODE(state().uploads().record_upload_created(fresh.lease, *intent + 1, "u"), not_found);
}

TEST_P(StateConformance, UploadsOfAnotherRunAreOutOfReach) {
  create_run("r1", 1);
  const Job first = claim_one(0);
  auto upload =
      state().uploads().record_upload_intent(first.lease, {.key = "k", .plan = ""}, at(1));
  ASSERT_OK(upload);
  create_run("r2", 1);
  const Job second = claim_one(0);
  EXPECT_CODE(state().uploads().record_upload_created(second.lease, *upload, "u"), not_found);
  finish(second, {.uploads_closed = {*upload}});
  EXPECT_EQ(state().uploads().open_uploads("r1", "")->size(), 1u);
  EXPECT_TRUE(state().uploads().open_uploads("r2", "")->empty());
}

TEST_P(StateConformance, OpenUploadsOutliveTheirRunSoThatTheyCanBeAborted) {
  create_run("r1", 1);
  const Job job = claim_one(0);
  ASSERT_OK(state().uploads().record_upload_intent(job.lease, {.key = "k", .plan = ""}, at(1)));
  finish(job);
  ASSERT_TRUE(end("r1", 2));
  EXPECT_EQ(state().uploads().open_uploads("r1", "")->size(), 1u);
}

// Workers that crash, lose their leases and come back late: every item is counted once all the
// same.
TEST_P(StateConformance, CountsAreExactUnderInterleavedWorkers) {
  constexpr int batches = 120, workers = 4;
  create_run("r1", batches);
  std::atomic<int> time{0};
  std::vector<std::thread> threads;
  for (int w = 0; w < workers; ++w) {
    threads.emplace_back([&, w] {
      std::mt19937 random(static_cast<unsigned>(w));
      std::vector<Job> abandoned;
      for (int turn = 0; turn < 100'000; ++turn) {
        const int now = time += 5;
        ClaimRequest request = claim_request(now, 3, w);
        request.kinds.pop_back();
        request.lease_until = at(now + 10);
        auto jobs = state().jobs().claim(request);
        ASSERT_OK(jobs);
        for (const Job& job : *jobs) {
          const auto dice = random() % 8;
          if (dice == 0) {
            abandoned.push_back(
                job);  // a crash, or a worker too slow: it comes back when it is too late, or not
          } else if (dice == 1) {
            const auto released = state().jobs().release(job.lease, at(now), true);
            if (released.has_error()) {
              EXPECT_CODE(released, precondition_failed);
            }
          } else {
            Effects effects{.counts = count(Counter::copied, 10)};
            effects.counts[Counter::bytes] = 1000;
            const auto finished = state().jobs().finish(job.lease, effects, at(now));
            if (finished.has_error()) {
              EXPECT_CODE(finished, precondition_failed);
            }
          }
        }
        for (const Job& job : std::exchange(abandoned, {})) {
          if (random() % 2 == 0) continue;
          Effects effects{.counts = count(Counter::copied, 10)};
          effects.counts[Counter::bytes] = 1000;
          const auto finished = state().jobs().finish(job.lease, effects, at(now));
          if (finished.has_error()) {
            EXPECT_CODE(finished, precondition_failed);
          }
        }
        if (jobs->empty() && backlog("r1").jobs == 0) return;
      }
      FAIL() << "the run never drained";
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counts("r1")[Counter::copied], 10 * batches);
  EXPECT_EQ(counts("r1")[Counter::bytes], 1000 * batches);
  EXPECT_TRUE(end("r1", 1));
  EXPECT_EQ(counts("r1")[Counter::copied], 10 * batches);
}

}  // namespace dth::state::testing

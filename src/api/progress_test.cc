#include "api/polled_stream.h"
#include "api/testing/api_fixture.h"

namespace dth::api::testing {
namespace {

using engine::Counter;

class ProgressTest : public ApiTest {
 protected:
  // Counts so many copies and bytes more, and leaves another job.
  void copy(const std::string& run, std::int64_t items, std::int64_t bytes) {
    state::Effects effects;
    effects.counts[Counter::scanned] = items;
    effects.counts[Counter::selected] = items;
    effects.counts[Counter::copied] = items;
    effects.counts[Counter::bytes] = bytes;
    effects.jobs.push_back({.kind = "scan", .payload = "p", .items = 5});
    finish_job(run, effects);
  }
  std::vector<state::SeriesPoint> series_of(const std::string& id) {
    return state()
        .control()
        .run_series()
        .points(id, state::SeriesStep::second, clock_.now() - std::chrono::hours(1),
                clock_.now() + std::chrono::hours(1))
        .value();
  }
  void sample() { ASSERT_TRUE(run(sampler_.sample()).has_value()); }
};

TEST_F(ProgressTest, ProgressAddsUpAndHasItsPhases) {
  const auto process = open(path_);
  ASSERT_TRUE(process->workers().register_worker({.id = "process"}, at(0)).has_value());
  create_run("r1");
  copy("r1", 7, 700);
  const auto progress =
      data(
          "{ run(id: \"r1\") { progress { items { listed leftOut selected copied pending } phases "
          "{ "
          "phase state items pendingJobs pendingItems } expected { run } timeLeft { kind } } } }")
          .at("run")
          .at("progress");
  EXPECT_EQ(boost::json::serialize(progress.at("items")),
            R"({"listed":"7","leftOut":"0","selected":"7","copied":"7","pending":"0"})");
  EXPECT_EQ(
      boost::json::serialize(progress.at("phases").at(1)),
      R"({"phase":"COPY","state":"RUNNING","items":"7","pendingJobs":"1","pendingItems":"5"})");
  EXPECT_EQ(progress.at("phases").as_array().size(), 5u);
  EXPECT_TRUE(progress.at("expected").is_null());
}

TEST_F(ProgressTest, SeriesTellWhatWasSampled) {
  create_run("r1");
  sample();
  for (int second = 0; second < 3; ++second) {
    copy("r1", 2, 100);
    clock_.advance(std::chrono::seconds(1));
    sample();
  }
  ASSERT_TRUE(run(sampler_.flush()).has_value());
  const auto from = format_time(clock_.now() - std::chrono::seconds(10));
  const auto series = data("{ run(id: \"r1\") { series(from: \"" + from + "\", until: \"" +
                           format_time(clock_.now() + std::chrono::seconds(1)) +
                           "\") { step points { bytes items bytesPerSecond } } } }")
                          .at("run")
                          .at("series");
  EXPECT_EQ(series.at("step"), "PT1S");
  ASSERT_EQ(series.at("points").as_array().size(), 3u);
  EXPECT_EQ(boost::json::serialize(series.at("points").at(0)),
            R"({"bytes":"100","items":"2","bytesPerSecond":100})");
  EXPECT_GT(sampler_.rates().bytes_per_second, 50);
  EXPECT_TRUE(ask("{ run(id: \"r1\") { series(from: \"2030-01-01T00:00:00Z\", until: "
                  "\"2020-01-01T00:00:00Z\") { step } } }")
                  .contains("errors"));
}

TEST_F(ProgressTest, WhatHappenedWhileTheStateWasAwayIsNoPeak) {
  create_run("r1");
  sample();
  copy("r1", 2'000, 1'000'000);
  clock_.advance(std::chrono::seconds(60));
  sample();
  copy("r1", 1, 10);
  clock_.advance(std::chrono::seconds(1));
  sample();
  ASSERT_TRUE(run(sampler_.flush()).has_value());
  const auto points = series_of("r1");
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points.front().bytes, 10);
  EXPECT_LT(sampler_.rates().bytes_per_second, 100);
}

TEST_F(ProgressTest, TheLastSecondOfARunCounts) {
  create_run("r1", 0);
  sample();
  state::Effects effects;
  effects.counts[Counter::copied] = 1;
  effects.counts[Counter::bytes] = 70;
  finish_job("r1", effects);
  end_run("r1", 1);
  clock_.advance(std::chrono::seconds(1));
  for (int i = 0; i < 2; ++i) sample();
  const auto points = series_of("r1");
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points.front().bytes, 70);
}

TEST_F(ProgressTest, TheOverviewIsComputedOnceForAllWhoAsk) {
  const auto jobs = [&] {
    return std::string(
        data("{ overview { queueJobs } }").at("overview").at("queueJobs").as_string());
  };
  create_run("r1");
  const std::string before = jobs();
  create_run("r2");
  EXPECT_EQ(jobs(), before);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_NE(jobs(), before);
}

TEST_F(ProgressTest, TheFirstLookAtARunIsNoRate) {
  create_run("r1");
  copy("r1", 2'000, 1'000'000);
  sample();
  clock_.advance(std::chrono::seconds(1));
  sample();
  EXPECT_EQ(sampler_.rates().bytes_per_second, 0) << "it was copied before";
}

TEST_F(ProgressTest, ARunThatDoesNothingIsNotWrittenDownForEver) {
  create_run("r1");
  for (int second = 0; second < 200; ++second) {
    sample();
    clock_.advance(std::chrono::seconds(1));
  }
  ASSERT_TRUE(run(sampler_.flush()).has_value());
  const std::uint64_t transactions = state().transactions();
  for (int second = 0; second < 100; ++second) sample();
  ASSERT_TRUE(run(sampler_.flush()).has_value());
  EXPECT_EQ(state().transactions(), transactions);
}

TEST_F(ProgressTest, TheOverviewAddsUpTheDay) {
  create_run("r1", 0);
  finish_job("r1", {});
  const auto since = std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - at(0));
  end_run("r1", static_cast<int>(since.count()) - 3600);
  const auto overview =
      data("{ overview { queueJobs running { id } last24Hours { runs runsWithFailures } } }")
          .at("overview");
  EXPECT_EQ(boost::json::serialize(overview),
            R"({"queueJobs":"0","running":[],"last24Hours":{"runs":"1","runsWithFailures":"0"}})");
}

TEST_F(ProgressTest, APolledStreamSendsTheFirstStateAndThenChanges) {
  int state = 1, polls = 0;
  struct Poller {
    static Async<Result<Polled>> ask(int* state, int* polls) {
      ++*polls;
      if (*polls == 3) *state = 2;
      if (*polls == 2) co_return Error{ErrorCode::unavailable, "for a moment", ""};
      co_return Polled{std::to_string(*state), graphql::Resolved(boost::json::value(*state))};
    }
  };
  auto stream = poll_stream(clock_, [&] { return Poller::ask(&state, &polls); }, {});
  const auto next = [&] { return run(stream->next()); };
  EXPECT_EQ(*next().value()->json(), 1);
  EXPECT_EQ(*next().value()->json(), 2);
  EXPECT_EQ(polls, 3);
}

}  // namespace
}  // namespace dth::api::testing

#include "api/run_watchers.h"

#include "api/testing/api_fixture.h"
#include "engine/counters.h"

namespace dth::api::testing {
namespace {

using engine::Counter;

class RunWatchersTest : public ApiTest {
 protected:
  std::unique_ptr<graphql::EventStream> watch(const std::string& id) {
    return run(watchers_.watch(id)).value();
  }
  // The event's state and count of copied objects; "end".
  std::string next(graphql::EventStream& stream) {
    const auto event = run(stream.next());
    if (event.has_error()) return std::string(to_string(event.error().code));
    if (!*event) return "end";
    const auto& view = (*event)->as<RunView>();
    return std::string(runs::to_string(view.status)) + " " +
           std::to_string(view.run.counts[Counter::copied]);
  }
  // Something happens in `seconds`.
  void later(int seconds, std::function<void()> what) {
    scope_.spawn(do_later(clock_, seconds, std::move(what)));
  }

  AsyncScope scope_{context_.get_executor()};

 private:
  static Async<void> do_later(Clock& clock, int seconds, std::function<void()> what) {
    auto slept = co_await clock.sleep_for(std::chrono::seconds(seconds));
    if (slept.has_value()) what();
  }
};

state::Effects copied(int count) {
  state::Effects effects;
  effects.counts[Counter::copied] = count;
  return effects;
}

TEST_F(RunWatchersTest, ARunIsToldNowAtEachChangeAndUntilItsEnd) {
  create_run("r1");
  auto stream = watch("r1");
  EXPECT_EQ(next(*stream), "interrupted 0");
  later(3, [&] { finish_job("r1", copied(4)); });
  EXPECT_EQ(next(*stream), "interrupted 4");
  later(3, [&] { end_run("r1", 9); });
  EXPECT_EQ(next(*stream), "succeeded 4");
  EXPECT_EQ(next(*stream), "end");
  EXPECT_EQ(watchers_.watched(), 0u) << "nobody looks at a run that is over";
}

TEST_F(RunWatchersTest, SubscribersOfARunShareItsPoller) {
  create_run("r1");
  auto one = watch("r1"), other = watch("r1");
  EXPECT_EQ(watchers_.watched(), 1u);
  EXPECT_EQ(next(*one), "interrupted 0");
  EXPECT_EQ(next(*other), "interrupted 0");
  later(1, [&] { finish_job("r1", copied(1)); });
  EXPECT_EQ(next(*one), "interrupted 1");
  EXPECT_EQ(next(*other), "interrupted 1") << "it was not waiting, and is told the latest";
}

TEST_F(RunWatchersTest, ThePollerEndsWithItsLastSubscriber) {
  create_run("r1");
  auto stream = watch("r1");
  EXPECT_EQ(watchers_.watched(), 1u);
  stream.reset();
  auto slept = run(clock_.sleep_for(std::chrono::seconds(2)));
  ASSERT_TRUE(slept.has_value());
  EXPECT_EQ(watchers_.watched(), 0u);
}

TEST_F(RunWatchersTest, ARunThatIsOverIsToldOnce) {
  create_run("r1");
  finish_job("r1", copied(2));
  end_run("r1", 9);
  auto stream = watch("r1");
  EXPECT_EQ(watchers_.watched(), 0u);
  EXPECT_EQ(next(*stream), "succeeded 2");
  EXPECT_EQ(next(*stream), "end");
}

TEST_F(RunWatchersTest, WhatIsNotThereIsRefused) {
  const auto refused = run(watchers_.watch("nope"));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, ErrorCode::not_found);
}

TEST_F(RunWatchersTest, WatchedRunsAreBounded) {
  RunWatchers few(context_.get_executor(), runs_, clock_, {.runs_max = 1});
  create_run("r1");
  create_run("r2");
  const auto one = run(few.watch("r1"));
  ASSERT_TRUE(one.has_value());
  const auto two = run(few.watch("r2"));
  ASSERT_TRUE(two.has_error());
  EXPECT_EQ(two.error().code, ErrorCode::throttled);
  EXPECT_TRUE(run(few.watch("r1")).has_value()) << "it is watched already";
  run([](RunWatchers* watchers) -> Async<bool> {
    co_await watchers->stop();
    co_return true;
  }(&few));
}

TEST_F(RunWatchersTest, ACancelledSubscriberIsToldSo) {
  create_run("r1");
  auto stream = watch("r1");
  EXPECT_EQ(next(*stream), "interrupted 0");
  AsyncScope subscriber(context_.get_executor());
  std::string told;
  subscriber.spawn([](graphql::EventStream* events, std::string* code) -> Async<void> {
    auto event = co_await events->next();
    *code = event.has_error() ? to_string(event.error().code) : "an event";
  }(stream.get(), &told));
  later(1, [&] { subscriber.request_stop(); });
  auto slept = run(clock_.sleep_for(std::chrono::seconds(2)));
  ASSERT_TRUE(slept.has_value());
  EXPECT_EQ(told, "cancelled");
}

}  // namespace
}  // namespace dth::api::testing

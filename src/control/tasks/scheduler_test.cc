#include "control/tasks/testing/task_world.h"

// Every line of "Schedules": a simulated clock, and hubs that come, stand still and go.
namespace dth::control {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SchedulerTest : public testing::TaskWorld {
 protected:
  static TaskInput hourly(const std::string& name, OverlapPolicy overlap = OverlapPolicy::skip,
                          MissedPolicy missed = MissedPolicy::run_once) {
    TaskInput it = every(name, 1, Every::Unit::hours);
    it.schedule.overlap = overlap;
    it.schedule.missed = missed;
    return it;
  }
  std::unique_ptr<Scheduler> one_ = hub("one"), two_ = hub("two");
};

TEST_F(SchedulerTest, AnIntervalStartsARunAtEachSlotAndWritesNothingInBetween) {
  const std::string id = create(hourly("a"));
  const auto before = state_->transactions();
  live(minutes(59), {one_.get()});
  EXPECT_EQ(state_->transactions(), before) << "an idle hub writes nothing";
  live(seconds(61), {one_.get()});
  EXPECT_THAT(decisions_, ElementsAre("one: a started slots 1 missed 0"));
  const state::StoredTask task = find(id);
  const state::Run run = state_->runs().find_run(task.current_run).value();
  EXPECT_EQ(run.origin, (state::RunOrigin{state::RunTrigger::schedule, "schedule", id, 1}));
  const auto spec = engine::parse_task_spec(run.spec).value();
  EXPECT_EQ(spec.options, (options::Values{{"source", "s3://a/"},
                                           {"source-region", "r1"},
                                           {"source-anonymous", "true"},
                                           {"destination", "s3://a/"},
                                           {"destination-region", "r1"},
                                           {"destination-anonymous", "true"}}));
  end_run(id);
  live(hours(1), {one_.get()});
  EXPECT_EQ(decisions_.size(), 2u);
  EXPECT_EQ(find(id).run_count, 2);
}

TEST_F(SchedulerTest, TwoHubsStartEachSlotOnce) {
  const std::string id = create(hourly("a"));
  for (int slot = 0; slot < 3; ++slot) {
    live(hours(1), {one_.get(), two_.get()});
    end_run(id);
  }
  EXPECT_EQ(find(id).run_count, 3);
  EXPECT_EQ(decisions_.size(), 3u);
}

TEST_F(SchedulerTest, AHubThatDiesIsFollowedByAnotherAndNoSlotIsLostOrDoubled) {
  const std::string id = create(every("a", 1, Every::Unit::minutes));
  live(minutes(1), {one_.get()});
  end_run(id);
  // It dies with the lease; the other waits until that ends.
  live(minutes(10), {two_.get()});
  EXPECT_EQ(find(id).run_count, 2) << "the first run of the other is not over";
  end_run(id);
  live(minutes(1), {one_.get(), two_.get()});
  EXPECT_EQ(find(id).run_count, 3);
}

TEST_F(SchedulerTest, AHubThatStoodStillForAnHourChangesNothingWithItsOldLease) {
  const std::string id = create(every("a", 1, Every::Unit::minutes));
  live(minutes(1), {one_.get()});
  end_run(id);
  // SIGSTOP: monotonic time goes on, the other hub takes over.
  live(hours(1), {two_.get()});
  const auto runs = find(id).run_count;
  live(seconds(30), {one_.get(), two_.get()});
  EXPECT_EQ(find(id).run_count, runs) << "its run is not over";
  end_run(id);
  live(minutes(1), {one_.get(), two_.get()});
  EXPECT_EQ(find(id).run_count, runs + 1);
}

TEST_F(SchedulerTest, WhatWasMissedIsOneRunAtMostAndIsTold) {
  const std::string once = create(hourly("once"));
  const std::string never = create(hourly("never", OverlapPolicy::skip, MissedPolicy::skip));
  advance(hours(7) + minutes(30));
  live(seconds(2), {one_.get()});
  EXPECT_THAT(decisions_, ::testing::UnorderedElementsAre("one: once started slots 7 missed 7",
                                                          "one: never skipped slots 7 missed 7"));
  EXPECT_EQ(find(once).run_count, 1);
  EXPECT_EQ(find(never).run_count, 0);
  EXPECT_GT(find(never).clock.next_run_at, clock_.now());
  const auto entries =
      state_->control().audit().list({.action = "startScheduledRun"}, {}, 9).value();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_THAT(entries[0].changes, ::testing::HasSubstr(R"("field":"missed","after":"7")"));
  EXPECT_EQ(entries[0].actor_kind, state::ActorKind::scheduler);
}

TEST_F(SchedulerTest, OverlapSkipsQueuesOneOrReplaces) {
  const std::string skip = create(hourly("skip"));
  const std::string queue = create(hourly("queue", OverlapPolicy::queue_one));
  const std::string replace = create(hourly("replace", OverlapPolicy::replace));
  live(hours(1) + seconds(2), {one_.get()});
  decisions_.clear();
  const std::string replaced = find(replace).current_run;
  live(hours(1), {one_.get()});
  EXPECT_THAT(decisions_,
              ::testing::UnorderedElementsAre("one: skip skipped slots 1 missed 0",
                                              "one: queue queued slots 1 missed 0",
                                              "one: replace replaced slots 1 missed 0"));
  EXPECT_TRUE(state_->runs().find_run(replaced)->cancel_requested);
  EXPECT_FALSE(state_->runs().find_run(find(queue).current_run)->cancel_requested);
  live(hours(2), {one_.get()});
  decisions_.clear();
  for (const std::string& id : {skip, queue, replace}) end_run(id);
  live(seconds(3), {one_.get()});
  EXPECT_THAT(decisions_, ::testing::UnorderedElementsAre("one: queue started slots 0 missed 0",
                                                          "one: replace started slots 0 missed 0"))
      << "one start is kept, however many slots came";
  for (const std::string& id : {queue, replace}) end_run(id);
  decisions_.clear();
  live(seconds(10), {one_.get()});
  EXPECT_THAT(decisions_, IsEmpty());
}

TEST_F(SchedulerTest, AClockThatIsSetBackFiresNothingTwice) {
  const std::string id = create(every("a", 1, Every::Unit::minutes));
  live(minutes(5) + seconds(1), {one_.get()});
  EXPECT_EQ(find(id).run_count, 1);
  end_run(id);
  clock_.jump_wall(-minutes(5));
  live(minutes(4) + seconds(50), {one_.get()});
  EXPECT_EQ(find(id).run_count, 1) << "these minutes were lived through before";
  live(minutes(1) + seconds(20), {one_.get()});
  EXPECT_EQ(find(id).run_count, 2);
}

TEST_F(SchedulerTest, APausedTaskStartsNothingAndIsResumedByItsPolicies) {
  const std::string run_once = create(hourly("once"));
  const std::string skip = create(hourly("skip", OverlapPolicy::skip, MissedPolicy::skip));
  for (const std::string& id : {run_once, skip})
    ASSERT_EQ(testing::TaskWorld::what(service_.pause(id, caller())), "");
  live(hours(3) + minutes(30), {one_.get()});
  EXPECT_THAT(decisions_, IsEmpty());
  EXPECT_FALSE(find(skip).clock.next_run_at.has_value());
  for (const std::string& id : {run_once, skip})
    ASSERT_EQ(testing::TaskWorld::what(service_.resume(id, caller())), "");
  live(seconds(2), {one_.get()});
  EXPECT_THAT(decisions_, ::testing::UnorderedElementsAre("one: once started slots 3 missed 3",
                                                          "one: skip skipped slots 3 missed 3"));
}

TEST_F(SchedulerTest, AnEditedScheduleCountsFromTheEditOn) {
  TaskInput task = hourly("a");
  const std::string id = create(task);
  live(minutes(30), {one_.get()});
  task.schedule = {.kind = TaskSchedule::Kind::cron, .cron = "0 3 * * *", .zone = "Europe/Berlin"};
  ASSERT_EQ(what(service_.update(id, 1, task, caller())), "");
  const auto next = find(id).clock.next_run_at;
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(format_time(*next).substr(10), "T02:00:00.000000Z");
  live(hours(2), {one_.get()});
  EXPECT_EQ(find(id).run_count, format_time(clock_.now()) >= format_time(*next) ? 1 : 0);
  // A change of something else leaves the schedule where it is.
  task.description = "other";
  ASSERT_EQ(what(service_.update(id, 2, task, caller())), "");
  EXPECT_EQ(find(id).clock.next_run_at > clock_.now(), true);
}

TEST_F(SchedulerTest, OnceRunsOnceAndManualNever) {
  TaskInput once = input("once");
  once.schedule = {.kind = TaskSchedule::Kind::once, .at = clock_.now() + minutes(5)};
  const std::string id = create(once);
  create(input("manual"));
  live(minutes(6), {one_.get()});
  EXPECT_THAT(decisions_, ElementsAre("one: once started slots 1 missed 0"));
  end_run(id);
  live(hours(2), {one_.get()});
  EXPECT_EQ(decisions_.size(), 1u);
  EXPECT_FALSE(find(id).clock.next_run_at.has_value());
}

TEST_F(SchedulerTest, AnotherRunBetweenTheSamePlacesCountsAsTheTasksOwn) {
  TaskInput first = hourly("a"), second = hourly("b", OverlapPolicy::queue_one);
  second.source = first.source;
  second.destination = first.destination;
  const std::string a = create(first), b = create(second);
  live(hours(1) + seconds(2), {one_.get()});
  EXPECT_EQ(find(a).run_count + find(b).run_count, 1);
  if (find(b).run_count == 0) {
    EXPECT_TRUE(find(b).clock.start_pending);
    end_run(a);
    live(seconds(2), {one_.get()});
    EXPECT_EQ(find(b).run_count, 1);
  }
}

TEST_F(SchedulerTest, ATaskThatCannotStartSaysWhyAndTheOthersGoOn) {
  const std::string bad = create(hourly("bad"));
  TaskInput fine = hourly("fine");
  const std::string good = create(fine);
  state::StoredEndpoint endpoint = state_->control().endpoints().find("endpoint_disk").value();
  TaskInput moved = hourly("bad");
  ASSERT_OK(state_->control().endpoints().create(
      {.id = "endpoint_x", .name = "x", .kind = "s3", .options = R"({"region":"fine"})"}, {}));
  moved.source.endpoint = "endpoint_x";
  ASSERT_EQ(what(service_.update(bad, 1, moved, caller())), "");
  endpoint = state_->control().endpoints().find("endpoint_x").value();
  endpoint.options = R"({"region":"broken"})";
  ASSERT_OK(state_->control().endpoints().replace(endpoint, {}));
  live(hours(1) + seconds(2), {one_.get()});
  EXPECT_THAT(decisions_, ::testing::UnorderedElementsAre("one: bad failed slots 1 missed 0",
                                                          "one: fine started slots 1 missed 0"));
  EXPECT_THAT(find(bad).clock.problem, ::testing::HasSubstr("--source-region"));
  EXPECT_EQ(service_.store().counts()->attention, 1);
  endpoint = state_->control().endpoints().find("endpoint_x").value();
  endpoint.options = "{}";
  ASSERT_OK(state_->control().endpoints().replace(endpoint, {}));
  live(hours(1), {one_.get()});
  EXPECT_EQ(find(bad).clock.problem, "");
  EXPECT_EQ(find(bad).run_count, 1);
}

TEST_F(SchedulerTest, DaylightSavingNeitherSkipsNorDoublesARun) {
  // In 2026 Berlin puts clocks forward on 29 March at 01:00 UTC, and back on 25 October.
  TaskInput spring = input("spring");
  spring.schedule = {
      .kind = TaskSchedule::Kind::cron, .cron = "30 2 * * *", .zone = "Europe/Berlin"};
  const std::string id = create(spring);
  const auto go_to = [&](const char* time) {
    advance(std::chrono::ceil<seconds>(*parse_time(time) - clock_.now()));
  };
  const auto slots = [&](const char* until) {
    int count = 0;
    while (clock_.now() < *parse_time(until)) {
      advance(minutes(1));
      const auto before = find(id).run_count;
      (void)one_->turn();
      if (find(id).run_count > before) {
        ++count;
        end_run(id);
      }
    }
    return count;
  };
  go_to("2026-03-28T12:00:00Z");
  (void)one_->turn();
  if (!find(id).current_run.empty()) end_run(id);
  EXPECT_EQ(slots("2026-03-29T12:00:00Z"), 1) << "right after the gap";
  go_to("2026-10-24T12:00:00Z");
  (void)one_->turn();
  end_run(id);
  EXPECT_EQ(slots("2026-10-25T12:00:00Z"), 1) << "the first of both";
}

}  // namespace
}  // namespace dth::control

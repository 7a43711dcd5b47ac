#include "control/tasks/testing/task_world.h"

namespace dth::control {
namespace {

using ::testing::HasSubstr;

class TaskServiceTest : public testing::TaskWorld {
 protected:
  std::string refused(const TaskInput& task, bool is_administrator = false) {
    return what(service_.validate("", task, caller(is_administrator)));
  }
};

TEST_F(TaskServiceTest, EverythingThatIsWrongIsToldAtItsField) {
  TaskInput task = input("");
  task.source.path = "";
  task.destination.endpoint = "endpoint_x";
  task.schedule = {.kind = TaskSchedule::Kind::cron, .cron = "61 * * * *", .zone = "Mars/Olympus"};
  task.options = {{"compare", "sizee"}, {"strikt", "true"}, {"source", "s3://x"}};
  const std::string told = refused(task);
  for (const char* field :
       {"name. ", "source.path. ", "destination.endpointId. ", "schedule.cron. ", "schedule.zone. ",
        "options.compare. ", "options.strikt. ", "options.source. "})
    EXPECT_THAT(told, HasSubstr(field));
  EXPECT_THAT(told, HasSubstr("Did you mean strict?"));
  auto created = service_.create(task, caller());
  ASSERT_OK(created);
  EXPECT_FALSE(created->task);
  EXPECT_TRUE(service_.store().list({}, {}, {}, 9)->empty());
}

TEST_F(TaskServiceTest, WhatThePluginRefusesIsToldAtTheOptionThatIsToBlame) {
  TaskInput task = input("a");
  task.options = {{"exclude", "*.tmp"}, {"strict", "true"}, {"compare", "etag"}};
  EXPECT_EQ(refused(task), "options.compare. --strict and --compare etag contradict\n");
}

TEST_F(TaskServiceTest, OnlyAdministratorsUseTheHubsOwnHost) {
  TaskInput task = input("a");
  task.options = {{"object-list", "/etc/shadow"}};
  EXPECT_THAT(refused(task), HasSubstr("options.object-list. it names something on the hub's own"));
  EXPECT_EQ(refused(task, true), "");
  task = input("a");
  task.source = {"endpoint_disk", "/etc/"};
  EXPECT_THAT(refused(task), HasSubstr("source.endpointId. "));
  EXPECT_EQ(refused(task, true), "");
  const std::string id = create(input("b"));
  EXPECT_THAT(what(service_.run(id, {{"object-list", "/etc/shadow"}}, {}, caller())),
              HasSubstr("only administrators"));
  EXPECT_EQ(find(id).run_count, 0);
}

TEST_F(TaskServiceTest, ARunHasItsOverridesAndTheNextHasNot) {
  TaskInput task = input("a");
  task.options = {{"compare", "size"}, {"exclude", "*.tmp"}, {"exclude", "*.bak"}};
  const std::string id = create(task);
  auto run = service_.run(id, {{"strict", "true"}}, options::Action::verify, caller());
  ASSERT_EQ(what(run), "");
  const state::Run kept = state_->runs().find_run(run->run).value();
  const auto spec = engine::parse_task_spec(kept.spec).value();
  EXPECT_EQ(spec.action, options::Action::verify);
  EXPECT_EQ(spec.option("strict"), "true");
  EXPECT_EQ(spec.option("compare"), "") << "it means nothing to VERIFY";
  EXPECT_EQ(spec.option("exclude"), R"(["*.tmp","*.bak"])");
  EXPECT_EQ(kept.origin, (state::RunOrigin{state::RunTrigger::manual, "ann", id, 1}));
  EXPECT_THAT(what(service_.run(id, {}, {}, caller())), HasSubstr("is not over"));
  const auto audit = state_->control().audit().list({.action = "runTask"}, {}, 9).value();
  ASSERT_EQ(audit.size(), 1u);
  EXPECT_THAT(audit[0].changes, HasSubstr("options.strict"));
  end_run(id);
  ASSERT_EQ(what(run = service_.run(id, {}, {}, caller())), "");
  const auto next = engine::parse_task_spec(state_->runs().find_run(run->run)->spec).value();
  EXPECT_EQ(next.action, options::Action::copy);
  EXPECT_EQ(next.option("strict"), "");
}

TEST_F(TaskServiceTest, AChangeOfWhatSomebodyElseChangedIsRefused) {
  const std::string id = create(input("a"));
  TaskInput changed = input("renamed");
  EXPECT_EQ(what(service_.update(id, 1, changed, caller())), "");
  EXPECT_EQ(find(id).revision, 2);
  EXPECT_THAT(what(service_.update(id, 1, input("again"), caller())), HasSubstr("revision. "));
  EXPECT_EQ(what(service_.update(id, 2, changed, caller())), "") << "it is so already";
  EXPECT_EQ(find(id).revision, 2);
  create(input("other"));
  changed.name = "other";
  EXPECT_THAT(what(service_.update(id, 2, changed, caller())), HasSubstr("name. "));
  EXPECT_THAT(what(service_.update("task_x", 1, changed, caller())), HasSubstr("there is no task"));
}

TEST_F(TaskServiceTest, StatesFollowEachOther) {
  const std::string id = create(every("a", 1, Every::Unit::hours));
  ASSERT_EQ(what(service_.run(id, {}, {}, caller())), "");
  EXPECT_THAT(what(service_.archive(id, caller())), HasSubstr("is not over"));
  EXPECT_THAT(what(service_.remove(id, caller())), HasSubstr("is not over"));
  ASSERT_EQ(what(service_.pause(id, caller())), "");
  EXPECT_EQ(state_->runs().find_run(find(id).current_run)->state, state::RunState::paused);
  EXPECT_THAT(what(service_.run(id, {}, {}, caller())), HasSubstr("is paused"));
  ASSERT_EQ(what(service_.resume(id, caller())), "");
  EXPECT_EQ(state_->runs().find_run(find(id).current_run)->state, state::RunState::running);
  end_run(id);
  ASSERT_EQ(what(service_.archive(id, caller())), "");
  EXPECT_FALSE(find(id).clock.next_run_at.has_value());
  advance(std::chrono::hours(5));
  ASSERT_EQ(what(service_.resume(id, caller())), "");
  EXPECT_GT(find(id).clock.next_run_at, clock_.now()) << "nothing was due while it was archived";
  ASSERT_EQ(what(service_.remove(id, caller())), "");
  EXPECT_THAT(what(service_.pause(id, caller())), HasSubstr("there is no task"));
}

}  // namespace
}  // namespace dth::control

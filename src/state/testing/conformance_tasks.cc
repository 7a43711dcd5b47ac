// Tasks: their lists, their steps, and the runs that they start.
#include "state/testing/state_conformance.h"

namespace dth::state::testing {
namespace {

AuditEntry entry(const std::string& action) {
  AuditEntry entry;
  entry.action = action;
  return entry;
}

StoredTask task(const std::string& id, const std::string& name) {
  StoredTask task;
  task.id = id;
  task.definition.name = name;
  task.definition.kind = "object_copy";
  task.definition.action = "COPY";
  task.definition.source = {"endpoint_a", "from/"};
  task.definition.destination = {"endpoint_b", "into/"};
  task.created_by = task.updated_by = "ann";
  return task;
}

TaskStep step_of(const StoredTask& task) {
  return {.task = task.id, .turn = task.turn, .clock = task.clock, .by = "bob"};
}

TaskStep start_of(const StoredTask& task, const std::string& run) {
  TaskStep step = step_of(task);
  NewRun begun{.id = run, .kind = "object_copy", .spec = "{}"};
  begun.origin = {.trigger = RunTrigger::schedule, .by = "schedule", .task = task.id};
  step.start = TaskStart{begun, {{.kind = "copy", .payload = "p"}}};
  return step;
}

std::string names(const Result<std::vector<StoredTask>>& tasks) {
  if (tasks.has_error()) return tasks.error().to_string();
  std::string text;
  for (const StoredTask& each : *tasks) text += each.definition.name + " ";
  return text;
}

// The endpoints of task().
void create_endpoints(State& state) {
  for (const char* name : {"a", "b"}) {
    ASSERT_OK(state.control().endpoints().create(
        {.id = std::string("endpoint_") + name, .name = name, .kind = "s3"}, entry("")));
  }
}

}  // namespace

TEST_P(StateConformance, TaskIsKeptWithItsAuditEntry) {
  create_endpoints(state());
  StoredTask given = task("task_1", "nightly");
  given.definition.description = "all of it";
  given.definition.labels = {{"team", "media"}};
  given.definition.options = R"({"size-min":"1MiB"})";
  given.definition.schedule = R"({"kind":"EVERY"})";
  given.clock = {.looked_at = at(1), .next_run_at = at(60)};
  given.created_at = at(1);
  given.updated_at = at(1);
  ASSERT_OK(state().control().tasks().create(given, entry("createTask")));
  reopen();
  TaskStore& tasks = state().control().tasks();
  const StoredTask kept = tasks.find("task_1").value();
  EXPECT_EQ(kept.definition, given.definition);
  EXPECT_EQ(kept.clock, given.clock);
  EXPECT_EQ(kept.created_at, at(1));
  EXPECT_EQ(kept.created_by, "ann");
  EXPECT_EQ(kept.state, TaskState::ready);
  EXPECT_EQ(kept.revision, 1);
  EXPECT_EQ(kept.current_run + kept.last_run, "");
  EXPECT_EQ(tasks.find_named("nightly")->id, "task_1");
  EXPECT_CODE(tasks.find("task_2"), not_found);
  EXPECT_CODE(tasks.find_named("daily"), not_found);
  EXPECT_EQ(state().control().audit().list({.action = "createTask"}, {}, 9)->size(), 1u);
}

TEST_P(StateConformance, TaskNamesAreUniqueAmongThoseThatAreNotArchived) {
  create_endpoints(state());
  TaskStore& tasks = state().control().tasks();
  ASSERT_OK(tasks.create(task("task_1", "one"), entry("createTask")));
  EXPECT_CODE(tasks.create(task("task_2", "one"), entry("createTask")), already_exists);
  TaskStep archive = step_of(tasks.find("task_1").value());
  archive.state = TaskState::archived;
  const AuditEntry audit = entry("archiveTask");
  EXPECT_EQ(tasks.apply(archive, nullptr, at(2), &audit).value(), TaskOutcome::done);
  ASSERT_OK(tasks.create(task("task_2", "one"), entry("createTask")));
  TaskStep back = step_of(tasks.find("task_1").value());
  back.state = TaskState::ready;
  EXPECT_CODE(tasks.apply(back, nullptr, at(3), &audit), already_exists);
  EXPECT_EQ(tasks.find("task_1")->state, TaskState::archived) << "nothing was changed";
  EXPECT_EQ(tasks.find_named("one")->id, "task_2");
  EXPECT_EQ(state().control().audit().list({.target_kind = ""}, {}, 9)->size(), 5u);
  StoredTask elsewhere = task("task_3", "three");
  elsewhere.definition.source.endpoint = "endpoint_x";
  EXPECT_CODE(tasks.create(elsewhere, entry("createTask")), not_found);
  const auto users = state().control().endpoints().remove("endpoint_a", entry("deleteEndpoint"));
  ASSERT_OK(users);
  EXPECT_EQ(users->size(), 2u) << "archived ones use it, too";
}

TEST_P(StateConformance, AStepOfATaskThatWasChangedSinceIsOutdated) {
  create_endpoints(state());
  TaskStore& tasks = state().control().tasks();
  ASSERT_OK(tasks.create(task("task_1", "one"), entry("createTask")));
  const StoredTask read = tasks.find("task_1").value();
  TaskStep first = step_of(read);
  first.definition = read.definition;
  first.definition->name = "renamed";
  EXPECT_EQ(tasks.apply(first, nullptr, at(1), nullptr).value(), TaskOutcome::done);
  EXPECT_EQ(tasks.apply(first, nullptr, at(2), nullptr).value(), TaskOutcome::outdated);
  const StoredTask kept = tasks.find("task_1").value();
  EXPECT_EQ(kept.definition.name, "renamed");
  EXPECT_EQ(kept.revision, 2);
  EXPECT_EQ(kept.updated_by, "bob");
  EXPECT_EQ(kept.updated_at, at(1));
  first.task = "task_9";
  EXPECT_CODE(tasks.apply(first, nullptr, at(2), nullptr), not_found);
}

TEST_P(StateConformance, ATaskStartsOneRunAtATimeAndCountsThem) {
  create_endpoints(state());
  TaskStore& tasks = state().control().tasks();
  ASSERT_OK(tasks.create(task("task_1", "one"), entry("createTask")));
  const StoredTask read = tasks.find("task_1").value();
  TaskStep start = start_of(read, "r1");
  start.clock = {.looked_at = at(5), .next_run_at = at(65)};
  EXPECT_EQ(tasks.apply(start, nullptr, at(5), nullptr).value(), TaskOutcome::done);
  EXPECT_EQ(tasks.apply(start, nullptr, at(5), nullptr).value(), TaskOutcome::outdated)
      << "the slot starts one run";
  StoredTask now = tasks.find("task_1").value();
  EXPECT_EQ(now.current_run, "r1");
  EXPECT_EQ(now.run_count, 1);
  EXPECT_EQ(now.revision, 1) << "nobody changed what it is";
  EXPECT_EQ(now.clock.next_run_at, at(65));
  EXPECT_EQ(tasks.apply(start_of(now, "r2"), nullptr, at(6), nullptr).value(),
            TaskOutcome::running);
  EXPECT_EQ(tasks.remove("task_1", entry("deleteTask")).value(), TaskOutcome::running);
  const RunOrigin origin = state().runs().find_run("r1")->origin;
  EXPECT_EQ(origin, (RunOrigin{RunTrigger::schedule, "schedule", "task_1", 1}));
  finish(claim_one(7));
  ASSERT_TRUE(end("r1", 8));
  now = tasks.find("task_1").value();
  EXPECT_EQ(now.current_run, "");
  EXPECT_EQ(now.last_run, "r1");
  EXPECT_EQ(now.last_result, RunState::succeeded);
  EXPECT_EQ(tasks.apply(start_of(now, "r2"), nullptr, at(9), nullptr).value(), TaskOutcome::done);
  EXPECT_EQ(state().runs().find_run("r2")->origin.number, 2);
  // A retry is one of the task's runs.
  NewRun retry{.id = "r3", .kind = "object_copy", .spec = "{}"};
  retry.origin = {.trigger = RunTrigger::retry, .task = "task_1"};
  ASSERT_OK(state().runs().create_run(retry, {}, at(9)));
  EXPECT_EQ(state().runs().find_run("r3")->origin.number, 3);
  ASSERT_TRUE(end("r3", 10));
  finish(claim_one(11));
  ASSERT_TRUE(end("r2", 12));
  EXPECT_EQ(tasks.find("task_1")->run_count, 3);
  ASSERT_EQ(tasks.remove("task_1", entry("deleteTask")).value(), TaskOutcome::done);
  EXPECT_CODE(tasks.find("task_1"), not_found);
  ASSERT_OK(state().runs().find_run("r1"));
  retry.id = "r4";
  ASSERT_OK(state().runs().create_run(retry, {}, at(13)));
  EXPECT_EQ(state().runs().find_run("r4")->origin.task, "") << "the task is gone";
}

TEST_P(StateConformance, AStepChangesTheRunOfItsTask) {
  create_endpoints(state());
  TaskStore& tasks = state().control().tasks();
  ASSERT_OK(tasks.create(task("task_1", "one"), entry("createTask")));
  ASSERT_OK(tasks.apply(start_of(tasks.find("task_1").value(), "r1"), nullptr, at(1), nullptr));
  const auto step = [&](TaskState to, TaskStep::CurrentRun change) {
    TaskStep it = step_of(tasks.find("task_1").value());
    it.state = to;
    it.current_run = change;
    return tasks.apply(it, nullptr, at(2), nullptr).value();
  };
  using CurrentRun = TaskStep::CurrentRun;
  EXPECT_EQ(step(TaskState::paused, CurrentRun::is_paused), TaskOutcome::done);
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::paused);
  EXPECT_EQ(tasks.find("task_1")->paused_by, "bob");
  EXPECT_TRUE(tasks.find("task_1")->paused_at.has_value());
  EXPECT_TRUE(claim(3).empty());
  EXPECT_EQ(step(TaskState::ready, CurrentRun::is_resumed), TaskOutcome::done);
  EXPECT_EQ(state().runs().find_run("r1")->state, RunState::running);
  EXPECT_FALSE(tasks.find("task_1")->paused_at.has_value());
  EXPECT_EQ(step(TaskState::archived, CurrentRun::must_be_over), TaskOutcome::running);
  EXPECT_EQ(tasks.find("task_1")->state, TaskState::ready);
  EXPECT_EQ(step(TaskState::ready, CurrentRun::is_cancelled), TaskOutcome::done);
  EXPECT_TRUE(state().runs().find_run("r1")->cancel_requested);
  ASSERT_TRUE(end("r1", 5));
  EXPECT_EQ(tasks.find("task_1")->last_result, RunState::cancelled);
}

TEST_P(StateConformance, OnlyTheHolderOfTheLeaseDecidesForASchedule) {
  create_endpoints(state());
  TaskStore& tasks = state().control().tasks();
  HubLeases& leases = state().control().leases();
  ASSERT_OK(tasks.create(task("task_1", "one"), entry("createTask")));
  const std::string name(scheduler_lease);
  const auto first = leases.acquire(name, "hub1", at(0), std::chrono::seconds(15)).value();
  ASSERT_TRUE(first.has_value());
  ASSERT_OK(leases.release(*first));
  const auto second = leases.acquire(name, "hub2", at(1), std::chrono::seconds(15)).value();
  ASSERT_TRUE(second.has_value());
  const TaskStep start = start_of(tasks.find("task_1").value(), "r1");
  EXPECT_CODE(tasks.apply(start, &*first, at(2), nullptr), precondition_failed);
  EXPECT_EQ(tasks.apply(start, &*second, at(2), nullptr).value(), TaskOutcome::done);
}

TEST_P(StateConformance, TasksAreDueBySlotAndByPendingStart) {
  create_endpoints(state());
  TaskStore& tasks = state().control().tasks();
  const auto create = [&](const std::string& name, std::optional<TimePoint> next, bool pending) {
    StoredTask it = task("task_" + name, name);
    it.clock = {.looked_at = at(0), .next_run_at = next, .start_pending = pending};
    ASSERT_OK(tasks.create(it, entry("createTask")));
  };
  create("late", at(20), false);
  create("later", at(10), true);
  create("future", at(1'000'000'000), false);
  create("manual", std::nullopt, false);
  create("pending", std::nullopt, true);
  create("running", std::nullopt, true);
  create("paused", at(5), true);
  TaskStep run = start_of(tasks.find("task_running").value(), "r1");
  run.clock.start_pending = true;
  ASSERT_OK(tasks.apply(run, nullptr, at(1), nullptr));
  TaskStep pause = step_of(tasks.find("task_paused").value());
  pause.state = TaskState::paused;
  ASSERT_OK(tasks.apply(pause, nullptr, at(1), nullptr));
  const auto due = tasks.due(at(30), 10);
  ASSERT_OK(due);
  std::string found;
  for (const StoredTask& each : due->tasks) found += each.definition.name + " ";
  EXPECT_EQ(found, "later late pending ");
  EXPECT_GE(due->now, at(30));
  finish(claim_one(31));
  ASSERT_TRUE(end("r1", 32));
  EXPECT_EQ(tasks.due(at(40), 10)->tasks.size(), 4u);
}

TEST_P(StateConformance, TasksAreListedByFilterAndOrder) {
  create_endpoints(state());
  TaskStore& tasks = state().control().tasks();
  const auto create = [&](const std::string& name, int seconds, const Labels& labels) {
    StoredTask it = task("task_" + name, name);
    it.definition.labels = labels;
    it.created_at = it.updated_at = at(seconds);
    if (seconds % 2 == 0) it.clock.next_run_at = at(100 - seconds);
    ASSERT_OK(tasks.create(it, entry("createTask")));
  };
  create("b", 1, {{"team", "media"}});
  create("a", 4, {{"x", "\"team\":\"media\""}});
  create("d", 2, {{"team", "Media"}, {"z", "1"}});
  create("c", 3, {{"a", "b"}, {"team", "media"}});
  const auto listed = [&](const TaskFilter& filter, const TaskOrder& order = {}) {
    return names(tasks.list(filter, order, std::nullopt, 9));
  };
  EXPECT_EQ(listed({}), "a b c d ");
  EXPECT_EQ(listed({}, {.descending = true}), "d c b a ");
  EXPECT_EQ(listed({}, {.field = TaskOrder::Field::created_at}), "b d c a ");
  EXPECT_EQ(listed({}, {.field = TaskOrder::Field::next_run_at}), "a d b c ");
  EXPECT_EQ(listed({.label = Label{"team", "media"}}), "b c ");
  EXPECT_EQ(listed({.text = "FROM"}), "a b c d ");
  EXPECT_EQ(listed({.text = "c"}), "c ");
  EXPECT_EQ(listed({.actions = {"SYNC"}}), "");
  EXPECT_EQ(listed({.endpoints = {"endpoint_b", "endpoint_x"}}), "a b c d ");
  EXPECT_EQ(listed({.endpoints = {"endpoint_x"}}), "");
  EXPECT_EQ(names(tasks.find_all({"task_c", "task_x", "task_a"})), "a c ");
  // Pages.
  for (const auto field : {TaskOrder::Field::name, TaskOrder::Field::next_run_at,
                           TaskOrder::Field::updated_at, TaskOrder::Field::created_at}) {
    for (const bool descending : {false, true}) {
      const TaskOrder order{.field = field, .descending = descending};
      std::string paged;
      std::optional<TaskPosition> after;
      for (int page = 0; page < 3; ++page) {
        auto two = tasks.list({}, order, after, 2);
        ASSERT_OK(two);
        paged += names(two);
        if (!two->empty()) after = position_of(two->back(), field);
      }
      EXPECT_EQ(paged, listed({}, order));
    }
  }
}

TEST_P(StateConformance, TasksAreCountedByView) {
  create_endpoints(state());
  TaskStore& tasks = state().control().tasks();
  for (const char* name : {"idle", "running", "failed", "waits", "paused", "archived"})
    ASSERT_OK(tasks.create(task(std::string("task_") + name, name), entry("createTask")));
  const auto start = [&](const std::string& name) {
    const std::string id = "task_" + name;
    ASSERT_OK(tasks.apply(start_of(tasks.find(id).value(), name), nullptr, at(1), nullptr));
  };
  start("failed");
  Effects bad;
  bad.counts = count(Counter::failed, 1);
  finish(claim_one(2), bad);
  ASSERT_TRUE(end("failed", 3));
  start("running");
  start("waits");
  ASSERT_OK(state().runs().wait("waits", 0, {WaitingFor::space, "full", at(4), at(9'000)}));
  const auto become = [&](const std::string& name, TaskState to) {
    TaskStep step = step_of(tasks.find("task_" + name).value());
    step.state = to;
    ASSERT_OK(tasks.apply(step, nullptr, at(5), nullptr));
  };
  become("paused", TaskState::paused);
  become("archived", TaskState::archived);
  const auto view = [&](TaskView of) { return names(tasks.list({.view = of}, {}, {}, 9)); };
  EXPECT_EQ(view(TaskView::all), "failed idle paused running waits ");
  EXPECT_EQ(view(TaskView::running), "running waits ");
  EXPECT_EQ(view(TaskView::attention), "failed waits ");
  EXPECT_EQ(view(TaskView::paused), "paused ");
  EXPECT_EQ(view(TaskView::archived), "archived ");
  EXPECT_EQ(names(tasks.list({.last_results = {RunState::completed_with_failures}}, {}, {}, 9)),
            "failed ");
  EXPECT_EQ(tasks.counts().value(), (TaskCounts{5, 2, 2, 1, 1}));
  EXPECT_EQ(tasks.count({.view = TaskView::attention}).value(), 2);
}

}  // namespace dth::state::testing

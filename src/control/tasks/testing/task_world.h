#pragma once

#include <array>

#include <gmock/gmock.h>

#include "base/blocking.h"
#include "base/ids.h"
#include "base/simulated_clock.h"
#include "control/tasks/scheduler.h"
#include "control/tasks/stored_endpoints.h"
#include "control/tasks/task_service.h"
#include "objects/testing/fake_kind.h"
#include "state/sqlite/sqlite_state.h"
#include "state/testing/state_conformance.h"

namespace dth::control::testing {

// A kind of task that does nothing. It refuses the option "compare" with the value "etag" where the
// option "strict" is given.
class FakePlugin final : public engine::Plugin {
 public:
  std::string_view kind() const override { return "object_copy"; }
  std::span<const engine::OfferedAction> offered_actions() const override { return actions_; }
  std::span<const options::Option> option_table() const override { return options_; }
  std::span<const state::Counter* const> counters() const override { return {}; }
  Result<std::shared_ptr<const engine::Task>> parse(engine::TaskSpec spec,
                                                    TimePoint begun_at) const override {
    if (spec.option("compare") == "etag" && spec.option("strict") == "true")
      return Error{ErrorCode::invalid_argument, "--strict and --compare etag contradict", ""};
    if (spec.option("source-region") == "broken")
      return Error{ErrorCode::invalid_argument, "--source-region: there is none", ""};
    return std::make_shared<const engine::Task>(std::move(spec), begun_at, engine::Task::Traits{});
  }
  std::vector<state::NewJob> first_jobs(const engine::Task&) const override {
    return {{.kind = "scan", .payload = "p"}};
  }
  std::vector<engine::JobSlots> job_slots() const override { return {}; }
  std::vector<engine::JobSlots> job_slots_of(const engine::Task&, unsigned) const override {
    return {};
  }
  std::string identity(const engine::TaskSpec& spec) const override {
    return spec.option("source") + " " + spec.option("destination");
  }
  std::unique_ptr<engine::PluginLane> open_lane(engine::Lane) override { return nullptr; }

 private:
  using InTask = options::Option::InTask;
  static constexpr std::array<std::string_view, 2> choices_ = {"size", "etag"};
  static constexpr std::array copy_ = {options::Action::copy};
  static constexpr std::array actions_ = {
      engine::OfferedAction{options::Action::copy, "Copies."},
      engine::OfferedAction{options::Action::verify, "Checks."}};
  static constexpr std::array options_ = {
      options::Option{.name = "source", .in_task = InTask::place},
      options::Option{.name = "compare",
                      .type = options::OptionType::choice,
                      .choices = choices_,
                      .actions = copy_},
      options::Option{.name = "strict", .type = options::OptionType::flag},
      options::Option{.name = "object-list", .in_task = InTask::administrator},
      options::Option{.name = "exclude", .type = options::OptionType::list}};
};

// A state with two endpoints, and hubs that serve it under a simulated clock.
class TaskWorld : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto create = [&](const std::string& name, const std::string& kind) {
      ASSERT_OK(state_->control().endpoints().create(
          {.id = "endpoint_" + name,
           .name = name,
           .kind = kind,
           .options = kind == "s3" ? R"({"region":"r1"})" : "{}"},
          {}));
    };
    create("here", "s3");
    create("there", "s3");
    create("disk", "file");
  }

  static TaskCaller caller(bool is_administrator = false) {
    TaskCaller caller{.is_administrator = is_administrator};
    caller.entry.actor_name = "ann";
    return caller;
  }
  static TaskInput input(const std::string& name) {
    return {.name = name,
            .kind = "object_copy",
            .source = {"endpoint_here", name + "/"},
            .destination = {"endpoint_there", name + "/"}};
  }
  static TaskInput every(const std::string& name, unsigned count, Every::Unit unit) {
    TaskInput it = input(name);
    it.schedule = {.kind = TaskSchedule::Kind::every, .every_count = count, .every_unit = unit};
    return it;
  }
  std::string create(const TaskInput& task) {
    auto created = service_.create(task, caller());
    EXPECT_TRUE(created.has_value() && created->task) << what(created);
    return created.has_value() && created->task ? created->task->id : "";
  }
  static std::string what(const Result<TaskAnswer>& answer) {
    if (answer.has_error()) return answer.error().to_string();
    std::string text;
    for (const TaskProblem& problem : answer->problems) {
      for (const std::string& part : problem.field) text += part + ".";
      text += " " + problem.message + "\n";
    }
    return text;
  }
  state::StoredTask find(const std::string& id) { return service_.store().find(id).value(); }

  // Another hub of the same state.
  std::unique_ptr<Scheduler> hub(const std::string& holder) {
    SchedulerOptions options{.holder = holder};
    options.on_decision = [this, holder](const SlotReport& report) {
      decisions_.push_back(holder + ": " + report.name + " " + std::string(to_string(report.what)) +
                           " slots " + std::to_string(report.slots) + " missed " +
                           std::to_string(report.missed));
    };
    options.on_problem = [](const Error& error) { ADD_FAILURE() << error.to_string(); };
    return std::make_unique<Scheduler>(service_.store(), state_->control().leases(),
                                       service_.rules(), clock_, inline_, std::move(options));
  }
  void advance(std::chrono::seconds time) { clock_.advance(time); }
  // All hubs look once a second for so long.
  void live(std::chrono::seconds time, const std::vector<Scheduler*>& hubs) {
    for (std::chrono::seconds passed{0}; passed < time; passed += std::chrono::seconds(1)) {
      advance(std::chrono::seconds(1));
      for (Scheduler* each : hubs) (void)each->turn();
    }
  }
  // The task's run is done.
  void end_run(const std::string& id) {
    const std::string run = find(id).current_run;
    ASSERT_FALSE(run.empty());
    for (const char* kind : {"scan", "close"}) {
      state::ClaimRequest claim{.worker = "w",
                                .scope = {.anybody = true},
                                .kinds = {{kind, 64}},
                                .count_max = 64,
                                .now = clock_.now(),
                                .lease_until = clock_.now() + std::chrono::minutes(1)};
      auto jobs = state_->jobs().claim(claim);
      ASSERT_OK(jobs);
      for (const state::Job& job : *jobs) {
        if (job.run != run) {
          ASSERT_OK(state_->jobs().release(job.lease, clock_.now(), true));
        } else if (job.kind == "close") {
          ASSERT_OK(state_->runs().end_run(job.lease, clock_.now()));
        } else {
          ASSERT_OK(state_->jobs().finish(job.lease, {}, clock_.now()));
        }
      }
    }
    ASSERT_EQ(find(id).current_run, "");
  }

  SimulatedClock clock_;
  InlineExecutor inline_;
  std::unique_ptr<state::sqlite::SqliteState> state_ =
      state::sqlite::SqliteState::open({.path = ":memory:", .synchronous = false}).value();
  FakePlugin plugin_;
  std::array<engine::Plugin*, 1> plugins_{&plugin_};
  std::vector<std::unique_ptr<objects::StoreKind>> kinds_ = objects::testing::fake_kinds();
  StoredEndpoints endpoints_{state_->control().endpoints(), kinds_};
  TaskService service_{state_->control().tasks(), endpoints_, plugins_, clock_};
  std::vector<std::string> decisions_;
};

}  // namespace dth::control::testing

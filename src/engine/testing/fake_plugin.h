#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/counters.h"
#include "engine/plugin.h"

namespace dth::engine::testing {

// A kind of task whose jobs take a while and count one copy each. Its tests look at what was asked
// of it; used on one thread.
class FakePlugin final : public Plugin {
 public:
  static constexpr const char* job_kind = "fake/job";

  std::chrono::milliseconds job_time{0};
  std::string refused_run;  // the source of its spec: its stores cannot be opened
  mutable int parsed = 0;
  int opened = 0, closed = 0, refusals = 0;
  std::vector<MonotonicTime> begun;  // each job
  int jobs_to_emit = 0;              // by the next job that ends

  std::string_view kind() const override { return "fake"; }
  std::span<const OfferedAction> offered_actions() const override { return {}; }
  std::span<const options::Option> option_table() const override { return {}; }
  std::span<const state::Counter* const> counters() const override { return {}; }

  Result<std::shared_ptr<const Task>> parse(TaskSpec spec, TimePoint begun_at) const override {
    ++parsed;
    if (spec.options.contains("wrong"))
      return Error{ErrorCode::invalid_argument, "--wrong: not that", ""};
    return std::shared_ptr<const Task>(
        std::make_shared<Task>(std::move(spec), begun_at, Task::Traits()));
  }
  std::string identity(const TaskSpec& spec) const override { return spec.option("source"); }
  std::vector<state::NewJob> first_jobs(const Task&) const override {
    return {{.kind = job_kind, .payload = ""}};
  }
  std::vector<JobSlots> job_slots() const override { return {{job_kind, 2}}; }
  std::vector<JobSlots> job_slots_of(const Task&, unsigned) const override { return job_slots(); }
  std::unique_ptr<PluginLane> open_lane(Lane) override { return std::make_unique<FakeLane>(*this); }

 private:
  class FakeRunner final : public JobRunner {
   public:
    explicit FakeRunner(FakePlugin& plugin) : plugin_(plugin) { ++plugin_.opened; }
    ~FakeRunner() override { ++plugin_.closed; }

    Async<Result<Finished>> execute(JobContext& context) override {
      plugin_.begun.push_back(context.clock().monotonic_now());
      auto slept = co_await context.clock().sleep_for(plugin_.job_time);
      if (slept.has_error()) co_return slept.error();
      Finished finished;
      finished.effects.counts[Counter::copied] = 1;
      for (; plugin_.jobs_to_emit > 0; --plugin_.jobs_to_emit)
        finished.effects.jobs.push_back({.kind = job_kind, .payload = ""});
      co_return finished;
    }
    state::Counts take_request_counts() override { return {}; }
    Async<Result<void>> settle(EngineServices, std::string) override { co_return Result<void>(); }

   private:
    FakePlugin& plugin_;
  };

  class FakeLane final : public PluginLane {
   public:
    explicit FakeLane(FakePlugin& plugin) : plugin_(plugin) {}
    Async<Result<std::unique_ptr<JobRunner>>> open(std::shared_ptr<const Task> task,
                                                   OutageBoard*) override {
      if (!plugin_.refused_run.empty() && task->spec().option("source") == plugin_.refused_run) {
        ++plugin_.refusals;
        co_return Error{ErrorCode::unauthenticated, "the key is not known", ""};
      }
      std::unique_ptr<JobRunner> runner = std::make_unique<FakeRunner>(plugin_);
      co_return runner;
    }

   private:
    FakePlugin& plugin_;
  };
};

}  // namespace dth::engine::testing

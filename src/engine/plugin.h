#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/outage.h"
#include "engine/job_runner.h"
#include "engine/task.h"
#include "engine/worker.h"

namespace dth::engine {

// One thread's place to work in.
struct Lane {
  Executor executor;
  Clock& clock;
  unsigned count = 1;  // lanes of this process: budgets are divided by it
  // What the run's lanes in this process share; must outlive the lane. Null: a store that cannot be
  // reached is an error at once.
  OutageBoard* outages = nullptr;
  unsigned index = 0;  // of `count`
};

// An action that a kind of task offers; on the command line a command of its own.
struct OfferedAction {
  options::Action action;
  std::string_view help;  // one sentence
};

// A kind of task.
class Plugin {
 public:
  virtual ~Plugin() = default;

  virtual std::string_view kind() const = 0;
  virtual std::span<const OfferedAction> offered_actions() const = 0;
  virtual std::span<const options::Option> option_table() const = 0;

  // What its runs count; lives as long as the program.
  virtual std::span<const state::Counter* const> counters() const = 0;

  // Validates the spec and understands it, once for a process and run. Relative times count back
  // from `begun_at`, when the run was or will be created. invalid_argument names the option and
  // says what it takes.
  virtual Result<std::shared_ptr<const Task>> parse(TaskSpec spec, TimePoint begun_at) const = 0;

  // What a new run begins with. Here and below, the task comes from parse() of this plugin.
  virtual std::vector<state::NewJob> first_jobs(const Task& task) const = 0;

  virtual std::vector<JobSlots> job_slots(const Task& task, unsigned lanes) const = 0;

  // Opens the stores of the task, checks that they exist and may be used, and returns the runner of
  // the run's jobs on this lane. Nothing is changed anywhere, unless an option asks for it.
  virtual Async<Result<std::unique_ptr<JobRunner>>> open(std::shared_ptr<const Task> task,
                                                         Lane lane) = 0;
};

}  // namespace dth::engine

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/outage.h"
#include "engine/job_runner.h"
#include "engine/task.h"

namespace dth::engine {

// What people see a run do. Each kind of job belongs to one phase; several phases may go on at
// once.
enum class Phase {
  list,    // finds out what there is to do
  copy,    // moves items
  verify,  // compares both sides
  remove,  // deletes items at the destination
  close,   // settles what was left open, and signs the ledger
};

// How many jobs of a kind a lane holds at once, of one run.
struct JobSlots {
  std::string kind;
  std::uint32_t count_max = 1;
  Phase phase = Phase::copy;
};

// One thread's place to work in.
struct Lane {
  Executor executor;
  Clock& clock;
  unsigned count = 1;  // lanes of this process: budgets are divided by it
  unsigned index = 0;  // of `count`
};

// An action that a kind of task offers; on the command line a command of its own.
struct OfferedAction {
  options::Action action;
  std::string_view help;  // one sentence
};

// What a kind of task keeps on one lane for all of its runs: opened sessions, buffers. Lives as
// long as the lane, and ends on its thread.
class PluginLane {
 public:
  virtual ~PluginLane() = default;

  // Opens the stores of the task, checks that they exist and may be used, and returns the runner of
  // the run's jobs on this lane, which must not outlive this. Nothing is changed anywhere, unless
  // an option asks for it. `outages`: what the run's lanes in this process share; outlives the
  // runner. Null: a store that cannot be reached is an error at once.
  virtual Async<Result<std::unique_ptr<JobRunner>>> open(std::shared_ptr<const Task> task,
                                                         OutageBoard* outages) = 0;

  // Closes what no run has used for a while. Called now and then.
  virtual void close_idle() {}
};

// Of a task.
enum class Side { source, destination };

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

  // Which work a spec names, whatever its other options are: a run with the same action and the
  // same identity is resumed by the same command.
  virtual std::string identity(const TaskSpec& spec) const = 0;

  // What a new run begins with. Here and below, the task comes from parse() of this plugin.
  virtual std::vector<state::NewJob> first_jobs(const Task& task) const = 0;

  // What the store of one side has to allow the task, and nothing more, as its owner writes it
  // down: a policy of IAM. Empty: no store is asked for permission there.
  virtual std::string access_policy(const Task&, Side) const { return {}; }

  // The kinds of its jobs, each with the plugin's kind and a slash before its name; of the kinds
  // that are ready the first is begun first.
  virtual std::vector<JobSlots> job_slots() const = 0;
  // The same for a process of so many lanes that works on this task alone.
  virtual std::vector<JobSlots> job_slots_of(const Task& task, unsigned lanes) const = 0;

  // Thread-safe. The plugin outlives what it returns.
  virtual std::unique_ptr<PluginLane> open_lane(Lane lane) = 0;
};

}  // namespace dth::engine

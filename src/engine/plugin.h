#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/outage.h"
#include "engine/job_runner.h"
#include "engine/worker.h"
#include "options/option.h"

namespace dth::engine {

// One thread's place to work in.
struct Lane {
  Executor executor;
  Clock& clock;
  unsigned count = 1;  // lanes of this process: budgets are divided by it
  // What the run's lanes in this process share; must outlive the lane. Null: a store that cannot be
  // reached is an error at once.
  OutageBoard* outages = nullptr;
};

// One thing that a kind of task can be asked to do; on the command line a command of its own.
struct Mode {
  std::string_view name;  // the value of the option "mode"
  std::string_view help;  // one sentence
};

// A kind of task.
class Plugin {
 public:
  virtual ~Plugin() = default;

  virtual std::string_view kind() const = 0;
  virtual std::span<const Mode> modes() const = 0;
  // Those of the group "mode" are given by commands and not by people: "mode", and "retry-of" with
  // the id of a run.
  virtual std::span<const options::Option> options() const = 0;

  // validate(), and what only the plugin can tell: invalid_argument.
  virtual Result<void> check_spec(const options::Values& spec) const = 0;

  // What a new run begins with.
  virtual std::vector<state::NewJob> first_jobs(const options::Values& spec) const = 0;

  // What a run begins with that does the failed items of another run again, and nothing else: those
  // of these keys, or all. That run is over and in the same state; `spec` is its own with
  // "retry-of" added.
  virtual std::vector<state::NewJob> retry_jobs(const options::Values& spec, const std::string& run,
                                                const std::vector<std::string>& keys) const = 0;

  virtual std::vector<JobSlots> job_slots() const = 0;

  // Opens what the spec names, looks whether it is there and may be used, and returns who executes
  // the run's jobs on this lane. Nothing is changed anywhere but what an option asks to be made.
  virtual Async<Result<std::unique_ptr<JobRunner>>> open(options::Values spec, Lane lane) = 0;
};

}  // namespace dth::engine

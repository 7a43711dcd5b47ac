#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "options/action.h"
#include "options/option.h"

namespace dth::engine {

// Which failed items of an earlier run are copied or deleted again, and nothing else. That run is
// over and in the same state.
struct Retry {
  std::string run;
  std::vector<std::string> keys = {};  // raw bytes; empty: all that failed
  bool operator==(const Retry&) const = default;
};

// What a run is to do, as it was asked for and as state stores it. No secret.
struct TaskSpec {
  options::Action action = options::Action::copy;
  options::Values options = {};
  std::optional<Retry> retry = {};

  // The option's text; empty where it was not given.
  std::string option(std::string_view name) const;
  bool operator==(const TaskSpec&) const = default;
};

// {"action":"COPY","options":{"source":"s3://a"},"retry":{"run":"...","keys":["..."]}}
std::string to_json(const TaskSpec& spec);
// data_corrupted for what to_json() cannot have written.
Result<TaskSpec> parse_task_spec(std::string_view json);

// What differs between the specs of two runs, in words; empty where they mean the same, apart from
// options that may change.
std::string describe_difference(std::span<const options::Option> table, const TaskSpec& before,
                                const TaskSpec& now);

// A spec that its plugin has validated and understood (Plugin::parse()). Does not change, and may
// be shared between threads. A plugin derives from it and keeps there what it understood.
class Task {
 public:
  // What has to be known of any kind of task to execute a run and report on it.
  struct Traits {
    bool is_dry_run = false;          // nothing is changed anywhere
    bool repairs = false;             // VERIFY copies what differs or is missing
    bool accepts_unverified = false;  // copies that nothing verifies are no failure
    unsigned lanes_max = 64;          // more would have nothing to do
  };

  Task(TaskSpec spec, TimePoint begun_at, Traits traits)
      : spec_(std::move(spec)), begun_at_(begun_at), traits_(traits) {}
  virtual ~Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  const TaskSpec& spec() const { return spec_; }
  options::Action action() const { return spec_.action; }
  // When its run was created: relative times count back from then.
  TimePoint begun_at() const { return begun_at_; }
  const Traits& traits() const { return traits_; }

 private:
  const TaskSpec spec_;
  const TimePoint begun_at_;
  const Traits traits_;
};

}  // namespace dth::engine

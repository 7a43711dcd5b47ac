#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "state/counts.h"
#include "state/job.h"

namespace dth::state {

// docs: product vocabulary. A run is over in the last four.
enum class RunState {
  queued,  // nothing of it was claimed yet
  running,
  waiting,  // for somebody to do something: Run::waiting
  paused,   // until somebody resumes it
  succeeded,
  completed_with_failures,
  failed,
  cancelled
};
std::string_view to_string(RunState state);
std::optional<RunState> parse_run_state(std::string_view text);
inline bool is_over(RunState state) { return state >= RunState::succeeded; }

// Who may execute a run's jobs.
struct Placement {
  enum class Kind {
    anybody,
    label,    // processes that have the label `name`
    process,  // the one process whose id is `name`
  };
  Kind kind = Kind::anybody;
  std::string name = {};
  bool operator==(const Placement&) const = default;
};
std::string_view to_string(Placement::Kind kind);
std::optional<Placement::Kind> parse_placement_kind(std::string_view text);

// What a run waits for that somebody outside has to do.
enum class WaitingFor {
  credential,  // we are not let in any more
  space,       // the destination is full
  store,       // a store cannot be reached
  approval,    // somebody has to approve deletions
};
std::string_view to_string(WaitingFor what);
std::optional<WaitingFor> parse_waiting_for(std::string_view text);

struct Waiting {
  WaitingFor what = WaitingFor::store;
  std::string text = {};  // for people: what failed, why, what to do
  TimePoint since{};      // the first time of those that follow each other: waiting_gap_max
  TimePoint until{};      // when it is tried again
  bool operator==(const Waiting&) const = default;
};

// A run that waits, is tried, and has to wait for the same thing again within this long after
// Waiting::until, never stopped waiting for it: `since` stays.
inline constexpr Duration waiting_gap_max = std::chrono::minutes(5);

// What a run was created by.
enum class RunTrigger {
  command_line,  // a command of its own process
  manual,        // somebody, through the hub
  schedule,      // its task's schedule
  retry,         // somebody, over the failed items of another run
};
std::string_view to_string(RunTrigger trigger);
std::optional<RunTrigger> parse_run_trigger(std::string_view text);

// Where a run comes from.
struct RunOrigin {
  RunTrigger trigger = RunTrigger::command_line;
  std::string by = {};      // who asked for it, as people read it; empty: nobody that is known
  std::string task = {};    // the id of the hub's task that it is a run of; empty: none
  std::int64_t number = 0;  // 1, 2, … among the runs of that task; 0: it has no task
  bool operator==(const RunOrigin&) const = default;
};

struct Run {
  std::string id;
  std::string kind;  // the plugin's
  std::string spec;  // the plugin's options, JSON, as given at the start; never a secret
  RunState state = RunState::queued;
  Placement placement = {};
  int weight = 1;  // its share of the claims, in relation to other runs
  RunOrigin origin = {};
  TimePoint created_at{};
  std::optional<TimePoint> ended_at;
  Counts counts;
  std::string error;  // why it failed, for state failed
  bool cancel_requested = false;
  std::optional<Waiting> waiting = {};  // for state waiting
  std::int64_t epoch = 0;  // raised when a paused or waiting run is resumed; not when it is tried
                           // again by itself
};

inline constexpr int weight_max = 1'000;

struct NewRun {
  std::string id;
  std::string kind;
  std::string spec;
  Placement placement = {};
  int weight = 1;  // 1 to weight_max
  RunOrigin origin = {};
  // What lists are filtered by: the task's action, and its locations as people read them.
  std::string action = {};
  std::string source = {};
  std::string destination = {};
  // Which work it is, whatever its other options are: no two runs of one identity are unfinished at
  // a time, those that were cancelled aside. Empty: it may have its like.
  std::string identity = {};
};

struct Progress {
  Run run;
  std::vector<std::pair<std::string, Backlog>> backlog;  // by job kind
};

}  // namespace dth::state

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "control/schedules/schedule.h"
#include "control/tasks/task_problem.h"

namespace dth::control {

// What a user says of when a task runs, and what becomes of slots that cannot start a run. A value:
// state keeps it as JSON.
struct TaskSchedule {
  enum class Kind { manual, once, every, cron };
  Kind kind = Kind::manual;
  std::optional<TimePoint> at = {};  // of once
  unsigned every_count = 0;          // of every
  Every::Unit every_unit = Every::Unit::hours;
  std::optional<TimePoint> anchor = {};
  std::string cron = {};
  std::string zone = "UTC";
  OverlapPolicy overlap = OverlapPolicy::skip;
  MissedPolicy missed = MissedPolicy::run_once;
  bool operator==(const TaskSchedule&) const = default;
};

// Words as the API's enums have them: "RUN_ONCE".
std::string_view to_string(TaskSchedule::Kind kind);
std::string_view to_string(Every::Unit unit);
std::string_view to_string(OverlapPolicy policy);
std::string_view to_string(MissedPolicy policy);
std::optional<TaskSchedule::Kind> parse_schedule_kind(std::string_view word);
std::optional<Every::Unit> parse_schedule_unit(std::string_view word);
std::optional<OverlapPolicy> parse_overlap_policy(std::string_view word);
std::optional<MissedPolicy> parse_missed_policy(std::string_view word);

// Equal schedules have equal texts.
std::string to_json(const TaskSchedule& schedule);
// data_corrupted for what to_json() cannot have written.
Result<TaskSchedule> parse_task_schedule(std::string_view json);

// Only what its kind means; "every" without an anchor is counted from the last whole minute.
TaskSchedule completed(TaskSchedule schedule, TimePoint now);

// The rule that it names. Nothing where `problems` says what is wrong, at "schedule".
std::optional<Schedule> rule_of(const TaskSchedule& schedule, TaskProblems* problems);
// Of one that was kept: data_corrupted where it is wrong.
Result<Schedule> rule_of(const TaskSchedule& schedule);

}  // namespace dth::control

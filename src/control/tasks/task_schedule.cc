#include "control/tasks/task_schedule.h"

#include <array>
#include <utility>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_reader.h"
#include "base/json_writer.h"

namespace dth::control {
namespace {

using Kind = TaskSchedule::Kind;
using Unit = Every::Unit;
using Code = TaskProblem::Code;

template <class Enum, std::size_t n>
using Words = std::array<std::pair<Enum, std::string_view>, n>;

constexpr Words<Kind, 4> kinds = {
    {{Kind::manual, "MANUAL"}, {Kind::once, "ONCE"}, {Kind::every, "EVERY"}, {Kind::cron, "CRON"}}};
constexpr Words<Unit, 3> units = {
    {{Unit::minutes, "MINUTES"}, {Unit::hours, "HOURS"}, {Unit::days, "DAYS"}}};
constexpr Words<OverlapPolicy, 3> overlaps = {{{OverlapPolicy::skip, "SKIP"},
                                               {OverlapPolicy::queue_one, "QUEUE"},
                                               {OverlapPolicy::replace, "REPLACE"}}};
constexpr Words<MissedPolicy, 2> misses = {
    {{MissedPolicy::run_once, "RUN_ONCE"}, {MissedPolicy::skip, "SKIP"}}};

template <class Enum, std::size_t n>
std::string_view word_of(const Words<Enum, n>& words, Enum value) {
  for (const auto& [each, word] : words) {
    if (each == value) return word;
  }
  return "";
}

template <class Enum, std::size_t n>
std::optional<Enum> value_of(const Words<Enum, n>& words, std::string_view text) {
  for (const auto& [each, word] : words) {
    if (word == text) return each;
  }
  return std::nullopt;
}

void add_time(JsonObjectWriter& json, std::string_view name, const std::optional<TimePoint>& time) {
  if (time) json.text(name, format_time(*time));
}

std::optional<TimePoint> read_time(JsonObjectReader& json, std::string_view name) {
  const std::string text = json.text(name);
  if (text.empty()) return std::nullopt;
  auto time = parse_time(text);
  if (!time) json.fail(name, "is not a time");
  return time;
}

void report(TaskProblems* problems, Code code, const char* field, std::string message) {
  problems->push_back({code, {"schedule", field}, std::move(message)});
}

std::optional<Schedule::Rule> every_rule(const TaskSchedule& schedule, TaskProblems* problems) {
  if (schedule.every_count < 1 || schedule.every_count > Schedule::every_max) {
    report(problems, Code::out_of_range, "everyCount",
           "the interval is a whole number from 1 to " + std::to_string(Schedule::every_max));
    return std::nullopt;
  }
  return Every{schedule.every_count, schedule.every_unit, schedule.anchor.value_or(TimePoint{})};
}

std::optional<Schedule::Rule> cron_rule(const TaskSchedule& schedule, TaskProblems* problems) {
  if (schedule.cron.empty()) {
    report(problems, Code::required, "cron", "the cron expression is missing: give one");
    return std::nullopt;
  }
  auto expression = CronExpression::parse(schedule.cron);
  if (expression.has_error()) {
    report(problems, Code::invalid, "cron", expression.error().message);
    return std::nullopt;
  }
  return Cron{std::move(*expression)};
}

std::optional<Schedule::Rule> rule_alone(const TaskSchedule& schedule, TaskProblems* problems) {
  switch (schedule.kind) {
    case Kind::manual:
      return Manual{};
    case Kind::once:
      if (schedule.at) return Once{*schedule.at};
      report(problems, Code::required, "at", "the time of the run is missing: give one");
      return std::nullopt;
    case Kind::every:
      return every_rule(schedule, problems);
    case Kind::cron:
      break;
  }
  return cron_rule(schedule, problems);
}

}  // namespace

std::string_view to_string(Kind kind) { return word_of(kinds, kind); }
std::string_view to_string(Unit unit) { return word_of(units, unit); }
std::string_view to_string(OverlapPolicy policy) { return word_of(overlaps, policy); }
std::string_view to_string(MissedPolicy policy) { return word_of(misses, policy); }
std::optional<Kind> parse_schedule_kind(std::string_view word) { return value_of(kinds, word); }
std::optional<Unit> parse_schedule_unit(std::string_view word) { return value_of(units, word); }
std::optional<OverlapPolicy> parse_overlap_policy(std::string_view word) {
  return value_of(overlaps, word);
}
std::optional<MissedPolicy> parse_missed_policy(std::string_view word) {
  return value_of(misses, word);
}

std::string to_json(const TaskSchedule& schedule) {
  std::string text;
  JsonObjectWriter json(&text);
  json.text("kind", to_string(schedule.kind));
  add_time(json, "at", schedule.at);
  if (schedule.kind == Kind::every) {
    json.number("every", std::uint64_t(schedule.every_count));
    json.text("unit", to_string(schedule.every_unit));
  }
  add_time(json, "anchor", schedule.anchor);
  json.text("cron", schedule.cron);
  json.text("zone", schedule.zone);
  json.text("overlap", to_string(schedule.overlap));
  json.text("missed", to_string(schedule.missed));
  json.end();
  return text;
}

Result<TaskSchedule> parse_task_schedule(std::string_view text) {
  auto value = parse_json(text, "the schedule");
  if (value.has_error()) return value.error();
  if (!value->is_object())
    return Error{ErrorCode::data_corrupted, "the schedule is not an object", {}};
  JsonObjectReader json(value->get_object(), "the schedule");
  TaskSchedule schedule;
  const auto kind = parse_schedule_kind(json.text("kind"));
  const auto overlap = parse_overlap_policy(json.text("overlap"));
  const auto missed = parse_missed_policy(json.text("missed"));
  if (!kind) json.fail("kind", "has an unknown word");
  if (!overlap) json.fail("overlap", "has an unknown word");
  if (!missed) json.fail("missed", "has an unknown word");
  schedule.kind = kind.value_or(Kind::manual);
  schedule.overlap = overlap.value_or(OverlapPolicy::skip);
  schedule.missed = missed.value_or(MissedPolicy::run_once);
  schedule.at = read_time(json, "at");
  if (schedule.kind == Kind::every) {
    schedule.every_count = static_cast<unsigned>(json.number("every"));
    const auto unit = parse_schedule_unit(json.text("unit"));
    if (!unit) json.fail("unit", "has an unknown word");
    schedule.every_unit = unit.value_or(Unit::hours);
  }
  schedule.anchor = read_time(json, "anchor");
  schedule.cron = json.text("cron");
  schedule.zone = json.text("zone");
  if (json.error()) return *json.error();
  return schedule;
}

TaskSchedule completed(TaskSchedule schedule, TimePoint now) {
  TaskSchedule complete{
      .kind = schedule.kind, .overlap = schedule.overlap, .missed = schedule.missed};
  if (!schedule.zone.empty()) complete.zone = std::move(schedule.zone);
  switch (schedule.kind) {
    case Kind::manual:
      break;
    case Kind::once:
      complete.at = schedule.at;
      break;
    case Kind::every:
      complete.every_count = schedule.every_count;
      complete.every_unit = schedule.every_unit;
      complete.anchor = schedule.anchor;
      if (!complete.anchor) complete.anchor = std::chrono::floor<std::chrono::minutes>(now);
      break;
    case Kind::cron:
      complete.cron = std::move(schedule.cron);
      break;
  }
  return complete;
}

std::optional<Schedule> rule_of(const TaskSchedule& schedule, TaskProblems* problems) {
  auto zone = TimeZone::find(schedule.zone);
  if (zone.has_error()) report(problems, Code::invalid, "zone", zone.error().message);
  auto rule = rule_alone(schedule, problems);
  if (zone.has_error() || !rule) return std::nullopt;
  return Schedule(std::move(*rule), std::move(*zone));
}

Result<Schedule> rule_of(const TaskSchedule& schedule) {
  TaskProblems problems;
  auto rule = rule_of(schedule, &problems);
  if (rule) return std::move(*rule);
  return Error{ErrorCode::data_corrupted, problems.front().message, {}};
}

}  // namespace dth::control

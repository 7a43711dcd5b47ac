#include "api/task_input.h"

#include "api/endpoint_input.h"
#include "api/principal.h"
#include "api/run_filter.h"
#include "api/values.h"
#include "base/zoned_time.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using control::TaskProblem;

const json::value* member_of(const json::object& input, std::string_view name) {
  const auto* value = input.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string text_member(const json::object& input, std::string_view name) {
  const auto* value = member_of(input, name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<TimePoint> time_member(const json::object& input, std::string_view name) {
  const auto* value = member_of(input, name);
  return value ? parse_zoned_time(value->as_string()) : std::nullopt;
}

state::TaskPlace place_of(const json::object& input, std::string_view name) {
  const auto& place = input.at(name).as_object();
  return {text_member(place, "endpointId"), text_member(place, "path")};
}

UserErrorCode code_of(TaskProblem::Code code) {
  using Code = TaskProblem::Code;
  switch (code) {
    case Code::required:
      return UserErrorCode::required;
    case Code::too_long:
      return UserErrorCode::too_long;
    case Code::out_of_range:
      return UserErrorCode::out_of_range;
    case Code::taken:
      return UserErrorCode::taken;
    case Code::not_found:
      return UserErrorCode::not_found;
    case Code::stale:
      return UserErrorCode::stale_revision;
    case Code::wrong_state:
      return UserErrorCode::wrong_state;
    case Code::in_use:
      return UserErrorCode::in_use;
    case Code::invalid:
      break;
  }
  return UserErrorCode::invalid;
}

}  // namespace

json::value task_time(const std::optional<TimePoint>& time) {
  return time ? json::value(json::string(format_time(*time))) : json::value();
}

control::GivenOptions read_option_inputs(const json::object& input, std::string_view name) {
  control::GivenOptions options;
  for (state::Label& option : read_label_inputs(input, name))
    options.emplace_back(std::move(option.name), std::move(option.value));
  return options;
}

control::TaskSchedule read_schedule_input(const json::object& input) {
  control::TaskSchedule schedule;
  schedule.kind = control::parse_schedule_kind(text_member(input, "kind"))
                      .value_or(control::TaskSchedule::Kind::manual);
  schedule.at = time_member(input, "at");
  if (const auto* count = member_of(input, "everyCount"))
    schedule.every_count = static_cast<unsigned>(std::max<std::int64_t>(count->as_int64(), 0));
  // Without a unit there is no interval.
  const auto unit = control::parse_schedule_unit(text_member(input, "everyUnit"));
  if (!unit) schedule.every_count = 0;
  schedule.every_unit = unit.value_or(control::Every::Unit::hours);
  schedule.anchor = time_member(input, "anchor");
  schedule.cron = text_member(input, "cron");
  schedule.zone = text_member(input, "zone");
  schedule.overlap = control::parse_overlap_policy(text_member(input, "overlap"))
                         .value_or(control::OverlapPolicy::skip);
  schedule.missed = control::parse_missed_policy(text_member(input, "missed"))
                        .value_or(control::MissedPolicy::run_once);
  return schedule;
}

control::TaskInput read_task_input(const json::object& input) {
  control::TaskInput task;
  task.name = text_member(input, "name");
  task.description = text_member(input, "description");
  for (const state::Label& label : read_label_inputs(input, "labels"))
    task.labels.insert_or_assign(label.name, label.value);
  task.kind = text_member(input, "kind");
  task.action = options::parse_action(text_member(input, "action")).value_or(options::Action::copy);
  task.source = place_of(input, "source");
  task.destination = place_of(input, "destination");
  task.options = read_option_inputs(input, "options");
  if (const auto* schedule = member_of(input, "schedule"))
    task.schedule = read_schedule_input(schedule->as_object());
  return task;
}

state::TaskFilter task_filter(const json::object& input) {
  using state::TaskView;
  state::TaskFilter filter;
  const std::string view = text_member(input, "view");
  for (const auto& [word, value] :
       {std::pair("RUNNING", TaskView::running), std::pair("ATTENTION", TaskView::attention),
        std::pair("PAUSED", TaskView::paused), std::pair("ARCHIVED", TaskView::archived)}) {
    if (view == word) filter.view = value;
  }
  filter.text = text_member(input, "text");
  for (const std::string& name : text_list(input, "state")) {
    if (const auto state = state::parse_task_state(enum_word(name)))
      filter.states.push_back(*state);
  }
  // A run that is over has no other state: such a task is not to be found.
  for (const std::string& name : text_list(input, "lastResult")) {
    filter.last_results.push_back(
        state::parse_run_state(enum_word(name)).value_or(state::RunState::running));
  }
  filter.actions = text_list(input, "action");
  filter.endpoints = text_list(input, "endpointId");
  if (const auto* label = member_of(input, "label")) {
    filter.label = {text_member(label->as_object(), "name"),
                    text_member(label->as_object(), "value")};
  }
  return filter;
}

state::TaskOrder task_order(const json::object& input) {
  using Field = state::TaskOrder::Field;
  state::TaskOrder order;
  const std::string field = text_member(input, "field");
  for (const auto& [word, value] :
       {std::pair("NEXT_RUN_AT", Field::next_run_at), std::pair("UPDATED_AT", Field::updated_at),
        std::pair("CREATED_AT", Field::created_at)}) {
    if (field == word) order.field = value;
  }
  order.descending = text_member(input, "direction") == "DESC";
  return order;
}

std::vector<UserError> errors_of(const control::TaskProblems& problems,
                                 const std::vector<std::string>& prefix) {
  std::vector<UserError> errors;
  for (const TaskProblem& problem : problems) {
    std::vector<std::string> field = prefix;
    field.insert(field.end(), problem.field.begin(), problem.field.end());
    // These are beside the task.
    const bool is_of_input =
        !problem.field.empty() && (problem.field[0] == "id" || problem.field[0] == "revision");
    if (is_of_input) field = {"input", problem.field[0]};
    errors.push_back({code_of(problem.code), problem.message, std::move(field)});
  }
  return errors;
}

control::TaskCaller task_caller(const graphql::ResolveInfo& info, TimePoint now) {
  return {.entry = audit_entry(info, now),
          .is_administrator = principal_of(info).role >= state::Role::admin};
}

json::object schedule_object(const control::TaskSchedule& schedule) {
  using Kind = control::TaskSchedule::Kind;
  json::object object;
  object["kind"] = to_string(schedule.kind);
  object["at"] = task_time(schedule.at);
  const bool is_every = schedule.kind == Kind::every;
  object["everyCount"] = is_every ? json::value(schedule.every_count) : json::value();
  object["everyUnit"] = is_every ? json::value(to_string(schedule.every_unit)) : json::value();
  object["anchor"] = task_time(schedule.anchor);
  object["cron"] = text_or_null(schedule.cron);
  object["zone"] = schedule.zone;
  object["overlap"] = to_string(schedule.overlap);
  object["missed"] = to_string(schedule.missed);
  return object;
}

Error without_tasks() { return {ErrorCode::unsupported, "This hub has no tasks.", ""}; }

}  // namespace dth::api

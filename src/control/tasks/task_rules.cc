#include "control/tasks/task_rules.h"

#include <algorithm>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/suggestions.h"
#include "options/parsed_values.h"
#include "runs/run_service.h"

namespace dth::control {
namespace {

using Code = TaskProblem::Code;
using options::Option;
using options::OptionType;
using InTask = Option::InTask;

bool is_line(std::string_view text) {
  return is_valid_utf8(text) && !may_hold_display_controls(text) &&
         text.find_first_of(std::string_view("\0\r\n\t", 4)) == text.npos;
}

void check_length(std::string_view text, std::size_t max, const char* field,
                  TaskProblems* problems) {
  if (text.size() <= max) return;
  problems->push_back({Code::too_long,
                       {field},
                       "it is longer than " + std::to_string(max) + " bytes: give a shorter one"});
}

void check_words(const TaskInput& input, TaskProblems* problems) {
  const std::string& name = input.name;
  if (name.empty()) {
    problems->push_back({Code::required, {"name"}, "the task needs a name"});
  } else if (!is_line(name) || name.front() == ' ' || name.back() == ' ') {
    problems->push_back({Code::invalid,
                         {"name"},
                         "the name has spaces around it or characters that cannot be seen: give "
                         "another one"});
  }
  check_length(name, task_name_max, "name", problems);
  check_length(input.description, task_description_max, "description", problems);
  if (!is_valid_utf8(input.description) || input.description.find('\0') != std::string::npos)
    problems->push_back({Code::invalid, {"description"}, "the description is not text"});
  if (input.labels.size() > task_labels_max) {
    problems->push_back({Code::out_of_range,
                         {"labels"},
                         "a task has at most " + std::to_string(task_labels_max) + " labels"});
  }
  for (const auto& [label, value] : input.labels) {
    if (!label.empty() && is_line(label) && is_line(value) && label.size() <= task_label_max &&
        value.size() <= task_label_max)
      continue;
    problems->push_back({Code::invalid,
                         {"labels"},
                         "a label is a name and a value of at most " +
                             std::to_string(task_label_max) + " visible bytes each"});
    break;
  }
}

// What is wrong with one option by itself; nothing where it is all right.
std::optional<std::string> fault_of(const Option* option, const std::string& name,
                                    const std::vector<std::string>& values,
                                    std::span<const Option> table, options::Action action,
                                    const TaskCaller& caller) {
  if (!option) {
    std::vector<std::string> names;
    for (const Option& each : table) {
      if (each.in_task != InTask::place) names.emplace_back(each.name);
    }
    const auto near = suggestions_for(name, names);
    return "there is no such option" +
           (near.empty() ? std::string() : ". Did you mean " + near.front() + "?");
  }
  if (option->in_task == InTask::place)
    return "the hub sets it, from the task's endpoints and locations: omit it";
  if (option->in_task == InTask::administrator && !caller.is_administrator)
    return "it names something on the hub's own host: only administrators may give it";
  if (!option->applies_to(action))
    return "it does not apply to " + std::string(to_string(action)) + ": omit it";
  if (option->type == OptionType::list) return std::nullopt;
  if (values.size() > 1) return "it is given more than once: give one value";
  if (values.front().empty()) return "its value is empty: omit the option instead";
  auto parsed = options::parse_value(*option, values.front(), name, TimePoint{});
  if (parsed.has_error()) return parsed.error().message;
  return std::nullopt;
}

options::Values read_options(const GivenOptions& given, std::span<const Option> table,
                             options::Action action, const TaskCaller& caller,
                             TaskProblems* problems) {
  std::map<std::string, std::vector<std::string>> by_name;
  std::size_t bytes = 0;
  for (const auto& [name, value] : given) {
    by_name[name].push_back(value);
    bytes += name.size() + value.size();
  }
  options::Values values;
  if (bytes > task_options_bytes_max) {
    problems->push_back({Code::too_long,
                         {"options"},
                         "the options have more than " + std::to_string(task_options_bytes_max) +
                             " bytes in all: name fewer things, or keep them in a file"});
    return values;
  }
  for (const auto& [name, texts] : by_name) {
    const Option* option = options::find_option(table, name);
    if (auto fault = fault_of(option, name, texts, table, action, caller)) {
      problems->push_back(
          {Code::invalid, {"options", printable(name.substr(0, 100))}, std::move(*fault)});
      continue;
    }
    values[name] = option->type == OptionType::list ? options::make_list(texts) : texts.front();
  }
  return values;
}

// Which of the task's own options the plugin objects to: the first without which it does not.
// Empty: it is none of them alone.
std::string blamed_option(const engine::Plugin& plugin, const engine::TaskSpec& spec,
                          const options::Values& own, TimePoint now) {
  for (const auto& [name, value] : own) {
    engine::TaskSpec without = spec;
    without.options.erase(name);
    if (plugin.parse(std::move(without), now).has_value()) return name;
  }
  return "";
}

Result<void> check_whole(const engine::Plugin& plugin, const TaskParts& parts, TimePoint now,
                         TaskProblems* problems) {
  engine::TaskSpec spec = compose(parts, plugin.option_table());
  auto parsed = plugin.parse(spec, now);
  if (parsed.has_value()) return {};
  const Error& error = parsed.error();
  if (error.code != ErrorCode::invalid_argument && error.code != ErrorCode::unsupported)
    return error;
  const std::string option = blamed_option(plugin, spec, parts.options, now);
  TaskProblem problem{.message = error.message};
  if (!option.empty()) problem.field = {"options", option};
  problems->push_back(std::move(problem));
  return {};
}

}  // namespace

std::string json_of(const std::map<std::string, std::string, std::less<>>& texts) {
  std::string json = "{";
  for (const auto& [name, value] : texts) {
    if (json.size() > 1) json += ',';
    append_json_string(name, &json);
    json += ':';
    append_json_string(value, &json);
  }
  return json + "}";
}

Result<std::map<std::string, std::string, std::less<>>> parse_texts(const std::string& json,
                                                                    std::string_view what) {
  auto value = parse_json(json, what);
  if (value.has_error()) return value.error();
  const Error wrong{
      ErrorCode::data_corrupted, std::string(what) + " are not an object of texts", {}};
  if (!value->is_object()) return wrong;
  std::map<std::string, std::string, std::less<>> texts;
  for (const auto& [name, text] : value->get_object()) {
    if (!text.is_string()) return wrong;
    texts.emplace(std::string(name), std::string(text.get_string()));
  }
  return texts;
}

GivenOptions given_options(const options::Values& values, std::span<const Option> table) {
  GivenOptions given;
  for (const auto& [name, value] : values) {
    const Option* option = options::find_option(table, name);
    auto members = options::parse_list(value);
    if (option && option->type == OptionType::list && members.has_value()) {
      for (std::string& member : *members) given.emplace_back(name, std::move(member));
    } else {
      given.emplace_back(name, value);
    }
  }
  return given;
}

Result<engine::Plugin*> TaskRules::plugin_of(const std::string& kind) const {
  for (engine::Plugin* plugin : plugins_) {
    if (plugin->kind() == kind) return plugin;
  }
  return Error{ErrorCode::unsupported,
               "this hub knows no tasks of the kind \"" + printable(kind) + "\"",
               {}};
}

Result<void> TaskRules::check_places(const TaskInput& input, const TaskCaller& caller,
                                     TaskParts* parts, TaskProblems* problems) const {
  const auto check = [&](const char* side, const state::TaskPlace& place,
                         TaskEndpoint* endpoint) -> Result<void> {
    if (place.path.empty()) {
      problems->push_back(
          {Code::required, {side, "path"}, "the location is missing: name a bucket, or more"});
    } else if (!is_line(place.path) || place.path.size() > task_path_max) {
      problems->push_back({Code::invalid,
                           {side, "path"},
                           "the location has characters that cannot be seen, or is longer than " +
                               std::to_string(task_path_max) + " bytes"});
    }
    auto found = endpoints_.find(place.endpoint);
    if (found.has_error() && found.error().code != ErrorCode::not_found) return found.error();
    if (found.has_error()) {
      problems->push_back({Code::not_found, {side, "endpointId"}, found.error().message});
      return {};
    }
    *endpoint = std::move(*found);
    if (!endpoint->has_server && !caller.is_administrator) {
      problems->push_back({Code::invalid,
                           {side, "endpointId"},
                           "the endpoint \"" + endpoint->name +
                               "\" is on the hub's own host: only administrators may use it"});
    }
    return {};
  };
  auto checked = check("source", input.source, &parts->source);
  if (checked.has_value()) checked = check("destination", input.destination, &parts->destination);
  parts->source_path = input.source.path;
  parts->destination_path = input.destination.path;
  return checked;
}

void TaskRules::check_schedule(const TaskInput& input, const state::StoredTask* before,
                               TimePoint now, Checked* checked) const {
  TaskSchedule schedule = input.schedule;
  std::optional<TaskSchedule> kept;
  if (before != nullptr) {
    auto parsed = parse_task_schedule(before->definition.schedule);
    if (parsed.has_value()) kept = std::move(*parsed);
  }
  // The same interval counts on from where it did.
  if (kept && !schedule.anchor && schedule.kind == kept->kind) schedule.anchor = kept->anchor;
  schedule = completed(std::move(schedule), now);
  checked->schedule = rule_of(schedule, &checked->problems);
  const bool is_changed = !kept || !(*kept == schedule);
  if (is_changed && schedule.kind == TaskSchedule::Kind::once && schedule.at && *schedule.at <= now)
    checked->problems.push_back(
        {Code::invalid, {"schedule", "at"}, "the time has passed: give one to come"});
  checked->definition.schedule = to_json(schedule);
  const bool never = schedule.kind != TaskSchedule::Kind::manual && checked->schedule &&
                     !checked->schedule->next_after(now);
  if (never)
    checked->warnings.emplace_back("the schedule names no time to come: nothing starts by it");
}

Result<TaskRules::Checked> TaskRules::check(const TaskInput& input, const TaskCaller& caller,
                                            const state::StoredTask* before, TimePoint now) const {
  Checked checked;
  TaskProblems& problems = checked.problems;
  check_words(input, &problems);
  check_schedule(input, before, now, &checked);
  TaskParts parts;
  parts.action = input.action;
  if (auto places = check_places(input, caller, &parts, &problems); places.has_error())
    return places.error();
  auto plugin = plugin_of(input.kind);
  if (plugin.has_error()) {
    problems.push_back({Code::invalid, {"kind"}, plugin.error().message});
    return checked;
  }
  const auto offered = (*plugin)->offered_actions();
  if (std::ranges::none_of(offered, [&](const auto& each) { return each.action == input.action; }))
    problems.push_back({Code::invalid, {"action"}, "tasks of this kind do not offer this action"});
  parts.options =
      read_options(input.options, (*plugin)->option_table(), input.action, caller, &problems);
  if (problems.empty()) {
    if (auto whole = check_whole(**plugin, parts, now, &problems); whole.has_error())
      return whole.error();
  }
  state::TaskDefinition& definition = checked.definition;
  definition.name = input.name;
  definition.description = input.description;
  definition.labels = input.labels;
  definition.kind = input.kind;
  definition.action = to_string(input.action);
  definition.source = input.source;
  definition.destination = input.destination;
  definition.options = json_of(parts.options);
  return checked;
}

options::Values TaskRules::read_overrides(const GivenOptions& given, const engine::Plugin& plugin,
                                          options::Action action, const TaskCaller& caller,
                                          TaskProblems* problems) const {
  return read_options(given, plugin.option_table(), action, caller, problems);
}

Result<TaskParts> parts_of(const state::TaskDefinition& definition, TaskEndpoints& endpoints) {
  TaskParts parts;
  const auto action = options::parse_action(definition.action);
  if (!action)
    return Error{ErrorCode::data_corrupted,
                 "the task has the unknown action \"" + definition.action + "\"",
                 {}};
  parts.action = *action;
  auto source = endpoints.find(definition.source.endpoint);
  if (source.has_error()) return source.error();
  auto destination = endpoints.find(definition.destination.endpoint);
  if (destination.has_error()) return destination.error();
  auto options = parse_texts(definition.options, "the options of the task");
  if (options.has_error()) return options.error();
  parts.source = std::move(*source);
  parts.source_path = definition.source.path;
  parts.destination = std::move(*destination);
  parts.destination_path = definition.destination.path;
  parts.options = std::move(*options);
  return parts;
}

Result<state::TaskStart> TaskRules::prepare(const state::StoredTask& task,
                                            const TaskOverrides& overrides, state::RunOrigin origin,
                                            TimePoint now) const {
  auto plugin = plugin_of(task.definition.kind);
  if (plugin.has_error()) return plugin.error();
  auto parts = parts_of(task.definition, endpoints_);
  if (parts.has_error()) return parts.error();
  if (overrides.action && *overrides.action != parts->action) {
    // What the task says for its own action means nothing to this one.
    parts->action = *overrides.action;
    const auto table = (*plugin)->option_table();
    std::erase_if(parts->options, [&](const auto& given) {
      const Option* option = options::find_option(table, given.first);
      return option && !option->applies_to(*overrides.action);
    });
  }
  for (const auto& [name, value] : overrides.options) parts->options[name] = value;
  auto parsed = (*plugin)->parse(compose(*parts, (*plugin)->option_table()), now);
  if (parsed.has_error()) return parsed.error();
  runs::RunPlace place;
  place.origin = std::move(origin);
  place.origin.task = task.id;
  state::TaskStart start;
  start.run = runs::new_run_of(**plugin, **parsed, std::move(place));
  start.jobs = (*plugin)->first_jobs(**parsed);
  return start;
}

}  // namespace dth::control

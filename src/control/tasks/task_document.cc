#include "control/tasks/task_document.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"

namespace dth::control {
namespace {

constexpr std::array<std::string_view, 12> words_of_yaml = {
    "true", "false", "null", "yes", "no", "on", "off", "y", "n", "True", "False", "Null"};

bool is_plain(std::string_view text) {
  if (text.empty() || std::ranges::find(words_of_yaml, text) != words_of_yaml.end()) return false;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!is_letter(text.front())) return false;
  return std::ranges::all_of(text, [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/';
  });
}

// A scalar; double quotes of YAML are those of JSON.
std::string scalar(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string json;
  append_json_string(text, &json);
  escape_display_controls(&json);
  return json;
}

void add_schedule(const TaskSchedule& schedule, std::string* yaml) {
  const auto add = [&](const char* name, std::string value) {
    *yaml += std::string("  ") + name + ": " + value + "\n";
  };
  *yaml += "schedule:\n";
  add("kind", std::string(to_string(schedule.kind)));
  if (schedule.at) add("at", scalar(format_time(*schedule.at)));
  if (schedule.kind == TaskSchedule::Kind::every) {
    add("everyCount", std::to_string(schedule.every_count));
    add("everyUnit", std::string(to_string(schedule.every_unit)));
  }
  if (schedule.anchor) add("anchor", scalar(format_time(*schedule.anchor)));
  if (!schedule.cron.empty()) add("cron", scalar(schedule.cron));
  if (!schedule.zone.empty()) add("zone", scalar(schedule.zone));
  add("overlap", std::string(to_string(schedule.overlap)));
  add("missed", std::string(to_string(schedule.missed)));
}

void add_options(const GivenOptions& options, std::span<const options::Option> table,
                 std::string* yaml) {
  if (options.empty()) return;
  *yaml += "options:\n";
  std::string last;
  for (const auto& [name, value] : options) {
    const options::Option* option = options::find_option(table, name);
    if (!option || option->type != options::OptionType::list) {
      *yaml += "  " + scalar(name) + ": " + scalar(value) + "\n";
      continue;
    }
    if (name != last) *yaml += "  " + scalar(name) + ":\n";
    *yaml += "    - " + scalar(value) + "\n";
    last = name;
  }
}

// For a POSIX shell.
std::string quoted(const std::string& text) {
  constexpr std::string_view safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,";
  if (!text.empty() && text.find_first_not_of(safe) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// Members of a list stand together, whatever order they were given in.
GivenOptions sorted(GivenOptions options) {
  std::ranges::stable_sort(options, {}, &std::pair<std::string, std::string>::first);
  return options;
}

struct Sides {
  TaskEndpoint source, destination;
};
Result<Sides> sides_of(const TaskInput& input, const TaskRules& rules) {
  auto source = rules.endpoints().find(input.source.endpoint);
  if (source.has_error()) return source.error();
  auto destination = rules.endpoints().find(input.destination.endpoint);
  if (destination.has_error()) return destination.error();
  return Sides{std::move(*source), std::move(*destination)};
}

}  // namespace

Result<std::string> yaml_of(const TaskInput& input, const TaskRules& rules) {
  auto sides = sides_of(input, rules);
  if (sides.has_error()) return sides.error();
  auto plugin = rules.plugin_of(input.kind);
  if (plugin.has_error()) return plugin.error();
  std::string yaml = "kind: Task\nname: " + scalar(input.name) + "\n";
  if (!input.description.empty()) yaml += "description: " + scalar(input.description) + "\n";
  if (!input.labels.empty()) yaml += "labels:\n";
  for (const auto& [name, value] : input.labels)
    yaml += "  " + scalar(name) + ": " + scalar(value) + "\n";
  yaml += "plugin: " + scalar(input.kind) +
          "\naction: " + std::string(options::to_string(input.action)) + "\n";
  const auto add_side = [&](const char* side, const TaskEndpoint& endpoint,
                            const std::string& path) {
    yaml += std::string(side) + ":\n  endpoint: " + scalar(endpoint.name) +
            "\n  path: " + scalar(path) + "\n";
  };
  add_side("source", sides->source, input.source.path);
  add_side("destination", sides->destination, input.destination.path);
  add_options(sorted(input.options), (*plugin)->option_table(), &yaml);
  add_schedule(input.schedule, &yaml);
  return yaml;
}

Result<std::string> command_of(const TaskInput& input, const TaskRules& rules) {
  auto sides = sides_of(input, rules);
  if (sides.has_error()) return sides.error();
  auto plugin = rules.plugin_of(input.kind);
  if (plugin.has_error()) return plugin.error();
  const auto table = (*plugin)->option_table();
  std::string command = "dth " + std::string(options::command_of(input.action)) + " " +
                        quoted(location_of(sides->source, input.source.path)) + " " +
                        quoted(location_of(sides->destination, input.destination.path));
  const auto add = [&](const std::string& name, const std::string& value) {
    const options::Option* option = options::find_option(table, name);
    const bool is_flag = option && option->type == options::OptionType::flag;
    if (is_flag && value != "true" && value != "on" && value != "yes") return;
    command += " \\\n  --" + name + (is_flag ? "" : " " + quoted(value));
  };
  std::string variables;
  for (const auto& [side, endpoint] :
       {std::pair("source", &sides->source), std::pair("destination", &sides->destination)}) {
    for (const auto& [name, value] : endpoint->values) {
      if (name != "credential") {
        add(std::string(side) + "-" + name, value);
        continue;
      }
      const std::string owner = side == std::string("source") ? "SOURCE" : "DESTINATION";
      for (const char* field : {"ACCESS_KEY_ID", "SECRET_ACCESS_KEY"})
        variables += "DTH_" + owner + "_" + field + "=… ";
      variables += "\\\n";
    }
  }
  for (const auto& [name, value] : sorted(input.options)) add(name, value);
  return variables + command + "\n";
}

Result<TaskInput> input_of(const state::TaskDefinition& definition, const TaskRules& rules) {
  TaskInput input;
  input.name = definition.name;
  input.description = definition.description;
  input.labels = definition.labels;
  input.kind = definition.kind;
  input.action = options::parse_action(definition.action).value_or(options::Action::copy);
  input.source = definition.source;
  input.destination = definition.destination;
  auto values = parse_texts(definition.options, "the options of the task");
  if (values.has_error()) return values.error();
  auto plugin = rules.plugin_of(definition.kind);
  if (plugin.has_error()) return plugin.error();
  input.options = given_options(*values, (*plugin)->option_table());
  auto schedule = parse_task_schedule(definition.schedule);
  if (schedule.has_error()) return schedule.error();
  input.schedule = std::move(*schedule);
  return input;
}

Result<Applied> apply_document(TaskService& service, const std::string& text, bool dry_run,
                               const TaskCaller& caller) {
  Applied applied;
  auto read = read_task_document(text, service.rules());
  if (read.has_error()) return read.error();
  if (!read->problems.empty()) {
    applied.answer.problems = std::move(read->problems);
    return applied;
  }
  auto before = service.store().find_named(read->input.name);
  if (before.has_error() && before.error().code != ErrorCode::not_found) return before.error();
  applied.is_created = before.has_error();
  const state::StoredTask* const kept = applied.is_created ? nullptr : &*before;
  auto checked = service.rules().check(read->input, caller, kept, service.clock().now());
  if (checked.has_error()) return checked.error();
  if (!checked->problems.empty()) {
    applied.answer.problems = std::move(checked->problems);
    return applied;
  }
  const state::TaskDefinition nothing{.name = "", .options = "", .schedule = ""};
  applied.changes = changes_between(kept ? kept->definition : nothing, checked->definition);
  if (dry_run) {
    if (kept) applied.answer.task = *kept;
    return applied;
  }
  auto answer = kept ? service.update(kept->id, kept->revision, read->input, caller)
                     : service.create(read->input, caller);
  if (answer.has_error()) return answer.error();
  applied.answer = std::move(*answer);
  return applied;
}

}  // namespace dth::control

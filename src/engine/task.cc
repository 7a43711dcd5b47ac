#include "engine/task.h"

#include "base/json_reader.h"
#include "base/json_writer.h"

namespace dth::engine {
namespace {

namespace json = boost::json;

std::string text(const json::value& value) { return std::string(value.as_string()); }

TaskSpec read_spec(const json::object& object) {
  TaskSpec spec;
  const auto action = options::parse_action(text(object.at("action")));
  if (!action) throw std::invalid_argument("unknown action");
  spec.action = *action;
  for (const auto& [name, value] : object.at("options").as_object())
    spec.options[std::string(name)] = text(value);
  if (const json::value* given = object.if_contains("retry")) {
    const json::object& retry = given->as_object();
    spec.retry = Retry{.run = text(retry.at("run"))};
    for (const json::value& key : retry.at("keys").as_array())
      spec.retry->keys.push_back(text(key));
  }
  return spec;
}

Error unreadable(std::string why) {
  return {ErrorCode::data_corrupted,
          "the run's options cannot be read; was the state changed by hand?", std::move(why)};
}

}  // namespace

std::string TaskSpec::option(std::string_view name) const {
  const auto given = options.find(name);
  return given == options.end() ? std::string() : given->second;
}

std::string to_json(const TaskSpec& spec) {
  json::object object;
  object["action"] = options::to_string(spec.action);
  json::object& given = object["options"].emplace_object();
  for (const auto& [name, value] : spec.options) given[name] = value;
  if (spec.retry) {
    json::object& retry = object["retry"].emplace_object();
    retry["run"] = spec.retry->run;
    json::array& keys = retry["keys"].emplace_array();
    for (const std::string& key : spec.retry->keys) keys.emplace_back(key);
  }
  return write_json(object);
}

Result<TaskSpec> parse_task_spec(std::string_view text) {
  // The names of directories, and keys, may hold any bytes.
  const auto parsed = parse_json(text, "it", {.any_bytes = true});
  if (parsed.has_error()) return unreadable(parsed.error().to_string());
  try {
    return read_spec(parsed->as_object());
  } catch (const std::exception& problem) {
    return unreadable(problem.what());
  }
}

std::string describe_difference(std::span<const options::Option> table, const TaskSpec& before,
                                const TaskSpec& now) {
  const std::string difference = options::describe_difference(table, before.options, now.options);
  if (before.action != now.action) {
    return "it is a " + std::string(options::to_string(before.action)) + ", not a " +
           std::string(options::to_string(now.action)) +
           (difference.empty() ? "" : "; " + difference);
  }
  if (before.retry && !now.retry) {
    return "it repeats the failed items of run " + before.retry->run +
           (difference.empty() ? "" : "; " + difference);
  }
  return difference;
}

}  // namespace dth::engine

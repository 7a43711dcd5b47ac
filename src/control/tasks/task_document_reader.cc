#include <set>

#include <yaml-cpp/yaml.h>

#include "base/encoding.h"
#include "base/suggestions.h"
#include "base/zoned_time.h"
#include "control/tasks/task_document.h"
#include "options/amounts.h"

namespace dth::control {
namespace {

using Code = TaskProblem::Code;
using Keys = std::vector<std::string>;

// Reads the mappings of a document, and notes what is wrong with its line.
class DocumentReader {
 public:
  explicit DocumentReader(TaskProblems* problems) : problems_(problems) {}

  void report(const YAML::Node& node, std::string message) {
    report(node.Mark(), std::move(message));
  }
  void report(const YAML::Mark& mark, std::string message) {
    const std::string line = mark.is_null() ? "" : "line " + std::to_string(mark.line + 1) + ": ";
    problems_->push_back({Code::invalid, {"document"}, line + std::move(message)});
  }

  // Is it a mapping of these keys, each once?
  bool is_map(const YAML::Node& node, const std::string& what, const Keys& keys) {
    if (!node.IsMap()) {
      report(node, what + " has to be a mapping: lines like \"" + keys.front() + ": …\"");
      return false;
    }
    std::set<std::string> seen;
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) {
        report(entry.first, "a key has to be a name");
        continue;
      }
      const std::string& key = entry.first.Scalar();
      if (!seen.insert(key).second) report(entry.first, shown(key) + " is given twice: keep one");
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      const auto near = suggestions_for(key, keys);
      std::string message = what + " has no field " + shown(key);
      if (!near.empty()) {
        message += ". Did you mean " + near.front() + "?";
      } else {
        message += "; its fields are";
        for (const std::string& each : keys) message += (each == keys.front() ? " " : ", ") + each;
      }
      report(entry.first, std::move(message));
    }
    return true;
  }

  // One text; empty where it is missing.
  std::string text(const YAML::Node& map, const std::string& key) {
    const YAML::Node node = map[key];
    if (!node.IsDefined() || node.IsNull()) return "";
    if (node.IsScalar()) return node.Scalar();
    report(node, key + " takes one value, no list and no mapping");
    return "";
  }
  // One of a closed set of words; nothing where it is missing.
  template <class Parse>
  auto word(const YAML::Node& map, const std::string& key, Parse parse, const char* words) {
    const std::string given = text(map, key);
    auto value = parse(given);
    if (!given.empty() && !value)
      report(map[key], key + " takes one of " + words + ", not \"" + shown(given) + "\"");
    return value;
  }
  std::optional<TimePoint> time(const YAML::Node& map, const std::string& key) {
    const std::string given = text(map, key);
    if (given.empty()) return std::nullopt;
    auto value = parse_zoned_time(given);
    if (!value) report(map[key], key + " takes a time with its zone, such as 2026-11-01T09:30:00Z");
    return value;
  }

 private:
  static std::string shown(const std::string& text) { return printable(text.substr(0, 100)); }

  TaskProblems* problems_;
};

void read_labels(DocumentReader& reader, const YAML::Node& node, state::Labels* labels) {
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsMap()) return reader.report(node, "labels has to be a mapping: \"team: media\"");
  for (const auto& entry : node) {
    if (!entry.first.IsScalar() || !(entry.second.IsScalar() || entry.second.IsNull())) {
      reader.report(entry.first, "a label is a name and one value");
      continue;
    }
    const std::string value = entry.second.IsScalar() ? entry.second.Scalar() : "";
    if (!labels->emplace(entry.first.Scalar(), value).second)
      reader.report(entry.first,
                    "the label " + printable(entry.first.Scalar()) + " is given twice");
  }
}

void read_options(DocumentReader& reader, const YAML::Node& node, GivenOptions* options) {
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsMap()) return reader.report(node, "options has to be a mapping: \"size-min: 1MiB\"");
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      reader.report(entry.first, "an option is a name and a value");
      continue;
    }
    const std::string& name = entry.first.Scalar();
    if (!seen.insert(name).second)
      reader.report(entry.first, "the option " + printable(name) + " is given twice: keep one");
    if (entry.second.IsScalar()) {
      options->emplace_back(name, entry.second.Scalar());
    } else if (entry.second.IsSequence()) {
      for (const YAML::Node& member : entry.second) {
        if (member.IsScalar()) {
          options->emplace_back(name, member.Scalar());
        } else {
          reader.report(member, "a member of " + printable(name) + " has to be one value");
        }
      }
    } else {
      reader.report(entry.first, "the option " + printable(name) + " takes a value or a list");
    }
  }
}

Result<void> read_side(DocumentReader& reader, const YAML::Node& root, const std::string& side,
                       const TaskRules& rules, state::TaskPlace* place) {
  const YAML::Node node = root[side];
  if (!node.IsDefined()) {
    reader.report(root, side + " is missing: name its endpoint and path");
    return {};
  }
  if (!reader.is_map(node, side, {"endpoint", "path"})) return {};
  place->path = reader.text(node, "path");
  const std::string name = reader.text(node, "endpoint");
  auto endpoint = rules.endpoints().find_named(name);
  if (endpoint.has_error() && endpoint.error().code != ErrorCode::not_found)
    return endpoint.error();
  if (endpoint.has_error()) {
    reader.report(
        node, side + ": " + endpoint.error().message + "; create it first, or name another one");
    return {};
  }
  place->endpoint = endpoint->id;
  return {};
}

void read_schedule(DocumentReader& reader, const YAML::Node& node, TaskSchedule* schedule) {
  if (!node.IsDefined() || node.IsNull()) return;
  if (!reader.is_map(
          node, "schedule",
          {"kind", "at", "everyCount", "everyUnit", "anchor", "cron", "zone", "overlap", "missed"}))
    return;
  const auto kind = reader.word(node, "kind", parse_schedule_kind, "MANUAL, ONCE, EVERY, CRON");
  if (!node["kind"].IsDefined()) reader.report(node, "schedule: kind is missing");
  schedule->kind = kind.value_or(TaskSchedule::Kind::manual);
  schedule->at = reader.time(node, "at");
  schedule->anchor = reader.time(node, "anchor");
  schedule->cron = reader.text(node, "cron");
  schedule->zone = reader.text(node, "zone");
  if (const std::string count = reader.text(node, "everyCount"); !count.empty()) {
    const auto number = options::parse_count(count);
    if (!number || *number > Schedule::every_max) {
      reader.report(node["everyCount"],
                    "everyCount takes a whole number, 1 to " + std::to_string(Schedule::every_max));
    } else {
      schedule->every_count = static_cast<unsigned>(*number);
    }
  }
  schedule->every_unit = reader.word(node, "everyUnit", parse_schedule_unit, "MINUTES, HOURS, DAYS")
                             .value_or(Every::Unit::hours);
  if (schedule->kind == TaskSchedule::Kind::every && !node["everyUnit"].IsDefined())
    reader.report(node, "schedule: everyUnit is missing");
  schedule->overlap = reader.word(node, "overlap", parse_overlap_policy, "SKIP, QUEUE, REPLACE")
                          .value_or(OverlapPolicy::skip);
  schedule->missed = reader.word(node, "missed", parse_missed_policy, "RUN_ONCE, SKIP")
                         .value_or(MissedPolicy::run_once);
}

Result<void> read_root(DocumentReader& reader, const YAML::Node& root, const TaskRules& rules,
                       TaskInput* input) {
  if (!reader.is_map(root, "a task's document",
                     {"kind", "name", "description", "labels", "plugin", "action", "source",
                      "destination", "options", "schedule"}))
    return {};
  if (reader.text(root, "kind") != "Task")
    reader.report(root, "the document does not say \"kind: Task\": add that line");
  input->name = reader.text(root, "name");
  if (input->name.empty()) reader.report(root, "name is missing: a document is applied by it");
  input->description = reader.text(root, "description");
  read_labels(reader, root["labels"], &input->labels);
  input->kind = reader.text(root, "plugin");
  if (input->kind.empty()) input->kind = "object_copy";
  const auto action = reader.word(root, "action", options::parse_action, "COPY, SYNC, VERIFY");
  if (!root["action"].IsDefined()) reader.report(root, "action is missing: COPY, SYNC or VERIFY");
  input->action = action.value_or(options::Action::copy);
  read_options(reader, root["options"], &input->options);
  read_schedule(reader, root["schedule"], &input->schedule);
  auto read = read_side(reader, root, "source", rules, &input->source);
  if (read.has_error()) return read;
  return read_side(reader, root, "destination", rules, &input->destination);
}

}  // namespace

Result<ReadDocument> read_task_document(const std::string& text, const TaskRules& rules) {
  ReadDocument read;
  DocumentReader reader(&read.problems);
  if (text.size() > task_document_bytes_max) {
    reader.report(YAML::Mark::null_mark(), "the document is longer than " +
                                               std::to_string(task_document_bytes_max) +
                                               " bytes: give one task");
    return read;
  }
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() != 1) {
      reader.report(YAML::Mark::null_mark(),
                    "it has " + std::to_string(documents.size()) +
                        " documents: give one, and apply the others by themselves");
      return read;
    }
    auto done = read_root(reader, documents.front(), rules, &read.input);
    if (done.has_error()) return done.error();
  } catch (const YAML::Exception& problem) {
    reader.report(problem.mark, "it is not YAML: " + problem.msg);
  }
  return read;
}

}  // namespace dth::control

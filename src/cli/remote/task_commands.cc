// `dth task …`, `dth apply` and `dth diff`, of a hub.
#include <memory>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/remote/find_id.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/listing.h"
#include "cli/remote/named_values.h"
#include "cli/remote/remote_runs.h"
#include "cli/remote/secret_input.h"

namespace dth::cli {
namespace {

namespace json = boost::json;
namespace documents = client::documents;
using client::HubClient;

constexpr std::size_t document_bytes_max = 1 << 20;

const std::vector<Column> task_columns = {{"NAME", "name"},
                                          {"ACTION", "action"},
                                          {"STATE", "state"},
                                          {"ACTIVITY", "activity"},
                                          {"LAST RUN", "lastRun.state"},
                                          {"NEXT RUN", "nextRunAt", Column::As::time},
                                          {"SOURCE", "source.endpoint.name"},
                                          {"PATH", "source.path"},
                                          {"DESTINATION", "destination.endpoint.name"},
                                          {"PATH", "destination.path"}};
const std::vector<Column> task_fields = {{"Task", "name"},
                                         {"Id", "id"},
                                         {"Description", "description"},
                                         {"Labels", "labels", Column::As::words},
                                         {"Action", "action"},
                                         {"State", "state"},
                                         {"Activity", "activity"},
                                         {"Source", "source.endpoint.name"},
                                         {"Source path", "source.path"},
                                         {"Destination", "destination.endpoint.name"},
                                         {"Destination path", "destination.path"},
                                         {"Options", "options", Column::As::words},
                                         {"Schedule", "schedule.kind"},
                                         {"Cron", "schedule.cron"},
                                         {"Every", "schedule.everyCount"},
                                         {"Unit", "schedule.everyUnit"},
                                         {"Zone", "schedule.zone"},
                                         {"Next run", "nextRunAt", Column::As::time},
                                         {"Current run", "currentRun.id"},
                                         {"Last run", "lastRun.id"},
                                         {"Last result", "lastRun.state"},
                                         {"Last error", "lastRun.error"},
                                         {"Runs", "runCount", Column::As::count},
                                         {"Created", "createdAt", Column::As::time},
                                         {"Created by", "createdBy"},
                                         {"Changed", "updatedAt", Column::As::time},
                                         {"Changed by", "updatedBy"},
                                         {"Paused by", "pausedBy"},
                                         {"Revision", "revision"}};

struct TaskFlags {
  std::string hub, task, format = "YAML", action;
  std::vector<std::string> tasks, options;
  bool waits = false;
  ListFormat output = ListFormat::table;
};

Result<void> show(const TaskFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto task = read_named(**hub, tasks_by_name, documents::task, flags.task);
  if (task.has_error()) return task.error();
  print_details(*task, task_fields, flags.output);
  return {};
}

Result<void> export_task(const TaskFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto id = find_id(**hub, tasks_by_name, flags.task);
  if (id.has_error()) return id.error();
  auto data =
      (*hub)->ask(documents::task_document, json::object{{"id", *id}, {"format", flags.format}});
  if (data.has_error()) return data.error();
  std::string text = text_of(*data, "taskDocument");
  if (!text.ends_with('\n')) text += '\n';
  // A document has lines, and is not to move a terminal.
  put(without_display_controls(text));
  return {};
}

// What became of each; the runs that were started.
struct BulkOutcome {
  std::vector<std::string> runs;
  bool has_failures = false;
};

Result<BulkOutcome> change_tasks(HubClient& hub, const TaskFlags& flags,
                                 const client::Document& document, const std::string& done,
                                 json::object input) {
  json::array ids;
  for (const std::string& called : flags.tasks) {
    auto id = find_id(hub, tasks_by_name, called);
    if (id.has_error()) return id.error();
    ids.push_back(json::string(*id));
  }
  input["ids"] = std::move(ids);
  auto payload = hub.change(document, std::move(input));
  if (payload.has_error()) return payload.error();
  const json::value* results = find_field(*payload, "results");
  if (results == nullptr || !results->is_array() ||
      results->get_array().size() != flags.tasks.size())
    return Error{ErrorCode::data_corrupted, hub.name() + ": its answer lacks results", ""};
  BulkOutcome outcome;
  for (std::size_t i = 0; i < flags.tasks.size(); ++i) {
    const json::value& value = results->get_array()[i];
    const json::object result = value.is_object() ? value.get_object() : json::object();
    const std::string name = printable(flags.tasks[i]);
    if (find_field(result, "error") != nullptr || text_of(result, "id").empty()) {
      tell(name + ": " + printable(text_of(result, "error.message")));
      outcome.has_failures = true;
      continue;
    }
    const std::string run = printable(text_of(result, "run.id"));
    tell(name + ": " + done + (run.empty() ? "" : " " + run));
    if (!run.empty()) outcome.runs.push_back(run);
  }
  return outcome;
}

int change_all(const TaskFlags& flags, const client::Document& document, const std::string& done) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return print_error(hub.error());
  auto outcome = change_tasks(**hub, flags, document, done, {});
  if (outcome.has_error()) return print_error(outcome.error());
  return outcome->has_failures ? exit_could_not_run : 0;
}

// Ids of the runs on standard output; with --wait their summaries. The exit code is that of the
// first run that did not succeed.
int run_tasks(const TaskFlags& flags) {
  auto options = named_values("--option", flags.options);
  if (options.has_error()) return print_error(options.error());
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return print_error(hub.error());
  json::object input;
  if (!options->empty()) input["options"] = std::move(*options);
  if (!flags.action.empty()) input["action"] = flags.action;
  auto outcome = change_tasks(**hub, flags, documents::run_tasks, "started", std::move(input));
  if (outcome.has_error()) return print_error(outcome.error());
  int code = outcome->has_failures ? exit_could_not_run : 0;
  for (const std::string& run : outcome->runs) {
    if (!flags.waits) {
      put(run + "\n");
      continue;
    }
    const int ended = wait_for_run(**hub, run, OutputFormat::table);
    if (code == 0) code = ended;
  }
  return code;
}

// The documents of a file, which lines of "---" divide.
std::vector<std::string> split_documents(const std::string& text) {
  std::vector<std::string> split(1);
  bool has_content = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    std::string line = text.substr(begin, end - begin);
    begin = end;
    if (line.starts_with("---") && line.find_first_not_of("- \r\n") == line.npos) {
      if (has_content) split.emplace_back();
      has_content = false;
      continue;
    }
    has_content = has_content || (line.find_first_not_of(" \r\n") != line.npos && line[0] != '#');
    split.back() += line;
  }
  if (!has_content) split.pop_back();
  return split;
}

void print_changes(const json::object& payload) {
  const json::value* changes = find_field(payload, "changes");
  if (changes == nullptr || !changes->is_array()) return;
  for (const json::value& change : changes->get_array()) {
    if (!change.is_object()) continue;
    put("  " + field_text(change.get_object(), {"", "field"}) + ": " +
        field_text(change.get_object(), {"", "before"}) + " -> " +
        field_text(change.get_object(), {"", "after"}) + "\n");
  }
}

// Whether it differs from what the hub has.
Result<bool> apply_document(HubClient& hub, const std::string& name, const std::string& text,
                            bool is_dry) {
  auto done =
      hub.change(documents::apply_task, json::object{{"document", text}, {"dryRun", is_dry}});
  if (done.has_error()) return std::move(done.error()).with_context(printable(name));
  const json::value* changes = find_field(*done, "changes");
  const bool is_new = text_of(*done, "created") == "yes";
  const bool differs =
      is_new || (changes != nullptr && changes->is_array() && !changes->get_array().empty());
  const std::string task = text_of(*done, "task.name");
  put(printable(name) + (task.empty() ? "" : ": " + printable(task)) + ": " +
      (is_new    ? is_dry ? "would be created" : "created"
       : differs ? is_dry ? "would be changed" : "changed"
                 : "unchanged") +
      "\n");
  print_changes(*done);
  return differs;
}

struct ApplyFlags {
  std::string hub;
  std::vector<std::string> files;
};

// Everything is validated by a dry run before anything is changed.
Result<bool> apply_files(const ApplyFlags& flags, bool is_dry) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  std::vector<std::pair<std::string, std::string>> all;
  for (const std::string& file : flags.files) {
    auto text = read_input(file, document_bytes_max);
    if (text.has_error()) return text.error();
    for (std::string& document : split_documents(*text)) all.emplace_back(file, document);
  }
  if (all.empty())
    return Error{ErrorCode::invalid_argument, "there is no task in the files that were given", ""};
  if (!is_dry) {
    for (const auto& [name, text] : all) {
      auto checked =
          (*hub)->change(documents::apply_task, json::object{{"document", text}, {"dryRun", true}});
      if (checked.has_error()) return std::move(checked.error()).with_context(printable(name));
    }
  }
  bool any = false;
  for (const auto& [name, text] : all) {
    auto differs = apply_document(**hub, name, text, is_dry);
    if (differs.has_error()) return differs;
    any = any || *differs;
  }
  return any;
}

void add_files(Command& app, ApplyFlags* flags) {
  CommandOption& option = add_values(app, "-f,--file", &flags->files,
                                     "a task as a document of YAML; \"-\": standard input");
  option.placeholder = "FILE";
  option.is_required = true;
  add_hub_option(app, &flags->hub);
}

Command& add_one(Command& parent, const std::string& name, const std::string& help,
                 std::shared_ptr<TaskFlags> flags, Result<void> (*work)(const TaskFlags&)) {
  Command& app = add_command(parent, name, help);
  add_place(app, "TASK", &flags->task, "its name or id").is_required = true;
  add_hub_option(app, &flags->hub);
  app.run = [flags, work] {
    auto done = work(*flags);
    return done.has_error() ? print_error(done.error()) : 0;
  };
  return app;
}

Command& add_several(Command& parent, const std::string& name, const std::string& help,
                     std::shared_ptr<TaskFlags> flags) {
  Command& app = add_command(parent, name, help);
  CommandOption& tasks = add_values(app, "TASK", &flags->tasks, "names or ids, 100 at most");
  tasks.kind = CommandOption::Kind::places;
  tasks.placeholder = {};
  tasks.is_required = true;
  add_hub_option(app, &flags->hub);
  return app;
}

void add_change(Command& parent, const std::string& name, const std::string& help,
                const client::Document& document, const std::string& done) {
  auto flags = std::make_shared<TaskFlags>();
  Command& app = add_several(parent, name, help, flags);
  app.run = [flags, &document, done] { return change_all(*flags, document, done); };
}

void add_run(Command& parent) {
  auto flags = std::make_shared<TaskFlags>();
  Command& app = add_several(parent, "run", "Run tasks now, and print the ids of the runs", flags);
  add_values(app, "--option", &flags->options, "an option that is different in this run")
      .placeholder = "NAME=VALUE";
  add_choice(app, "--action", "what this run does instead: copy, sync or verify",
             {"copy", "sync", "verify"}, [flags](const std::string& word) {
               flags->action = word == "copy" ? "COPY" : word == "sync" ? "SYNC" : "VERIFY";
             });
  add_flag(app, "--wait", &flags->waits,
           "wait until the runs are over; the exit code says how they ended");
  app.run = [flags] { return run_tasks(*flags); };
}

}  // namespace

void add_task_commands(CommandLine& line) {
  Command& parent = add_command(line.root, "task", "The tasks of a hub");
  Command& list = add_command(parent, "list", "List tasks by name");
  auto list_flags = std::make_shared<ListFlags>();
  add_list_options(list, list_flags.get());
  list.run = [list_flags] {
    return run_list_command(*list_flags, documents::tasks, "tasks", task_columns);
  };
  auto flags = std::make_shared<TaskFlags>();
  add_details_output(add_one(parent, "show", "Show a task", flags, show), &flags->output);
  flags = std::make_shared<TaskFlags>();
  Command& document =
      add_one(parent, "export", "Print a task as a document for dth apply", flags, export_task);
  add_choice(document, "--format", "yaml, or the command that does the same: cli [yaml]",
             {"yaml", "cli"},
             [flags](const std::string& word) { flags->format = word == "cli" ? "CLI" : "YAML"; });
  add_run(parent);
  add_change(parent, "pause", "Start no runs of tasks, and pause those under way",
             documents::pause_tasks, "paused");
  add_change(parent, "resume", "Let tasks run again", documents::resume_tasks, "resumed");
  add_change(parent, "archive", "Keep tasks, and run them no more", documents::archive_tasks,
             "archived");
  add_change(parent, "delete", "Delete tasks; their runs and ledgers stay", documents::delete_tasks,
             "deleted");

  Command& apply =
      add_command(line.root, "apply", "Create or change tasks, by name, as documents say");
  auto applied = std::make_shared<ApplyFlags>();
  add_files(apply, applied.get());
  apply.run = [applied] {
    auto done = apply_files(*applied, false);
    return done.has_error() ? print_error(done.error()) : 0;
  };
  Command& diff =
      add_command(line.root, "diff", "Show what dth apply would change; exit code 4 if anything");
  auto compared = std::make_shared<ApplyFlags>();
  add_files(diff, compared.get());
  diff.run = [compared] {
    auto differs = apply_files(*compared, true);
    if (differs.has_error()) return print_error(differs.error());
    return *differs ? exit_differs : 0;
  };
}

}  // namespace dth::cli

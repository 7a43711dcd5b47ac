#include "cli/database_command.h"

#include <cstdio>

#include "base/clock.h"
#include "base/ids.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "options/amounts.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;
using Access = StatePlace::Access;

Result<std::string> status_text(const DatabaseFlags& flags) {
  auto place = find_state(flags);
  if (place.has_error()) return place.error();
  auto schema = place->schema();
  if (schema.has_error()) return schema.error();
  std::string text = "Database  " + place->url() + "\nSchema    ";
  if (schema->version == 0) {
    text += "none; this version makes " + std::to_string(schema->newest);
  } else {
    text += std::to_string(schema->version) +
            (schema->version == schema->newest
                 ? ", which is that of this version"
                 : "; this version works with " + std::to_string(schema->newest) +
                       ": dth database migrate");
  }
  return text + "\n";
}

// The directory of a file too.
Result<std::unique_ptr<state::State>> open_to_write(const StatePlace& place) {
  std::error_code failure;
  if (place.is_file()) fs::create_directories(place.file().parent_path(), failure);
  if (failure) {
    return Error{ErrorCode::permission_denied,
                 "the directory of " + place.to_string() + " cannot be made: " + failure.message() +
                     "; name another place with --database",
                 ""};
  }
  return place.open(Access::work);
}

Result<std::string> migrate(DatabaseFlags flags) {
  flags.no_migrate = false;
  auto place = find_state(flags);
  if (place.has_error()) return place.error();
  auto state = open_to_write(*place);
  if (state.has_error()) return state.error();
  return status_text(flags);
}

Result<state::ArchiveTotals> back_up(const DatabaseFlags& flags, const std::string& file) {
  auto place = find_state(flags);
  if (place.has_error()) return place.error();
  auto state = place->open(Access::read_newest);
  if (state.has_error()) return state.error();
  return (*state)->archive()->back_up(file);
}

Result<state::ArchiveTotals> restore(const DatabaseFlags& flags, const std::string& file) {
  auto place = find_state(flags);
  if (place.has_error()) return place.error();
  // First, so that no empty database is left where there is nothing to be read.
  if (auto checked = state::check_archive(file); checked.has_error()) return checked.error();
  auto state = open_to_write(*place);
  if (state.has_error()) return state.error();
  return (*state)->archive()->restore(file);
}

// What a worker does after a copy would be lost.
Result<void> check_idle(const DatabaseFlags& flags) {
  auto place = find_state(flags);
  if (place.has_error()) return place.error();
  auto state = place->open(Access::read_newest);
  if (state.has_error()) return state.error();
  auto workers = (*state)->workers().list(SystemClock().now());
  if (workers.has_error()) return workers.error();
  using Life = state::WorkerInfo::Life;
  for (const state::WorkerInfo& worker : *workers) {
    if (worker.life == Life::dead || (worker.life == Life::unknown && worker.jobs_held == 0))
      continue;
    return Error{ErrorCode::precondition_failed,
                 "process " + std::to_string(worker.pid) + " on " + worker.host + " works with " +
                     place->to_string() +
                     ", and what it does from now on would not be copied: stop it, and those that "
                     "`dth worker list` shows; give the command again then",
                 ""};
  }
  return {};
}

Result<state::ArchiveTotals> copy(const DatabaseFlags& from, const DatabaseFlags& to) {
  // What is between them is a backup like any other, and is checked like one.
  struct Between {
    fs::path path = fs::temp_directory_path() / ("dth-database-" + random_name());
    ~Between() {
      std::error_code ignored;
      fs::remove(path, ignored);
    }
  } between;
  if (auto idle = check_idle(from); idle.has_error()) return idle.error();
  auto written = back_up(from, between.path.string());
  if (written.has_error()) return written;
  return restore(to, between.path.string());
}

int tell(const Result<state::ArchiveTotals>& totals, const std::string& what) {
  if (totals.has_error()) return print_error(totals.error());
  std::fprintf(stderr, "dth: %s: %s %s, %s %s in all\n", what.c_str(),
               options::format_count(totals->runs).c_str(), totals->runs == 1 ? "run" : "runs",
               options::format_count(totals->rows).c_str(), totals->rows == 1 ? "row" : "rows");
  return 0;
}

// Ledgers are files, which no database command moves.
void tell_ledgers(const DatabaseFlags& to, const DatabaseFlags* from) {
  const auto place = find_state(to);
  if (place.has_error()) return;
  const auto source = from == nullptr ? place : find_state(*from);
  if (source.has_error() || (from != nullptr && source->ledgers() == place->ledgers())) return;
  const std::string what = from == nullptr ? "the ledgers of its runs that were given no --ledger"
                                           : "what is in " + source->ledgers().string();
  std::fprintf(stderr,
               "dth: ledgers are not in it: move %s to %s%s, or those runs cannot be closed or "
               "verified\n",
               what.c_str(), place->ledgers().c_str(),
               place->is_file() ? "" : " of the host that works on them");
}

int tell(const Result<std::string>& text) {
  if (text.has_error()) return print_error(text.error());
  put(*text);
  return 0;
}

void add_plain_command(Command& parent, const std::string& name, const std::string& help,
                       int (*run)(const DatabaseFlags&)) {
  Command& app = add_command(parent, name, help);
  auto flags = std::make_shared<DatabaseFlags>();
  add_place_options(app, flags.get());
  app.run = [flags, run] { return run(*flags); };
}

void add_file_command(Command& parent, const std::string& name, const std::string& help,
                      int (*run)(const DatabaseFlags&, const std::string&)) {
  Command& app = add_command(parent, name, help);
  auto flags = std::make_shared<DatabaseFlags>();
  auto file = std::make_shared<std::string>();
  CommandOption& place = add_place(app, "FILE", file.get(), "the backup");
  place.placeholder = "FILE";
  place.is_required = true;
  add_place_options(app, flags.get());
  app.run = [flags, file, run] { return run(*flags, *file); };
}

void add_copy(Command& parent) {
  Command& app = add_command(parent, "copy",
                             "Copy all runs into another database, which has none: to go from a "
                             "file to a server");
  auto from = std::make_shared<DatabaseFlags>(), to = std::make_shared<DatabaseFlags>();
  for (const auto& [name, flags] : {std::pair("from", from), std::pair("to", to)}) {
    CommandOption& database = add_value(app, std::string("--") + name, &flags->database,
                                        "sqlite:FILE or postgresql://USER@HOST/NAME");
    database.placeholder = "DATABASE";
    database.is_required = true;
    add_value(app, std::string("--") + name + "-password-file", &flags->password_file,
              "that server's password is the first line of that file")
        .placeholder = "FILE";
  }
  app.footer =
      "Stop the workers before: where one is alive nothing is copied. Ledgers stay where they are; "
      "what is to be moved is printed.";
  app.run = [from, to] { return run_database_copy(*from, *to); };
}

}  // namespace

int run_database_status(const DatabaseFlags& flags) { return tell(status_text(flags)); }
int run_database_migrate(const DatabaseFlags& flags) { return tell(migrate(flags)); }

int run_database_backup(const DatabaseFlags& flags, const std::string& file) {
  return tell(back_up(flags, file), "backed up to " + file);
}

int run_database_restore(const DatabaseFlags& flags, const std::string& file) {
  const int code = tell(restore(flags, file), "restored from " + file);
  if (code == 0) tell_ledgers(flags, nullptr);
  return code;
}

int run_database_copy(const DatabaseFlags& from, const DatabaseFlags& to) {
  const int code = tell(copy(from, to), "copied to " + to.database);
  if (code == 0) tell_ledgers(to, &from);
  return code;
}

void add_database_commands(CommandLine& line) {
  Command& database =
      add_command(line.root, "database", "The database that runs are recorded in, as a whole");
  add_plain_command(database, "status", "Tell which schema it has", run_database_status);
  add_plain_command(database, "migrate", "Make its tables, or bring them up to date",
                    run_database_migrate);
  add_file_command(database, "backup", "Write all of it, as of this moment, into one file",
                   run_database_backup);
  add_file_command(database, "restore", "Read a backup into a database without runs",
                   run_database_restore);
  add_copy(database);
}

}  // namespace dth::cli

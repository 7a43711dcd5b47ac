#include "cli/database.h"

#include <cstdlib>

#include "cli/paths.h"
#include "state/postgres_state.h"
#include "state/sqlite_state.h"

namespace dth::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view sqlite_prefix = "sqlite:";

bool is_postgres(std::string_view given) {
  return given.starts_with("postgresql://") || given.starts_with("postgres://");
}

Result<fs::path> parse_file(const std::string& given, const std::string& from) {
  if (given == "sqlite::memory:") {
    return Error{ErrorCode::invalid_argument,
                 from + ": a state in memory would be gone when the command ends; name a file", ""};
  }
  if (given.starts_with(sqlite_prefix) && given.size() > sqlite_prefix.size()) {
    fs::path path = fs::absolute(given.substr(sqlite_prefix.size()));
    std::error_code unknown;  // what cannot be asked is met when it is opened
    if (!fs::is_directory(path, unknown)) return path;
    return Error{ErrorCode::invalid_argument,
                 from + ": " + path.string() +
                     " is a directory; name a file in it: sqlite:" + (path / "state.db").string(),
                 ""};
  }
  std::string advice = "it takes sqlite:FILE or postgresql://USER@HOST:PORT/DATABASE";
  if (!given.empty() && given.find(':') == std::string::npos)
    advice = "it takes sqlite:FILE: sqlite:" + given + ", or postgresql://USER@HOST/NAME";
  return Error{ErrorCode::invalid_argument,
               from + ": \"" + given + "\" names no database that this version knows; " + advice,
               ""};
}

// What was given, and where; empty: nothing.
struct Given {
  std::string text;
  std::string from;
};

Given given_database(const std::string& flag) {
  if (!flag.empty()) return {flag, "--database"};
  if (const char* variable = std::getenv("DTH_DATABASE"); variable && *variable)
    return {variable, "DTH_DATABASE"};
  return {};
}

Result<fs::path> default_file() {
  auto directory = state_directory();
  if (directory.has_error()) return directory.error();
  return *directory / "state.db";
}

}  // namespace

bool is_default_database(const DatabaseFlags& flags) {
  return given_database(flags.database).text.empty();
}

StatePlace StatePlace::of_file(const fs::path& file) {
  StatePlace place;
  place.file_ = file;
  place.ledgers_ = ledger_path_of(file);
  return place;
}

Result<StatePlace> find_state(const DatabaseFlags& flags) {
  const Given given = given_database(flags.database);
  StatePlace place;
  if (is_postgres(given.text)) {
    if (auto checked = state::check_postgres_url(given.text); checked.has_error())
      return std::move(checked.error()).with_context(given.from);
    auto directory = state_directory();
    if (directory.has_error()) return directory.error();
    place.url_ = given.text;
    place.password_file_ = flags.password_file;
    place.ledgers_ = *directory / "ledger";
  } else {
    auto file = given.text.empty() ? default_file() : parse_file(given.text, given.from);
    if (file.has_error()) return file.error();
    if (!flags.password_file.empty()) {
      return Error{ErrorCode::invalid_argument,
                   "--database-password-file is for a PostgreSQL server, and the state is a file: "
                   "leave it out, or name the server with --database",
                   ""};
    }
    place = StatePlace::of_file(*file);
  }
  place.migrates_ = !flags.no_migrate;
  return place;
}

Result<std::unique_ptr<state::State>> StatePlace::open(Access access) const {
  const bool reads = access != Access::work;
  if (is_file()) {
    state::SqliteOptions options{.path = file_.string()};
    options.read_only = reads;
    options.migrates = migrates_;
    return state::open_sqlite_state(options);
  }
  state::PostgresOptions options{.url = url_, .password_file = password_file_};
  options.read_only = reads;
  options.newest = access == Access::read_newest;
  options.migrates = migrates_;
  return state::open_postgres_state(options);
}

Result<state::SchemaStatus> StatePlace::schema() const {
  if (is_file()) return state::sqlite_schema(file_.string());
  state::PostgresOptions options{.url = url_, .password_file = password_file_};
  options.read_only = true;
  return state::postgres_schema(options);
}

std::string StatePlace::url() const {
  return is_file() ? std::string(sqlite_prefix) + file_.string() : url_;
}

std::string StatePlace::to_string() const { return is_file() ? file_.string() : url_; }

std::string database_argument(const DatabaseFlags& flags) {
  std::string argument = flags.database.empty() ? "" : " --database " + flags.database;
  if (!flags.password_file.empty()) argument += " --database-password-file " + flags.password_file;
  return argument;
}

std::string database_argument(const StatePlace& place) {
  const auto found = find_state({});
  const bool is_found = found.has_value() && found->url() == place.url();
  return database_argument(DatabaseFlags{.database = is_found ? "" : place.url(),
                                         .password_file = place.password_file()});
}

CommandOption& add_place_options(Command& command, DatabaseFlags* flags) {
  CommandOption& option = add_value(command, "--database", &flags->database,
                                    "where runs are recorded: a file, or a PostgreSQL server that "
                                    "many hosts share [$DTH_DATABASE, "
                                    "or sqlite:~/.local/state/dth/state.db]");
  option.placeholder = "sqlite:FILE|postgresql://USER@HOST/NAME";
  add_value(command, "--database-password-file", &flags->password_file,
            "the server's password is the first line of that file [$PGPASSWORD, or the one in "
            "$PGPASSFILE]")
      .placeholder = "FILE";
  return option;
}

CommandOption& add_database_option(Command& command, DatabaseFlags* flags) {
  CommandOption& option = add_place_options(command, flags);
  add_flag(command, "--no-migrate", &flags->no_migrate,
           "refuse a database of an older version, and do not bring it up to date");
  return option;
}

}  // namespace dth::cli

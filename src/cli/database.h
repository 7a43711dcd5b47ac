#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "cli/command.h"
#include "state/schema_status.h"
#include "state/state.h"

namespace dth::cli {

// --database, and the options that go with it.
struct DatabaseFlags {
  std::string database;       // empty: the one that all commands use
  std::string password_file;  // of a PostgreSQL server
  bool no_migrate = false;
  std::string hub = {};  // --hub, of commands that can ask a hub instead (remote/hub_connection.h)
};

// The state that a command works with.
class StatePlace {
 public:
  static StatePlace of_file(const std::filesystem::path& file);

  enum class Access {
    work,         // makes what is missing
    read,         // not_found where there is no state yet
    read_newest,  // not from a standby, which may lag behind
  };
  // Errors: those of open_sqlite_state() and open_postgres_state().
  Result<std::unique_ptr<state::State>> open(Access access) const;

  // Changes nothing.
  Result<state::SchemaStatus> schema() const;

  bool is_file() const { return url_.empty(); }
  const std::filesystem::path& file() const { return file_; }
  const std::string& password_file() const { return password_file_; }
  bool migrates() const { return migrates_; }
  // As --database takes it: sqlite:FILE or postgresql://…
  std::string url() const;
  // For people: the file, or the URL.
  std::string to_string() const;
  // The ledgers of its runs that name no other place, a directory each.
  const std::filesystem::path& ledgers() const { return ledgers_; }

 private:
  friend Result<StatePlace> find_state(const DatabaseFlags& flags);

  std::filesystem::path file_;
  std::string url_;
  std::string password_file_;
  std::filesystem::path ledgers_;
  bool migrates_ = true;
};

// What --database says, else DTH_DATABASE, else state.db in the program's own directory (paths.h):
// all commands of a user see the same runs. Errors: invalid_argument (what it takes is sqlite:FILE
// or postgresql://…, without a password).
Result<StatePlace> find_state(const DatabaseFlags& flags);

// Do they name none, and DTH_DATABASE neither?
bool is_default_database(const DatabaseFlags& flags);

// What a later command needs to find that state: " --database sqlite:FILE", or nothing where it
// looks there by itself; and --database-password-file where it was given.
std::string database_argument(const StatePlace& place);
// As these were given.
std::string database_argument(const DatabaseFlags& flags);

// --database, and how to connect to it.
CommandOption& add_place_options(Command& command, DatabaseFlags* flags);
// These, and what is asked of who works with runs.
CommandOption& add_database_option(Command& command, DatabaseFlags* flags);

}  // namespace dth::cli

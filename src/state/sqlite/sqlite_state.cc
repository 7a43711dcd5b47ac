#include "state/sqlite/sqlite_state.h"

#include <filesystem>

#include "state/sql/schema_version.h"
#include "state/sqlite/file_system.h"
#include "state/sqlite/migrations.h"
#include "state/sqlite/work_watcher.h"

namespace dth::state {

namespace {

// The workers' locks must be the same ones by whatever link the database is reached.
std::string canonical_path(const std::string& path) {
  std::error_code ignored;
  const auto canonical = std::filesystem::weakly_canonical(path, ignored);
  return ignored ? path : canonical.string();
}

// Where its workers' locks are; empty for a state in memory.
std::string lock_directory(const std::string& path) {
  return path == ":memory:" ? std::string() : path + ".workers";
}

}  // namespace

Result<std::unique_ptr<State>> open_sqlite_state(const SqliteOptions& options) {
  auto engine = options.read_only ? sqlite::SqliteState::open_read_only(options)
                                  : sqlite::SqliteState::open(options);
  if (engine.has_error()) return engine.error();
  return std::unique_ptr<State>(std::move(*engine));
}

Result<SchemaStatus> sqlite_schema(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::exists(path, code))
    return Error{ErrorCode::not_found, "there is no state " + path, code ? code.message() : ""};
  auto database = sqlite::Database::open(path, sqlite::Database::Access::read_only);
  if (database.has_error()) return database.error();
  auto version = sqlite::read_schema_version(**database);
  if (version.has_error()) return version.error();
  return SchemaStatus{.version = *version, .newest = sql::sqlite_migrations().newest()};
}

namespace sqlite {

// One in memory is seen by this process alone.
std::unique_ptr<WorkWatch> SqliteState::watch_work(std::function<void()> wake) {
  const std::string& path = transactor_.database().name();
  if (path == ":memory:") return nullptr;
  return std::make_unique<WorkWatcher>(path, std::move(wake));
}

Result<std::unique_ptr<SqliteState>> SqliteState::open(const SqliteOptions& options) {
  if (options.path.empty())
    return Error{ErrorCode::invalid_argument, "the state needs a path: it is empty", {}};
  const bool in_memory = options.path == ":memory:";
  const std::string path = in_memory ? options.path : canonical_path(options.path);
  if (!in_memory) {
    if (auto checked = check_file_system(path); checked.has_error()) return checked.error();
  }
  auto opened = Database::open(path);
  if (opened.has_error()) return opened.error();
  Database& database = **opened;
  // Another program's database must stay as it is, so look before the journal mode is changed.
  const auto version = read_schema_version(database);
  if (version.has_error()) return version.error();
  if (!options.migrates && *version != sql::sqlite_migrations().newest())
    return sql::schema_is_old(database, *version, sql::sqlite_migrations(), sql::Unchanged::asked);
  if (!in_memory) database.run("pragma journal_mode = wal");
  database.run(options.synchronous ? "pragma synchronous = full" : "pragma synchronous = off");
  database.run("pragma foreign_keys = on");
  database.run("pragma temp_store = memory");
  database.run("pragma cache_size = -4096");             // KiB
  database.run("pragma journal_size_limit = 67108864");  // bytes of the log that stay allocated
                                                         // after a checkpoint
  if (auto error = database.take_error()) return std::move(*error).with_context("opening");
  if (auto migrated = migrate(database); migrated.has_error()) return migrated.error();
  return std::unique_ptr<SqliteState>(
      new SqliteState(std::move(*opened), lock_directory(path), options.failures_max));
}

// SQLite's write-ahead log shows a reader what was committed when its transaction began.
Result<std::unique_ptr<SqliteState>> SqliteState::open_read_only(const SqliteOptions& options) {
  const std::string& path = options.path;
  std::error_code code;
  if (!std::filesystem::exists(path, code))
    return Error{ErrorCode::not_found, "there is no state " + path, code ? code.message() : ""};
  if (auto checked = check_file_system(canonical_path(path)); checked.has_error())
    return checked.error();
  for (bool migrated = false;; migrated = true) {
    auto database = Database::open(path, Database::Access::read_only);
    if (database.has_error()) return database.error();
    auto version = read_schema_version(**database);
    if (version.has_error()) return version.error();
    if (*version == sql::sqlite_migrations().newest() || migrated)
      return std::unique_ptr<SqliteState>(new SqliteState(
          std::move(*database), lock_directory(canonical_path(path)), failures_max));
    // An older version's is brought up to date first.
    database->reset();
    SqliteOptions changing{.path = path};
    changing.migrates = options.migrates;
    auto writable = open(changing);
    if (writable.has_error()) return writable.error();
  }
}

}  // namespace sqlite
}  // namespace dth::state

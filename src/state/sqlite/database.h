#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "state/sql/database.h"
#include "state/sql/statement_cache.h"

struct sqlite3;

namespace dth::state::sqlite {

using sql::Blob;
using sql::from_microseconds;
using sql::Query;
using sql::to_microseconds;

class SqliteStatement;

// One connection to a SQLite database: prepared statements, kept; failures as Error. Not
// thread-safe.
//
// Failures are sticky: the first one is noted, and every statement after it does nothing and gives
// no row. So a transaction reads like its SQL, and whoever began it asks take_error() before it
// believes anything. Row locks are left out of statements: the lock of the database is enough.
class Database final : public sql::Database {
 public:
  enum class Access { read_only, read_write };
  // Opens or creates the file; a new one has mode 0600. ":memory:" for none. read_only creates
  // none.
  static Result<std::unique_ptr<Database>> open(const std::string& path,
                                                Access access = Access::read_write);
  ~Database() override;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  std::int64_t last_id(std::string_view table, std::string_view id) override;
  void set_last_id(std::string_view table, std::string_view id, std::int64_t last) override;
  void run_script(const char* sql) override;
  void lift_time_limits() override {}

  // Rows changed since the connection was opened.
  std::int64_t total_changes() const;
  bool in_transaction() const;
  void rollback();  // also clears the way after a failure; does not clear the noted error

  bool failed() const override { return error_.has_value(); }
  // Was the noted error that another connection was in the way?
  bool busy() const { return busy_; }
  std::optional<Error> take_error() override;

  const std::string& name() const override { return path_; }
  // What writes waits for the lock of the whole database.
  bool is_alone() const override { return true; }
  TimePoint now(TimePoint callers) const override { return callers; }
  TimePoint to_come(TimePoint callers) const override { return callers; }
  std::string_view writer() const override { return {}; }
  // Other processes see that the file was changed: WorkWatcher.
  void announce_work(Announce) override {}

 protected:
  sql::Statement* prepare(std::string_view sql) override;
  sql::Statement* prepare_insert(std::string_view sql, std::string_view id) override;
  std::int64_t inserted_id(Query& query) override;
  std::int64_t changes() const override;

 private:
  friend class SqliteStatement;
  Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  void note_error();

  sqlite3* handle_;
  std::string path_;
  sql::StatementCache<sql::Statement> statements_;
  std::optional<Error> error_;
  bool busy_ = false;
};

// What an extended result code of SQLite (https://www.sqlite.org/rescode.html) means for the
// database at `path`.
Error error_of(int extended_code, std::string_view sqlite_message, const std::string& path);

}  // namespace dth::state::sqlite

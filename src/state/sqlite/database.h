#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "base/clock.h"
#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace dth::state::sqlite {

// Raw bytes, to tell them from text when they are bound.
struct Blob {
  std::string_view bytes;
};

inline std::int64_t to_microseconds(TimePoint time) { return time.time_since_epoch().count(); }
inline TimePoint from_microseconds(std::int64_t time) {
  return TimePoint(std::chrono::microseconds(time));
}

class Database;

// A statement in use. It goes back to the connection's cache when this object dies.
class Query {
 public:
  Query(Query&& other) noexcept;
  Query& operator=(Query&&) = delete;
  ~Query();

  // The next row. False after the last one, and after a failure, which the Database has then noted.
  bool next();

  // Columns of the current row, from 0.
  std::int64_t integer(int column) const;
  std::string text(int column) const;  // also blobs
  bool is_null(int column) const;
  TimePoint time(int column) const { return from_microseconds(integer(column)); }

 private:
  friend class Database;
  Query(Database& database, sqlite3_stmt* statement)
      : database_(&database), statement_(statement) {}
  enum class Copy { no, yes };
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value, bool is_blob, Copy copy);

  template <class T>
  void bind_any(int index, const T& value, Copy copy) {
    if constexpr (std::is_same_v<T, TimePoint>) {
      bind(index, to_microseconds(value));
    } else if constexpr (std::is_same_v<T, std::optional<std::int64_t>>) {
      if (value) bind(index, *value);  // unbound is NULL
    } else if constexpr (std::is_integral_v<T>) {
      bind(index, static_cast<std::int64_t>(value));
    } else if constexpr (std::is_same_v<T, Blob>) {
      bind(index, value.bytes, true, copy);
    } else {
      bind(index, std::string_view(value), false, copy);
    }
  }

  Database* database_;
  sqlite3_stmt* statement_;  // null: preparing it failed
};

// One connection to a SQLite database: prepared statements, kept; failures as Error. Not
// thread-safe.
//
// Failures are sticky: the first one is noted, and every statement after it does nothing and gives
// no row. So a transaction reads like its SQL, and whoever began it asks take_error() before it
// believes anything.
class Database {
 public:
  enum class Access { read_only, read_write };
  // Opens or creates the file; a new one has mode 0600. ":memory:" for none. read_only creates
  // none.
  static Result<std::unique_ptr<Database>> open(const std::string& path,
                                                Access access = Access::read_write);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // A statement with its parameters bound, to be stepped with next().
  template <class... T>
  Query query(std::string_view sql, const T&... parameters) {
    Query query = prepare(sql);
    [[maybe_unused]] int index = 0;
    (query.bind_any(++index, parameters, Query::Copy::yes), ...);
    return query;
  }

  // Executes to the end; the number of rows changed.
  template <class... T>
  std::int64_t run(std::string_view sql, const T&... parameters) {
    Query query = prepare(sql);
    [[maybe_unused]] int index = 0;
    (query.bind_any(++index, parameters, Query::Copy::no), ...);
    while (query.next()) {
    }
    return changes();
  }

  // Executes a script of several statements that take no parameters.
  void run_script(const char* sql);

  std::int64_t last_insert_id() const;
  // Rows changed since the connection was opened.
  std::int64_t total_changes() const;
  bool in_transaction() const;
  void rollback();  // also clears the way after a failure; does not clear the noted error

  bool failed() const { return error_.has_value(); }
  // Was the noted error that another connection was in the way?
  bool busy() const { return busy_; }
  std::optional<Error> take_error();

  const std::string& path() const { return path_; }

 private:
  friend class Query;
  Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  Query prepare(std::string_view sql);
  std::int64_t changes() const;
  void note_error();

  sqlite3* handle_;
  std::string path_;
  std::unordered_map<std::string, sqlite3_stmt*> statements_;
  std::optional<Error> error_;
  bool busy_ = false;
};

// What an extended result code of SQLite (https://www.sqlite.org/rescode.html) means for the
// database at `path`.
Error error_of(int extended_code, std::string_view sqlite_message, const std::string& path);

}  // namespace dth::state::sqlite

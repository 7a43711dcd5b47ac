#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/clock.h"
#include "base/error.h"

// What the engines of the state have in common, so that a use case is written once: statements in
// the SQL that both understand.
namespace dth::state::sql {

// Raw bytes, to tell them from text when they are bound.
struct Blob {
  std::string_view bytes;
};

inline std::int64_t to_microseconds(TimePoint time) { return time.time_since_epoch().count(); }
inline TimePoint from_microseconds(std::int64_t time) {
  return TimePoint(std::chrono::microseconds(time));
}

// A prepared statement of a Database, which keeps it for the next one who asks the same.
class Statement {
 public:
  enum class Copy { no, yes };
  virtual ~Statement() = default;

  // Parameters, from 1.
  virtual void bind(int index, std::int64_t value) = 0;
  virtual void bind_null(int index) = 0;
  virtual void bind(int index, std::string_view value, bool is_blob, Copy copy) = 0;
  // The next row. False after the last one, and after a failure, which the Database has then noted.
  virtual bool next() = 0;
  // Columns of the current row, from 0. text(): also blobs.
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string text(int column) const = 0;
  virtual bool is_null(int column) const = 0;
  // Nobody uses it any more.
  virtual void release() = 0;
};

// A statement in use.
class Query {
 public:
  // null: preparing it failed.
  explicit Query(Statement* statement) : statement_(statement) {}
  Query(Query&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Query& operator=(Query&&) = delete;
  ~Query() {
    if (statement_ != nullptr) statement_->release();
  }

  bool next() { return statement_ != nullptr && statement_->next(); }
  std::int64_t integer(int column) const { return statement_->integer(column); }
  std::string text(int column) const { return statement_->text(column); }
  bool is_null(int column) const { return statement_->is_null(column); }
  TimePoint time(int column) const { return from_microseconds(integer(column)); }

  template <class T>
  void bind(int index, const T& value, Statement::Copy copy) {
    if (statement_ == nullptr) return;
    if constexpr (std::is_same_v<T, TimePoint>) {
      statement_->bind(index, to_microseconds(value));
    } else if constexpr (std::is_same_v<T, std::optional<std::int64_t>>) {
      value ? statement_->bind(index, *value) : statement_->bind_null(index);
    } else if constexpr (std::is_integral_v<T>) {
      statement_->bind(index, static_cast<std::int64_t>(value));
    } else if constexpr (std::is_same_v<T, Blob>) {
      statement_->bind(index, value.bytes, true, copy);
    } else {
      statement_->bind(index, std::string_view(value), false, copy);
    }
  }

 private:
  Statement* statement_;
};

// One connection to a database, within one transaction. Not thread-safe.
//
// Failures are sticky: the first one is noted, and every statement after it does nothing and gives
// no row. So a transaction reads like its SQL, and its caller believes nothing before it has
// asked whether one failed (Transactor::transact()).
//
// SQL: parameters are `?` in their order, or `?1`, `?2`. A statement that reads what the
// transaction is about to change ends with `for update` or one of its kin.
class Database {
 public:
  virtual ~Database() = default;

  // A statement with its parameters bound, to be stepped with next().
  template <class... T>
  Query query(std::string_view sql, const T&... parameters) {
    return bound(prepare(sql), Statement::Copy::yes, parameters...);
  }

  // Executes to the end; the number of rows changed.
  template <class... T>
  std::int64_t run(std::string_view sql, const T&... parameters) {
    Query query = bound(prepare(sql), Statement::Copy::no, parameters...);
    while (query.next()) {
    }
    return changes();
  }

  // Inserts one row; what the database gave it in the column `id`, which it numbers.
  template <class... T>
  std::int64_t insert(std::string_view sql, std::string_view id, const T&... parameters) {
    Query query = bound(prepare_insert(sql, id), Statement::Copy::no, parameters...);
    return inserted_id(query);
  }

  // The transaction, once it is committed, leaves jobs ready: other processes that wait for some
  // are to be told. at_times: once a second and process is enough, for what is done often.
  enum class Announce { no, at_times, now };
  virtual void announce_work(Announce how) = 0;

  // For people: where it is.
  virtual const std::string& name() const = 0;
  // Is a transaction that writes alone, so that nothing changes beside it?
  virtual bool is_alone() const = 0;
  // The time that leases and the like are compared with; `callers` is the caller's.
  virtual TimePoint now(TimePoint callers) const = 0;
  // A time to come by this process's clock, as now() will call it.
  virtual TimePoint to_come(TimePoint callers) const = 0;
  // What tells the count rows of this connection from those of others.
  virtual std::string_view writer() const = 0;

  // The greatest number that the database gave in the column `id` of a table, whether it is there
  // still or not; 0: none. And what it is to go on from.
  virtual std::int64_t last_id(std::string_view table, std::string_view id) = 0;
  virtual void set_last_id(std::string_view table, std::string_view id, std::int64_t last) = 0;
  // A script of several statements that take no parameters.
  virtual void run_script(const char* sql) = 0;
  // What follows in this transaction may take as long as it takes: all of a large table, say.
  virtual void lift_time_limits() = 0;

  virtual bool failed() const = 0;
  // The noted failure, which is forgotten.
  virtual std::optional<Error> take_error() = 0;

 protected:
  virtual Statement* prepare(std::string_view sql) = 0;
  virtual Statement* prepare_insert(std::string_view sql, std::string_view id) = 0;
  virtual std::int64_t inserted_id(Query& query) = 0;
  // Rows that the last statement changed.
  virtual std::int64_t changes() const = 0;

 private:
  template <class... T>
  static Query bound(Statement* statement, [[maybe_unused]] Statement::Copy copy,
                     const T&... parameters) {
    Query query(statement);
    [[maybe_unused]] int index = 0;
    (query.bind(++index, parameters, copy), ...);
    return query;
  }
};

}  // namespace dth::state::sql

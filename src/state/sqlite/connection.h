#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

#include "state/sqlite/database.h"

namespace dth::state::sqlite {

// One database, used by one transaction at a time: what the roles of SqliteState share.
class SqliteConnection {
 public:
  enum class Mode {
    read,
    write,  // takes the write lock first, and waits for it
    // Reads, and takes the write lock only where something is written. Where another connection
    // wrote meanwhile, body() is called once more, under the lock.
    lazy_write,
  };

  explicit SqliteConnection(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  // To be used within transact(), or while no method of the state runs.
  Database& database() { return *database_; }
  std::uint64_t transactions() const { return transactions_; }

  // Calls body() in a transaction and commits, or rolls back where it or any of its statements
  // failed; that failure is then the result. So a body may take "no row" at its word.
  template <class Body>
  auto transact(Mode mode, std::string_view what, Body body) -> decltype(body());

 private:
  template <class Body>
  auto attempt(std::string_view begin, std::string_view what, Body& body, bool* busy)
      -> decltype(body());

  std::atomic<std::uint64_t> transactions_ = 0;
  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

template <class Body>
auto SqliteConnection::transact(Mode mode, std::string_view what, Body body) -> decltype(body()) {
  std::lock_guard guard(mutex_);
  bool busy = false;
  auto result = attempt(mode == Mode::write ? "begin immediate" : "begin", what, body, &busy);
  if (mode != Mode::lazy_write || !busy) return result;
  return attempt("begin immediate", what, body, &busy);
}

template <class Body>
auto SqliteConnection::attempt(std::string_view begin, std::string_view what, Body& body,
                               bool* busy) -> decltype(body()) {
  // Whatever way this is left, an exception included, no transaction stays open.
  struct Rollback {
    Database& database;
    ~Rollback() {
      database.rollback();
      database.take_error();
    }
  } rollback{*database_};
  database_->run(begin);
  const std::int64_t changes_before = database_->total_changes();
  auto result = body();
  if (!database_->failed() && result.has_error()) return result;
  database_->run("commit");
  *busy = database_->busy();
  if (auto error = database_->take_error()) return std::move(*error).with_context(what);
  if (database_->total_changes() != changes_before) ++transactions_;
  return result;
}

}  // namespace dth::state::sqlite

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
  enum class Mode { read, write };

  explicit SqliteConnection(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  // To be used within transact(), or while no method of the state runs.
  Database& database() { return *database_; }
  std::uint64_t transactions() const { return transactions_; }

  // Calls body() in a transaction and commits, or rolls back where it or any of its statements
  // failed; that failure is then the result. So a body may take "no row" at its word.
  template <class Body>
  auto transact(Mode mode, std::string_view what, Body body) -> decltype(body());

 private:
  std::atomic<std::uint64_t> transactions_ = 0;
  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

template <class Body>
auto SqliteConnection::transact(Mode mode, std::string_view what, Body body) -> decltype(body()) {
  std::lock_guard guard(mutex_);
  // Whatever way this is left, an exception included, no transaction stays open.
  struct Rollback {
    Database& database;
    ~Rollback() {
      database.rollback();
      database.take_error();
    }
  } rollback{*database_};
  database_->run(mode == Mode::read ? "begin" : "begin immediate");
  const std::int64_t changes_before = database_->total_changes();
  auto result = body();
  if (auto error = database_->take_error()) return std::move(*error).with_context(what);
  if (result.has_error()) return result;
  database_->run("commit");
  if (auto error = database_->take_error()) return std::move(*error).with_context(what);
  if (database_->total_changes() != changes_before) ++transactions_;
  return result;
}

}  // namespace dth::state::sqlite

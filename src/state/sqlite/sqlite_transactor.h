#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

#include "state/sql/transactor.h"
#include "state/sqlite/database.h"

namespace dth::state::sqlite {

// One connection, used by one transaction at a time. Mode::write takes the write lock first, and
// waits for it; lazy_write takes it only where something is written.
class SqliteTransactor final : public sql::Transactor {
 public:
  explicit SqliteTransactor(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  // To be used within transact(), or while no method of the state runs.
  Database& database() { return *database_; }
  std::uint64_t transactions() const override { return transactions_; }

 private:
  std::optional<Error> execute(Mode mode, std::string_view what, Step step) override;
  std::optional<Error> attempt(std::string_view begin, std::string_view what, Step step,
                               bool* busy);

  std::atomic<std::uint64_t> transactions_ = 0;
  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

}  // namespace dth::state::sqlite

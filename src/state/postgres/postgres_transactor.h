#pragma once

#include <atomic>
#include <cstdint>

#include "state/postgres/connection_pool.h"
#include "state/sql/transactor.h"

namespace dth::state::postgres {

// Transactions on the connections of a pool. Where another transaction was in the way, or the
// connection was lost before the commit was sent, nothing is done, and it is done once more on a
// fresh connection, a few times. Where the connection was lost after that, the server is asked what
// became of the transaction.
class PostgresTransactor final : public sql::Transactor {
 public:
  explicit PostgresTransactor(ConnectionPool& pool) : pool_(pool) {}

  std::uint64_t transactions() const override { return transactions_; }

 private:
  enum class End { committed, rolled_back, again, failed };
  struct Attempt {
    End end = End::failed;
    std::optional<Error> error = {};
    bool is_lost = false;  // the connection
  };

  std::optional<Error> execute(Mode mode, std::string_view what, Step step) override;
  Attempt attempt(Connection& connection, Mode mode, Step step);
  // A commit was sent, and no answer came: by what it leaves behind.
  Attempt settle(const Connection::Mark& mark, Error lost);

  ConnectionPool& pool_;
  std::atomic<std::uint64_t> transactions_ = 0;
};

}  // namespace dth::state::postgres

#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "state/postgres/connect_options.h"
#include "state/postgres/sqlstate.h"
#include "state/sql/database.h"
#include "state/sql/statement_cache.h"

struct pg_conn;
struct pg_result;

namespace dth::state::postgres {

// Whose clock tells when a lease ends.
enum class ClockSource {
  database,
  caller,  // for simulations and conformance tests, whose time is not this machine's
};

struct SessionOptions {
  ClockSource clock = ClockSource::database;
  bool synchronous = true;  // false: a commit need not have reached the disk
  // Without a byte of the server for so long, the connection is lost. Statements end before.
  std::chrono::milliseconds silence_max{75'000};
  // When this process announced work last, in milliseconds of the steady clock: what its
  // connections share.
  std::shared_ptr<std::atomic<std::int64_t>> announced_at = {};
};

class PostgresStatement;

// One connection to a PostgreSQL server. Not thread-safe.
class Connection final : public sql::Database {
 public:
  enum class Mode { read, write, lazy_write };
  // Errors: those of error_of(); unsupported (a server that is too old).
  // Explain::yes: a connection that is refused is tried again, to tell why.
  enum class Explain { yes, no };
  static Result<std::unique_ptr<Connection>> open(const ConnectOptions& options,
                                                  const SessionOptions& session,
                                                  Explain explain = Explain::yes);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Statements of a transaction are between them. begin() also asks what time it is there.
  void begin(Mode mode);
  void commit();
  void rollback();

  std::int64_t last_id(std::string_view table, std::string_view id) override;
  void set_last_id(std::string_view table, std::string_view id, std::int64_t last) override;
  void run_script(const char* sql) override { execute(sql); }
  void lift_time_limits() override;

  bool failed() const override { return error_.has_value(); }
  // Of the noted error.
  Trouble trouble() const { return trouble_; }
  std::optional<Error> take_error() override;
  // Can it be used no more?
  bool is_lost() const;
  // Rows that statements changed since begin().
  std::int64_t changed() const { return changed_; }
  // What a transaction leaves behind if it is committed: a row of commit_mark. begin(Mode::write)
  // leaves it at once; of another one leave_mark() does. `number` is 0 where it leaves none.
  struct Mark {
    std::string writer;
    std::int64_t number = 0;
  };
  Mark mark() const { return {writer_, mark_}; }
  void leave_mark();

  const std::string& name() const override { return name_; }
  bool is_alone() const override { return false; }
  TimePoint now(TimePoint callers) const override {
    return session_.clock == ClockSource::caller ? callers : now_;
  }
  TimePoint to_come(TimePoint callers) const override { return callers + ahead_; }
  std::string_view writer() const override { return writer_; }
  // Goes with the commit.
  void announce_work(Announce how) override { announces_ = std::max(announces_, how); }

  // From now on it is told what others announce; no transactions then.
  void listen();
  // Until something was announced (true), or `stop`, a descriptor, can be read (false). Fails where
  // the connection is lost.
  Result<bool> wait_for_work(int stop);

 protected:
  sql::Statement* prepare(std::string_view sql) override;
  sql::Statement* prepare_insert(std::string_view sql, std::string_view id) override;
  std::int64_t inserted_id(sql::Query& query) override;
  std::int64_t changes() const override { return failed() ? 0 : last_changed_; }

 private:
  friend class PostgresStatement;
  using Answer = std::unique_ptr<pg_result, void (*)(pg_result*)>;

  Connection(pg_conn* handle, std::string name, SessionOptions session);
  Result<void> set_up();
  // What comes for what was sent; the last answer of several. None where it does not come.
  Answer wait_for_answer(int was_sent);
  bool wait_for_bytes(bool has_more_to_send);
  // A text of one statement or several, without parameters; its last answer. Notes failures.
  Answer execute(const char* sql);
  bool note(pg_result* answer);
  std::string next_mark();
  bool announces_now();

  pg_conn* const handle_;
  const std::string name_;
  const SessionOptions session_;
  const std::string writer_;
  sql::StatementCache<PostgresStatement> statements_;
  std::uint64_t statements_made_ = 0;
  std::optional<Error> error_;
  Trouble trouble_ = Trouble::none;
  std::int64_t last_changed_ = 0;
  std::int64_t changed_ = 0;
  Announce announces_ = Announce::no;  // this transaction
  bool is_patient_ = false;            // this transaction
  bool is_abandoned_ = false;
  bool is_unsent_ = false;  // the last statement never left this process
  std::int64_t marks_ = 0;
  std::int64_t mark_ = 0;
  TimePoint now_{};
  std::chrono::microseconds ahead_{0};  // the server's clock is so much ahead of this process's
};

}  // namespace dth::state::postgres

#include "state/postgres/postgres_transactor.h"

#include <random>

namespace dth::state::postgres {
namespace {

constexpr int attempts_max = 8;
// To begin again without knowing could do a thing twice.
constexpr std::chrono::minutes settle_max{5};

Connection::Mode mode_of(sql::Transactor::Mode mode) {
  switch (mode) {
    case sql::Transactor::Mode::read:
      return Connection::Mode::read;
    case sql::Transactor::Mode::write:
      return Connection::Mode::write;
    case sql::Transactor::Mode::lazy_write:
      return Connection::Mode::lazy_write;
  }
  return Connection::Mode::write;
}

// Those that were in each other's way do not come back at the same time.
std::chrono::milliseconds pause_before(int attempt, int doubled_max = 6) {
  thread_local std::minstd_rand random(std::random_device{}());
  const auto most = static_cast<unsigned>(4 << std::min(attempt, doubled_max));
  return std::chrono::milliseconds(1 + random() % most);
}

// A server that is away, or takes over, needs seconds: it is asked ever less often, up to 4 s
// apart.
constexpr int settle_doubled_max = 10;

// Will it still be so however long one waits? A standby may become the primary.
bool is_final(const Error& refused) {
  return refused.code == ErrorCode::unauthenticated || refused.code == ErrorCode::invalid_argument;
}

Error not_known(const Error& lost) {
  return {ErrorCode::unavailable, ErrorReason::answer_lost,
          lost.message + "; whether the last transaction was committed is not known", lost.detail};
}

// The number of the last transaction of that writer that was committed. Waits for one that is not
// over yet, and keeps one that is lost from being committed later. Nothing where that failed.
std::optional<std::int64_t> last_committed(Connection& connection, const std::string& writer) {
  sql::Query query = connection.query(
      "insert into commit_mark (writer, number) values (?, 0) "
      "on conflict (writer) do update set number = commit_mark.number returning number",
      writer);
  if (!query.next()) return std::nullopt;
  return query.integer(0);
}

}  // namespace

std::optional<Error> PostgresTransactor::execute(Mode mode, std::string_view what, Step step) {
  std::optional<Error> last;
  for (int attempt_number = 0; attempt_number < attempts_max; ++attempt_number) {
    if (attempt_number > 0) pool_.pause(pause_before(attempt_number));
    Attempt done;
    {
      auto taken = pool_.take();
      if (taken.has_error()) return std::move(taken.error()).with_context(what);
      done = attempt(**taken, mode, step);
    }
    if (done.end == End::committed || done.end == End::rolled_back) return std::nullopt;
    if (done.is_lost) pool_.drop_idle();
    last = std::move(done.error);
    if (done.end == End::failed) break;
  }
  return std::move(*last).with_context(what);
}

PostgresTransactor::Attempt PostgresTransactor::attempt(Connection& connection, Mode mode,
                                                        Step step) {
  // Whatever way this is left, an exception included, no transaction stays open.
  struct Rollback {
    Connection& connection;
    ~Rollback() {
      connection.rollback();
      connection.take_error();
    }
  } rollback{connection};
  connection.begin(mode_of(mode));
  const bool succeeded = !connection.failed() && step(connection);
  if (!succeeded && !connection.failed()) return {.end = End::rolled_back};
  const bool changed = connection.changed() > 0;
  if (changed && mode == Mode::lazy_write) connection.leave_mark();
  const bool is_sent = !connection.failed();
  connection.commit();
  if (!connection.failed()) {
    if (changed) ++transactions_;
    return {.end = End::committed};
  }
  const Trouble trouble = connection.trouble();
  const bool is_lost = trouble == Trouble::connection_lost;
  Error error = std::move(*connection.take_error());
  if (is_sent && is_lost && connection.mark().number != 0)
    return settle(connection.mark(), std::move(error));
  const bool may_succeed = trouble == Trouble::conflict || is_lost;
  return {
      .end = may_succeed ? End::again : End::failed, .error = std::move(error), .is_lost = is_lost};
}

PostgresTransactor::Attempt PostgresTransactor::settle(const Connection::Mark& mark, Error lost) {
  const auto end = std::chrono::steady_clock::now() + settle_max;
  for (int round = 0; std::chrono::steady_clock::now() < end; ++round) {
    pool_.pause(pause_before(round, settle_doubled_max));
    auto connection = pool_.open_another();
    if (connection.has_error() && is_final(connection.error())) break;
    if (connection.has_error()) continue;
    const auto committed = last_committed(**connection, mark.writer);
    if (!committed) continue;
    if (*committed != mark.number)
      return {.end = End::again, .error = std::move(lost), .is_lost = true};
    ++transactions_;
    return {.end = End::committed};
  }
  return {.end = End::failed, .error = not_known(lost)};
}

}  // namespace dth::state::postgres

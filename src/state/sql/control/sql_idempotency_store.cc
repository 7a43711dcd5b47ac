#include "state/sql/control/sql_idempotency_store.h"

#include "state/sql/database.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;
using Kind = IdempotencyClaim::Kind;

constexpr std::string_view of_call = " where principal = ? and operation = ? and key = ?";

Error wrong_key(const std::string& key) {
  return {ErrorCode::invalid_argument,
          "an idempotency key has 1 to " + std::to_string(idempotency_key_bytes_max) +
              " bytes, not " + std::to_string(key.size()),
          ""};
}

// The oldest go, in steps that are small however many there are.
void forget_old(Database& database, TimePoint now) {
  constexpr std::int64_t step = 100;
  database.run(
      "delete from idempotency_key where number in (select number from idempotency_key where "
      "begun_at < ? order by begun_at, number limit ?)",
      now - idempotency_kept_for, step);
  Query newest = database.query("select max(number) from idempotency_key");
  if (!newest.next() || newest.is_null(0)) return;
  // Numbers have gaps: that only forgets a little earlier.
  database.run(
      "delete from idempotency_key where number in (select number from idempotency_key where "
      "number <= ? order by number limit ?)",
      newest.integer(0) - static_cast<std::int64_t>(idempotency_keys_max), step);
}

}  // namespace

Result<IdempotencyClaim> SqlIdempotencyStore::begin(const IdempotentCall& call, TimePoint now) {
  if (call.key.empty() || call.key.size() > idempotency_key_bytes_max) return wrong_key(call.key);
  return transactor_.transact(
      Mode::write, "using an idempotency key", [&](Database& database) -> Result<IdempotencyClaim> {
        const TimePoint time = database.now(now);
        forget_old(database, time);
        // Whoever comes second waits here for the first, and finds its row.
        const std::int64_t inserted = database.run(
            "insert into idempotency_key (principal, operation, key, input_hash, begun_at) "
            "values (?, ?, ?, ?, ?) on conflict (principal, operation, key) do nothing",
            call.principal, call.operation, call.key, call.input_hash, time);
        if (inserted == 1) return IdempotencyClaim{};
        static const std::string sql =
            "select input_hash, answer, begun_at, number from idempotency_key" +
            std::string(of_call) + " for update";
        Query query = database.query(sql, call.principal, call.operation, call.key);
        if (!query.next()) return IdempotencyClaim{};
        const bool is_finished = !query.is_null(1);
        const bool is_lost = !is_finished && query.time(2) < time - idempotency_unfinished_for;
        if (query.time(2) < time - idempotency_kept_for || is_lost) {
          database.run(
              "update idempotency_key set input_hash = ?, answer = null, begun_at = ? where number "
              "= ?",
              call.input_hash, time, query.integer(3));
          return IdempotencyClaim{};
        }
        if (query.text(0) != call.input_hash) return IdempotencyClaim{.kind = Kind::reused};
        if (!is_finished) return IdempotencyClaim{.kind = Kind::in_progress};
        return IdempotencyClaim{.kind = Kind::answered, .answer = query.text(1)};
      });
}

Result<void> SqlIdempotencyStore::finish(const IdempotentCall& call, const std::string& answer) {
  if (answer.size() > idempotency_answer_bytes_max) {
    return Error{ErrorCode::invalid_argument,
                 "the answer to keep for an idempotency key has " + std::to_string(answer.size()) +
                     " bytes, more than " + std::to_string(idempotency_answer_bytes_max),
                 ""};
  }
  return transactor_.transact(
      Mode::write, "keeping the answer of an idempotency key",
      [&](Database& database) -> Result<void> {
        static const std::string sql =
            "update idempotency_key set answer = ?" + std::string(of_call) + " and input_hash = ?";
        database.run(sql, answer, call.principal, call.operation, call.key, call.input_hash);
        return {};
      });
}

Result<void> SqlIdempotencyStore::abandon(const IdempotentCall& call) {
  return transactor_.transact(
      Mode::write, "giving an idempotency key back", [&](Database& database) -> Result<void> {
        static const std::string sql = "delete from idempotency_key" + std::string(of_call) +
                                       " and input_hash = ? and answer is null";
        database.run(sql, call.principal, call.operation, call.key, call.input_hash);
        return {};
      });
}

}  // namespace dth::state::sql

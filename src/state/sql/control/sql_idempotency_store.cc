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

// One who calls again and again makes nobody else's keys be forgotten.
constexpr std::int64_t keys_of_principal_max = 10'000;
constexpr std::int64_t forgotten_at_once = 100;

// Forgets the oldest of those keys, in steps that are small however many there are; never one whose
// call is under way.
void forget_up_to(Database& database, std::int64_t number, const std::string& principal,
                  TimePoint now) {
  const TimePoint lost = now - idempotency_unfinished_for;
  if (principal.empty()) {
    database.run(
        "delete from idempotency_key where number in (select number from idempotency_key where "
        "number <= ? and (answer is not null or begun_at < ?) order by number limit ?)",
        number, lost, forgotten_at_once);
    return;
  }
  database.run(
      "delete from idempotency_key where number in (select number from idempotency_key where "
      "principal = ? and number <= ? and (answer is not null or begun_at < ?) order by number "
      "limit ?)",
      principal, number, lost, forgotten_at_once);
}

void forget_old(Database& database, const std::string& principal, TimePoint now) {
  database.run(
      "delete from idempotency_key where number in (select number from idempotency_key where "
      "begun_at < ? order by begun_at, number limit ?)",
      now - idempotency_kept_for, forgotten_at_once);
  Query beyond = database.query(
      "select number from idempotency_key where principal = ? order by number desc limit 1 offset "
      "?",
      principal, keys_of_principal_max - 1);
  if (beyond.next()) forget_up_to(database, beyond.integer(0), principal, now);
  Query newest = database.query("select max(number) from idempotency_key");
  if (!newest.next() || newest.is_null(0)) return;
  // Numbers have gaps: that only forgets a little earlier.
  forget_up_to(database, newest.integer(0) - static_cast<std::int64_t>(idempotency_keys_max), "",
               now);
}

std::int64_t insert_key(Database& database, const IdempotentCall& call, TimePoint time) {
  return database.run(
      "insert into idempotency_key (principal, operation, key, input_hash, begun_at) "
      "values (?, ?, ?, ?, ?) on conflict (principal, operation, key) do nothing",
      call.principal, call.operation, call.key, call.input_hash, time);
}

}  // namespace

Result<IdempotencyClaim> SqlIdempotencyStore::begin(const IdempotentCall& call, TimePoint now) {
  if (call.key.empty() || call.key.size() > idempotency_key_bytes_max) return wrong_key(call.key);
  return transactor_.transact(
      Mode::write, "using an idempotency key", [&](Database& database) -> Result<IdempotencyClaim> {
        const TimePoint time = database.now(now);
        forget_old(database, call.principal, time);
        // The second of two waits here for the first, and finds its row.
        if (insert_key(database, call, time) == 1) return IdempotencyClaim{};
        static const std::string sql =
            "select input_hash, answer, begun_at, number from idempotency_key" +
            std::string(of_call) + " for update";
        Query query = database.query(sql, call.principal, call.operation, call.key);
        if (!query.next()) return IdempotencyClaim{};
        const bool is_finished = !query.is_null(1);
        const bool is_lost = !is_finished && query.time(2) < time - idempotency_unfinished_for;
        if (query.time(2) < time - idempotency_kept_for || is_lost) {
          // With a new number: it is the newest now.
          database.run("delete from idempotency_key where number = ?", query.integer(3));
          insert_key(database, call, time);
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

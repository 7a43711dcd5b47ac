#include "state/sql/count_rows.h"

namespace dth::state::sql {

namespace {

constexpr std::string_view put_row =
    "insert into run_count (run, writer, counts) values (?, ?, ?) "
    "on conflict (run, writer) do update set counts = excluded.counts";

// Into the row that no other connection writes: two that count do not wait for each other.
Result<void> add_to_own(Database& database, std::int64_t run, const Counts& counts) {
  Counts sum = counts;
  {
    Query query =
        database.query("select counts from run_count where run = ? and writer = ? for update", run,
                       database.writer());
    if (query.next()) {
      auto before = parse_counts(query.text(0));
      if (before.has_error()) return before.error();
      sum += *before;
    }
  }
  database.run(put_row, run, database.writer(), to_json(sum));
  return {};
}

}  // namespace

Result<Counts> read_counts(Database& database, std::int64_t run) {
  Counts sum;
  Query query = database.query("select counts from run_count where run = ?", run);
  while (query.next()) {
    auto part = parse_counts(query.text(0));
    if (part.has_error()) return part.error();
    sum += *part;
  }
  return sum;
}

Result<void> add_counts(Database& database, std::int64_t run, const Counts& counts) {
  if (counts.empty()) return {};
  if (!database.is_alone()) return add_to_own(database, run, counts);
  auto sum = read_counts(database, run);
  if (sum.has_error()) return sum.error();
  *sum += counts;
  database.run("insert or replace into run_count (run, counts) values (?, ?)", run, to_json(*sum));
  return {};
}

Result<void> fold_counts(Database& database, std::int64_t run) {
  if (database.is_alone()) return {};
  auto sum = read_counts(database, run);
  if (sum.has_error()) return sum.error();
  database.run("delete from run_count where run = ?", run);
  database.run(put_row, run, "", to_json(*sum));
  return {};
}

}  // namespace dth::state::sql

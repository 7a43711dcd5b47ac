#include "state/sqlite/count_rows.h"

namespace dth::state::sqlite {

void insert_delta(Database& database, std::int64_t run, const Counts& counts) {
  database.run("insert into count_delta (run, counts) values (?, ?)", run, to_json(counts));
}

Result<void> add_deltas(Database& database, std::int64_t run, Counts* counts) {
  Query query = database.query("select counts from count_delta where run = ?", run);
  while (query.next()) {
    auto delta = parse_counts(query.text(0));
    if (delta.has_error()) return delta.error();
    *counts += *delta;
  }
  return {};
}

Result<std::int64_t> fold_counts(Database& database, std::int64_t run) {
  Counts counts;
  if (Query query = database.query("select counts from run where number = ?", run); query.next()) {
    auto folded = parse_counts(query.text(0));
    if (folded.has_error()) return folded.error();
    counts = std::move(*folded);
  }
  if (auto added = add_deltas(database, run, &counts); added.has_error()) return added.error();
  const std::int64_t deltas = database.run("delete from count_delta where run = ?", run);
  if (deltas > 0) database.run("update run set counts = ? where number = ?", to_json(counts), run);
  return deltas;
}

}  // namespace dth::state::sqlite

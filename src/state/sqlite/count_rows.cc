#include "state/sqlite/count_rows.h"

namespace dth::state::sqlite {

Result<Counts> read_counts(Database& database, std::int64_t run) {
  Query query = database.query("select counts from run_count where run = ?", run);
  if (!query.next()) return Counts();
  return parse_counts(query.text(0));
}

Result<void> add_counts(Database& database, std::int64_t run, const Counts& counts) {
  if (counts.empty()) return {};
  auto sum = read_counts(database, run);
  if (sum.has_error()) return sum.error();
  *sum += counts;
  database.run("insert or replace into run_count (run, counts) values (?, ?)", run, to_json(*sum));
  return {};
}

}  // namespace dth::state::sqlite

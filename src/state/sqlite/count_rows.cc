#include "state/sqlite/count_rows.h"

namespace dth::state::sqlite {
namespace {

std::string join_counters(std::string_view before, std::string_view after) {
  std::string columns;
  for (std::size_t i = 0; i < counter_count; ++i) {
    if (i != 0) columns += ", ";
    columns.append(before).append(to_string(static_cast<Counter>(i))).append(after);
  }
  return columns;
}

}  // namespace

const std::string& counter_columns() {
  static const std::string columns = join_counters("", "");
  return columns;
}

Counts read_counts(const Query& query, int first_column) {
  Counts counts;
  for (auto& value : counts.values) value = query.integer(first_column++);
  return counts;
}

Counts unfolded_counts(Database& database, std::int64_t run) {
  static const std::string sql =
      "select " + join_counters("coalesce(sum(", "), 0)") + " from count_delta where run = ?";
  Query query = database.query(sql, run);
  return query.next() ? read_counts(query, 0) : Counts{};
}

std::int64_t fold_counts(Database& database, std::int64_t run) {
  const Counts counts = unfolded_counts(database, run);
  static const std::string sql = [] {
    std::string text = "update run set ";
    for (std::size_t i = 0; i < counter_count; ++i) {
      const std::string column(to_string(static_cast<Counter>(i)));
      text += (i == 0 ? "" : ", ") + column + " = " + column + " + ?";
    }
    return text + " where number = ?";
  }();
  [&]<std::size_t... i>(std::index_sequence<i...>) { database.run(sql, counts.values[i]..., run); }
  (std::make_index_sequence<counter_count>());
  return database.run("delete from count_delta where run = ?", run);
}

void insert_delta(Database& database, std::int64_t run, const Counts& counts) {
  static const std::string sql = [] {
    std::string text = "insert into count_delta (run, " + counter_columns() + ") values (?";
    for (std::size_t i = 0; i < counter_count; ++i) text += ", ?";
    return text + ")";
  }();
  [&]<std::size_t... i>(std::index_sequence<i...>) { database.run(sql, run, counts.values[i]...); }
  (std::make_index_sequence<counter_count>());
}

}  // namespace dth::state::sqlite

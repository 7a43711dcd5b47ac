#include <limits>

#include "state/sqlite/sqlite_state.h"

namespace dth::state::sqlite {
namespace {

// SQLite's integers are signed: what does not fit becomes the greatest.
std::int64_t to_signed(std::uint64_t value) {
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace

Counts SqliteState::unfolded_counts(std::int64_t run) {
  static const std::string sql = "select " + counter_sums() + " from count_delta where run = ?";
  Query query = database_->query(sql, run);
  return query.next() ? read_counts(query, 0) : Counts{};
}

std::int64_t SqliteState::fold_counts(std::int64_t run) {
  const Counts counts = unfolded_counts(run);
  static const std::string sql = [] {
    std::string text = "update run set ";
    for (std::size_t i = 0; i < counter_count; ++i) {
      const std::string column(to_string(static_cast<Counter>(i)));
      text += (i == 0 ? "" : ", ") + column + " = " + column + " + ?";
    }
    return text + " where number = ?";
  }();
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    database_->run(sql, counts.values[i]..., run);
  }
  (std::make_index_sequence<counter_count>());
  return database_->run("delete from count_delta where run = ?", run);
}

void SqliteState::insert_delta(std::int64_t run, const Counts& counts) {
  static const std::string sql = [] {
    std::string text = "insert into count_delta (run, " + counter_columns() + ") values (?";
    for (std::size_t i = 0; i < counter_count; ++i) text += ", ?";
    return text + ")";
  }();
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    database_->run(sql, run, counts.values[i]...);
  }
  (std::make_index_sequence<counter_count>());
}

Result<std::int64_t> SqliteState::compact() {
  return transact(Mode::write, "folding counts", [&]() -> Result<std::int64_t> {
    std::vector<std::int64_t> runs;
    Query query = database_->query("select distinct run from count_delta");
    while (query.next()) runs.push_back(query.integer(0));
    std::int64_t folded = 0;
    for (const std::int64_t run : runs) folded += fold_counts(run);
    return folded;
  });
}

void SqliteState::insert_segment(std::int64_t run, JobId job, const Segment& segment) {
  database_->run(
      "insert into segment (run, job, file, first_byte, length, sha256, items, key_least, "
      "key_greatest) "
      "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      run, job, segment.file, to_signed(segment.offset), to_signed(segment.length), segment.sha256,
      to_signed(segment.items), Blob{segment.key_least}, Blob{segment.key_greatest});
}

void SqliteState::insert_failure(std::int64_t run, const Failure& failure) {
  database_->run(
      "insert into failure (run, key, version_id, size, code, message, detail, attempts, "
      "failed_at, step) "
      "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      run, Blob{failure.key}, Blob{failure.version_id}, to_signed(failure.size), failure.code,
      failure.message, failure.detail, failure.attempts, failure.at, failure.step);
}

Result<std::vector<Failure>> SqliteState::failures(const std::string& id, std::size_t offset,
                                                   std::size_t count_max) {
  return transact(Mode::read, "reading the failures of run " + id,
                  [&]() -> Result<std::vector<Failure>> {
                    auto run = require_run(id);
                    if (run.has_error()) return run.error();
                    std::vector<Failure> failures;
                    Query query = database_->query(
                        "select key, version_id, size, code, message, detail, attempts, failed_at, "
                        "step from failure where run = ? "
                        "order by failed_at, id limit ? offset ?",
                        run->number, to_signed(count_max), to_signed(offset));
                    while (query.next()) {
                      failures.push_back({.key = query.text(0),
                                          .version_id = query.text(1),
                                          .size = static_cast<std::uint64_t>(query.integer(2)),
                                          .code = query.text(3),
                                          .message = query.text(4),
                                          .detail = query.text(5),
                                          .attempts = static_cast<int>(query.integer(6)),
                                          .at = query.time(7),
                                          .step = query.text(8)});
                    }
                    return failures;
                  });
}

void SqliteState::insert_warning(std::int64_t run, const std::string& text) {
  database_->run(
      "insert or ignore into run_warning (run, text) select ?1, ?2 "
      "where (select count(*) from run_warning where run = ?1) < ?3",
      run, text, warnings_max);
}

Result<std::vector<std::string>> SqliteState::warnings(const std::string& id) {
  return transact(
      Mode::read, "reading the warnings of run " + id, [&]() -> Result<std::vector<std::string>> {
        auto run = require_run(id);
        if (run.has_error()) return run.error();
        std::vector<std::string> warnings;
        Query query =
            database_->query("select text from run_warning where run = ? order by id", run->number);
        while (query.next()) warnings.push_back(query.text(0));
        return warnings;
      });
}

Result<std::vector<Segment>> SqliteState::segments(const std::string& id) {
  return transact(Mode::read, "reading the ledger segments of run " + id,
                  [&]() -> Result<std::vector<Segment>> {
                    auto run = require_run(id);
                    if (run.has_error()) return run.error();
                    std::vector<Segment> segments;
                    Query query = database_->query(
                        "select job, file, first_byte, length, sha256, items, key_least, "
                        "key_greatest from segment where run = ? "
                        "order by job, id",
                        run->number);
                    while (query.next()) {
                      segments.push_back({.job = query.integer(0),
                                          .file = query.text(1),
                                          .offset = static_cast<std::uint64_t>(query.integer(2)),
                                          .length = static_cast<std::uint64_t>(query.integer(3)),
                                          .sha256 = query.text(4),
                                          .items = static_cast<std::uint64_t>(query.integer(5)),
                                          .key_least = query.text(6),
                                          .key_greatest = query.text(7)});
                    }
                    return segments;
                  });
}

}  // namespace dth::state::sqlite

#include "state/sql/sql_run_records.h"

#include "state/sql/failure_rows.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

}  // namespace

Result<std::vector<Failure>> SqlRunRecords::failures(const std::string& id, std::size_t offset,
                                                     std::size_t count_max) {
  return transactor_.transact(
      Mode::read, "reading the failures of run " + id,
      [&](Database& database) -> Result<std::vector<Failure>> {
        auto run = require_run(database, id);
        if (run.has_error()) return run.error();
        std::vector<Failure> failures;
        static const std::string sql =
            std::string(select_failures) + " where run = ? order by failed_at, id limit ? offset ?";
        Query query = database.query(sql, run->number, to_signed(count_max), to_signed(offset));
        while (query.next()) failures.push_back(read_failure(query));
        return failures;
      });
}

Result<std::vector<std::string>> SqlRunRecords::warnings(const std::string& id) {
  return transactor_.transact(
      Mode::read, "reading the warnings of run " + id,
      [&](Database& database) -> Result<std::vector<std::string>> {
        auto run = require_run(database, id);
        if (run.has_error()) return run.error();
        std::vector<std::string> warnings;
        Query query =
            database.query("select text from run_warning where run = ? order by id", run->number);
        while (query.next()) warnings.push_back(query.text(0));
        return warnings;
      });
}

Result<std::vector<Segment>> SqlRunRecords::segments(const std::string& id) {
  return transactor_.transact(
      Mode::read, "reading the ledger segments of run " + id,
      [&](Database& database) -> Result<std::vector<Segment>> {
        auto run = require_run(database, id);
        if (run.has_error()) return run.error();
        std::vector<Segment> segments;
        Query query = database.query(
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

Result<std::vector<FailureGroup>> SqlRunRecords::failure_groups(const std::string& id) {
  return transactor_.transact(
      Mode::read, "grouping the failures of run " + id,
      [&](Database& database) -> Result<std::vector<FailureGroup>> {
        auto run = require_run(database, id);
        if (run.has_error()) return run.error();
        std::vector<FailureGroup> groups;
        Query query = database.query(
            "select code, reason, step, count, sample_key from failure_group where run = ? "
            "order by count desc, code, reason, step",
            run->number);
        while (query.next()) {
          groups.push_back({.code = query.text(0),
                            .reason = query.text(1),
                            .step = query.text(2),
                            .count = query.integer(3),
                            .sample_key = query.text(4)});
        }
        return groups;
      });
}

}  // namespace dth::state::sql

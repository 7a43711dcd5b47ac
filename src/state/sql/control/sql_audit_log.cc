#include "state/sql/control/sql_audit_log.h"

#include "state/control/audit_chain.h"
#include "state/sql/control/audit_rows.h"
#include "state/sql/control/sql_hub_leases.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

constexpr std::string_view audit_columns =
    "select number, id, at, actor_kind, actor_id, actor_name, address, action, target_kind, "
    "target_id, target_name, outcome, changes, request_id, link, hash from audit_event";

AuditRecord read_record(const Query& query) {
  AuditRecord record;
  record.number = query.integer(0);
  record.id = query.text(1);
  record.at = query.time(2);
  record.actor_kind = parse_actor_kind(query.text(3)).value_or(ActorKind::system);
  record.actor_id = query.text(4);
  record.actor_name = query.text(5);
  record.address = query.text(6);
  record.action = query.text(7);
  record.target_kind = query.text(8);
  record.target_id = query.text(9);
  record.target_name = query.text(10);
  record.outcome =
      query.text(11) == to_string(AuditOutcome::ok) ? AuditOutcome::ok : AuditOutcome::refused;
  record.changes = query.text(12);
  record.request_id = query.text(13);
  if (!query.is_null(14)) record.link = query.integer(14);
  record.hash = query.text(15);
  return record;
}

std::vector<AuditRecord> read_records(Query query) {
  std::vector<AuditRecord> records;
  while (query.next()) records.push_back(read_record(query));
  return records;
}

AuditCheckpoint read_checkpoint(Database& database) {
  Query query = database.query("select link, hash, dropped_at from audit_checkpoint where id = 1");
  if (!query.next()) return {};
  return {.link = query.integer(0), .hash = query.text(1), .dropped_at = query.time(2)};
}

// The last one of the chain; what was dropped included.
AuditCheckpoint read_end(Database& database) {
  {
    Query query = database.query(
        "select link, hash from audit_event where link is not null order by link desc limit 1");
    if (query.next()) return {.link = query.integer(0), .hash = query.text(1)};
  }
  return read_checkpoint(database);
}

// The conditions that the filter names, and their values in the same order.
struct AuditConditions {
  std::string sql;
  std::vector<std::string> texts;
  std::vector<std::int64_t> numbers;  // after the texts

  void text(std::string_view column, std::string_view value) {
    if (value.empty()) return;
    add(std::string(column) + " = ?");
    texts.emplace_back(value);
  }
  void add(const std::string& condition) { sql += (sql.empty() ? " where " : " and ") + condition; }
};

AuditConditions conditions_of(const AuditFilter& filter,
                              const std::optional<AuditPosition>& after) {
  AuditConditions conditions;
  conditions.text("actor_id", filter.actor_id);
  conditions.text("action", filter.action);
  conditions.text("target_kind", filter.target_kind);
  conditions.text("target_id", filter.target_id);
  if (filter.outcome) conditions.text("outcome", to_string(*filter.outcome));
  if (filter.since) {
    conditions.add("at >= ?");
    conditions.numbers.push_back(to_microseconds(*filter.since));
  }
  if (filter.until) {
    conditions.add("at < ?");
    conditions.numbers.push_back(to_microseconds(*filter.until));
  }
  if (after) {
    conditions.add("(at, number) < (?, ?)");
    conditions.numbers.push_back(to_microseconds(after->at));
    conditions.numbers.push_back(after->number);
  }
  return conditions;
}

}  // namespace

Result<void> SqlAuditLog::append(const AuditEntry& entry) {
  return transactor_.transact(Mode::write, "writing to the audit log",
                              [&](Database& database) -> Result<void> {
                                append_audit(database, entry);
                                return {};
                              });
}

Result<std::vector<AuditRecord>> SqlAuditLog::list(const AuditFilter& filter,
                                                   const std::optional<AuditPosition>& after,
                                                   std::size_t count_max) {
  const AuditConditions conditions = conditions_of(filter, after);
  const std::string sql =
      std::string(audit_columns) + conditions.sql + " order by at desc, number desc limit ?";
  return transactor_.transact(Mode::read, "reading the audit log",
                              [&](Database& database) -> Result<std::vector<AuditRecord>> {
                                Query query = database.query(sql);
                                int index = 0;
                                for (const std::string& text : conditions.texts)
                                  query.bind(++index, text, Statement::Copy::yes);
                                for (const std::int64_t number : conditions.numbers)
                                  query.bind(++index, number, Statement::Copy::yes);
                                query.bind(++index, to_signed(count_max), Statement::Copy::yes);
                                std::vector<AuditRecord> records;
                                while (query.next()) records.push_back(read_record(query));
                                return records;
                              });
}

Result<AuditRecord> SqlAuditLog::find(const std::string& id) {
  return transactor_.transact(
      Mode::read, "reading the audit log", [&](Database& database) -> Result<AuditRecord> {
        Query query = database.query(std::string(audit_columns) + " where id = ?", id);
        if (query.next()) return read_record(query);
        return Error{ErrorCode::not_found, "the audit log has no entry " + id, {}};
      });
}

Result<std::vector<AuditRecord>> SqlAuditLog::chained(std::int64_t after, std::size_t count_max) {
  return transactor_.transact(
      Mode::read, "reading the audit log",
      [&](Database& database) -> Result<std::vector<AuditRecord>> {
        return read_records(
            database.query(std::string(audit_columns) + " where link > ? order by link limit ?",
                           after, to_signed(count_max)));
      });
}

Result<AuditCheckpoint> SqlAuditLog::checkpoint() {
  return transactor_.transact(
      Mode::read, "reading the audit log",
      [&](Database& database) -> Result<AuditCheckpoint> { return read_checkpoint(database); });
}

Result<std::int64_t> SqlAuditLog::unchained_count() {
  return transactor_.transact(
      Mode::read, "reading the audit log", [&](Database& database) -> Result<std::int64_t> {
        Query query = database.query("select count(*) from audit_event where link is null");
        return query.next() ? query.integer(0) : 0;
      });
}

Result<std::size_t> SqlAuditLog::chain(const HubLease& lease, TimePoint now,
                                       std::size_t count_max) {
  return transactor_.transact(
      Mode::lazy_write, "chaining the audit log", [&](Database& database) -> Result<std::size_t> {
        auto records = read_records(database.query(
            std::string(audit_columns) + " where link is null order by number limit ?",
            to_signed(count_max)));
        if (records.empty()) return std::size_t{0};
        if (auto held = require_lease(database, lease, now); held.has_error()) return held.error();
        AuditCheckpoint end = read_end(database);
        for (AuditRecord& record : records) {
          record.link = ++end.link;
          end.hash = audit_hash(end.hash, record);
          database.run(
              "update audit_event set link = ?, hash = ? where number = ? and link is null",
              end.link, end.hash, record.number);
        }
        return records.size();
      });
}

Result<std::size_t> SqlAuditLog::drop(const HubLease& lease, TimePoint before, TimePoint now,
                                      std::size_t count_max) {
  return transactor_.transact(
      Mode::lazy_write, "dropping old entries of the audit log",
      [&](Database& database) -> Result<std::size_t> {
        AuditCheckpoint last = read_checkpoint(database);
        std::size_t count = 0;
        {
          Query query = database.query(
              "select link, hash, at from audit_event where link > ? order by link limit ?",
              last.link, to_signed(count_max));
          for (; query.next() && query.time(2) < before; ++count) {
            last.link = query.integer(0);
            last.hash = query.text(1);
          }
        }
        if (count == 0) return count;
        if (auto held = require_lease(database, lease, now); held.has_error()) return held.error();
        database.run("delete from audit_event where link <= ?", last.link);
        database.run(
            "insert into audit_checkpoint (id, link, hash, dropped_at) values (1, ?, ?, ?) on "
            "conflict (id) do update set link = excluded.link, hash = excluded.hash, dropped_at = "
            "excluded.dropped_at",
            last.link, last.hash, database.now(now));
        return count;
      });
}

}  // namespace dth::state::sql

// Deletions that wait for a decision: the part of SqlRunStore that reads and decides them.
#include "state/sql/control/audit_rows.h"
#include "state/sql/deletion_rows.h"
#include "state/sql/job_rows.h"
#include "state/sql/run_rows.h"
#include "state/sql/sql_run_store.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

Error nothing_planned(const std::string& run) {
  return {ErrorCode::precondition_failed,
          "run " + run +
              " has no deletions that wait for an approval: it may be counting them at this moment",
          {}};
}

Error decided_already(const std::string& run, const PlannedDeletions& plan) {
  return {ErrorCode::precondition_failed,
          "the deletions of run " + run + " were " + std::string(to_string(*plan.decision)) +
              " already, by " + plan.decided_by,
          {}};
}

// The plan of a run that is not over and was not cancelled. precondition_failed: there is none.
Result<PlannedDeletions> require_plan(Database& database, const std::string& id, std::int64_t run) {
  auto plan = read_plan(database, run);
  if (plan.has_error()) return plan.error();
  if (!*plan) return nothing_planned(id);
  return std::move(**plan);
}

void decide(Database& database, std::int64_t run, DeletionDecision decision,
            const std::string& comment, const Decider& by) {
  database.run(
      "update planned_deletions set decision = ?, decided_by = ?, decided_at = ?, comment = ? "
      "where run = ?",
      to_string(decision), by.name, database.now(by.now), comment, run);
}

}  // namespace

Result<std::optional<PlannedDeletions>> SqlRunStore::planned_deletions(const std::string& id) {
  return transactor_.transact(Mode::read, "reading the planned deletions of run " + id,
                              [&](Database& database) -> Result<std::optional<PlannedDeletions>> {
                                auto run = require_run(database, id);
                                if (run.has_error()) return run.error();
                                auto plan = read_plan(database, run->number);
                                if (plan.has_error() || !*plan) return plan;
                                const bool has_ended = is_over(run->state) || run->cancel_requested;
                                if (has_ended && !(*plan)->decision)
                                  return std::optional<PlannedDeletions>();
                                (*plan)->sample_keys = read_sample_keys(database, run->number);
                                return plan;
                              });
}

Result<std::int64_t> SqlRunStore::approve_deletions(const std::string& id, std::int64_t count,
                                                    const Decider& by, const AuditEntry* audit) {
  return transactor_.transact(
      Mode::write, "approving the deletions of run " + id,
      [&](Database& database) -> Result<std::int64_t> {
        auto run = require_live_run(database, id);
        if (run.has_error()) return run.error();
        auto plan = require_plan(database, id, run->number);
        if (plan.has_error()) return plan.error();
        if (plan->decision == DeletionDecision::rejected) return decided_already(id, *plan);
        if (plan->count != count || plan->decision) return plan->count;
        decide(database, run->number, DeletionDecision::approved, {}, by);
        if (database.run("update run set state = ?, epoch = epoch + 1 where number = ? and "
                         "state = ? and waiting_for = ?",
                         to_string(RunState::running), run->number, to_string(RunState::waiting),
                         to_string(WaitingFor::approval)) == 1) {
          database.announce_work(Database::Announce::now);
        }
        if (audit != nullptr) append_audit(database, *audit);
        return count;
      });
}

Result<void> SqlRunStore::reject_deletions(const std::string& id, const std::string& comment,
                                           const Decider& by, const AuditEntry* audit) {
  return transactor_.transact(
      Mode::write, "rejecting the deletions of run " + id, [&](Database& database) -> Result<void> {
        auto run = require_live_run(database, id);
        if (run.has_error()) return run.error();
        auto plan = require_plan(database, id, run->number);
        if (plan.has_error()) return plan.error();
        if (plan->decision) return decided_already(id, *plan);
        if (is_being_closed(database, run->number)) return ends_already(id);
        decide(database, run->number, DeletionDecision::rejected, comment, by);
        insert_warning(database, run->number,
                       by.name + " rejected the deletion of " + std::to_string(plan->count) +
                           " objects" + (comment.empty() ? "" : " (" + comment + ")") +
                           ": nothing was deleted, and the copies stay");
        database.run("update run set cancel_requested = 1 where number = ?", run->number);
        drop_free_jobs(database, run->number, database.now(by.now));
        database.announce_work(Database::Announce::now);
        if (audit != nullptr) append_audit(database, *audit);
        return {};
      });
}

}  // namespace dth::state::sql

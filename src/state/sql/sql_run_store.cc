#include "state/sql/sql_run_store.h"

#include "state/sql/control/audit_rows.h"
#include "state/sql/control/task_rows.h"
#include "state/sql/count_rows.h"
#include "state/sql/job_rows.h"
#include "state/sql/new_run_rows.h"
#include "state/sql/run_changes.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

Query select_run(Database& database, const std::string& id) {
  static const std::string sql = "select " + std::string(run_columns) + " from run where id = ?";
  return database.query(sql, id);
}

Error no_such_run(const std::string& id) {
  return {ErrorCode::not_found, "there is no run " + id, {}};
}

// When the run began to wait for what it is to wait for now.
TimePoint first_wait(Database& database, const RunRow& run, const Waiting& waiting) {
  Query query = database.query(
      "select waiting_since, waiting_until from run where number = ? and waiting_for = ?",
      run.number, to_string(waiting.what));
  if (!query.next()) return waiting.since;
  const bool follows = run.state == RunState::waiting ||
                       database.now(waiting.since) - query.time(1) < waiting_gap_max;
  return follows ? query.time(0) : waiting.since;
}

Error was_resumed(const std::string& run) {
  return {ErrorCode::precondition_failed,
          "run " + run + " was resumed meanwhile: what failed before that does not let it wait",
          {}};
}

// How a run ends whose jobs are all done.
Result<RunState> end_of(Database& database, std::int64_t run) {
  Query query = database.query(
      "select cancel_requested, error <> '', exists (select 1 from upload where upload.run = "
      "run.number and left_open <> '') from run where number = ?",
      run);
  if (!query.next()) return RunState::failed;  // a failure, which the database has noted
  if (query.integer(0) != 0) return RunState::cancelled;
  if (query.integer(1) != 0) return RunState::failed;
  const auto counts = read_counts(database, run);
  if (counts.has_error()) return counts.error();
  const bool all_done = (*counts)[failed_items] == 0 && query.integer(2) == 0;
  return all_done ? RunState::succeeded : RunState::completed_with_failures;
}

// The number of the run whose close job is held.
Result<std::int64_t> require_closing(Database& database, const Lease& close) {
  auto job = require_held(database, close);
  if (job.has_error()) return job.error();
  if (job->closes) return job->run;
  return Error{ErrorCode::invalid_argument,
               "job " + std::to_string(close.job) + " is not a close job: it cannot end its run",
               {}};
}

Result<std::vector<Run>> read_runs(Database& database, Query& query) {
  std::vector<Run> runs;
  while (query.next()) {
    auto run = read_run(database, query);
    if (run.has_error()) return run.error();
    runs.push_back(std::move(*run));
  }
  return runs;
}

}  // namespace

Result<void> SqlRunStore::create_run(const NewRun& run, const std::vector<NewJob>& jobs,
                                     TimePoint now, const AuditEntry* audit) {
  return transactor_.transact(Mode::write, "creating run " + run.id,
                              [&](Database& database) -> Result<void> {
                                auto inserted = insert_run(database, run, jobs, now);
                                if (inserted.has_error()) return inserted;
                                if (audit != nullptr) append_audit(database, *audit);
                                return {};
                              });
}

Result<Run> SqlRunStore::find_run(const std::string& id) {
  return transactor_.transact(Mode::read, "reading run " + id,
                              [&](Database& database) -> Result<Run> {
                                Query query = select_run(database, id);
                                if (!query.next()) return no_such_run(id);
                                return read_run(database, query);
                              });
}

Result<std::vector<Run>> SqlRunStore::list_runs(std::size_t count_max) {
  return transactor_.transact(
      Mode::read, "listing the runs", [&](Database& database) -> Result<std::vector<Run>> {
        static const std::string sql =
            "select " + std::string(run_columns) + " from run order by number desc limit ?";
        Query query = database.query(sql, to_limit(count_max));
        return read_runs(database, query);
      });
}

Result<std::vector<Run>> SqlRunStore::list_runs_after(const std::string& id,
                                                      std::size_t count_max) {
  return transactor_.transact(Mode::read, "listing the runs after " + id,
                              [&](Database& database) -> Result<std::vector<Run>> {
                                auto run = require_run(database, id);
                                if (run.has_error()) return run.error();
                                static const std::string sql =
                                    "select " + std::string(run_columns) +
                                    " from run where number < ? order by number desc limit ?";
                                Query query = database.query(sql, run->number, to_limit(count_max));
                                return read_runs(database, query);
                              });
}

Result<std::vector<Run>> SqlRunStore::unfinished_runs(std::size_t count_max) {
  return transactor_.transact(Mode::read, "looking for unfinished runs",
                              [&](Database& database) -> Result<std::vector<Run>> {
                                static const std::string sql =
                                    "select " + std::string(run_columns) +
                                    " from run where ended_at is null order by number desc limit ?";
                                Query query = database.query(sql, to_limit(count_max));
                                return read_runs(database, query);
                              });
}

Result<Progress> SqlRunStore::progress(const std::string& id) {
  return transactor_.transact(
      Mode::read, "reading the progress of run " + id, [&](Database& database) -> Result<Progress> {
        Query query = select_run(database, id);
        if (!query.next()) return no_such_run(id);
        auto run = read_run(database, query);
        if (run.has_error()) return run.error();
        const std::int64_t number = query.integer(0);
        Progress progress{std::move(*run), {}};
        Query kinds = database.query(
            "select kind, count(*), cast(sum(items) as bigint) from job where run = ? group by "
            "kind order by kind",
            number);
        while (kinds.next()) {
          progress.backlog.emplace_back(
              kinds.text(0), Backlog{.jobs = kinds.integer(1), .items = kinds.integer(2)});
        }
        return progress;
      });
}

Result<void> SqlRunStore::request_cancel(const std::string& id, TimePoint now,
                                         const AuditEntry* audit) {
  return transactor_.transact(Mode::write, "cancelling run " + id,
                              [&](Database& database) -> Result<void> {
                                auto run = require_unfinished_run(database, id);
                                if (run.has_error()) return run.error();
                                // What was settled and signed stays as it is.
                                if (is_being_closed(database, run->number)) {
                                  // On the command line the run's end is the answer.
                                  return audit == nullptr ? Result<void>() : ends_already(id);
                                }
                                if (audit != nullptr && !run->cancel_requested)
                                  append_audit(database, *audit);
                                cancel_run(database, *run, database.now(now));
                                return {};
                              });
}

Result<void> SqlRunStore::pause(const std::string& id, const AuditEntry* audit) {
  return transactor_.transact(Mode::lazy_write, "pausing run " + id,
                              [&](Database& database) -> Result<void> {
                                auto run = require_live_run(database, id);
                                if (run.has_error()) return run.error();
                                if (run->state == RunState::paused) return {};
                                pause_run(database, *run);
                                if (audit != nullptr) append_audit(database, *audit);
                                return {};
                              });
}

Result<void> SqlRunStore::resume(const std::string& id, const AuditEntry* audit) {
  return transactor_.transact(
      Mode::lazy_write, "resuming run " + id, [&](Database& database) -> Result<void> {
        auto run = require_live_run(database, id);
        if (run.has_error()) return run.error();
        if (run->state != RunState::paused && run->state != RunState::waiting) return {};
        if (audit != nullptr) append_audit(database, *audit);
        resume_run(database, *run);
        return {};
      });
}

Result<void> SqlRunStore::wait(const std::string& id, std::int64_t epoch, const Waiting& waiting) {
  return transactor_.transact(
      Mode::lazy_write, "letting run " + id + " wait", [&](Database& database) -> Result<void> {
        auto run = require_run(database, id, For::update);
        if (run.has_error()) return run.error();
        if (is_over(run->state) || run->state == RunState::paused || run->cancel_requested)
          return {};
        if (run->epoch != epoch) return was_resumed(id);
        const TimePoint since = first_wait(database, *run, waiting);
        database.run(
            "update run set state = ?, waiting_for = ?, waiting_text = ?, waiting_since = ?, "
            "waiting_until = ? where number = ?",
            to_string(RunState::waiting), to_string(waiting.what), waiting.text, since,
            database.to_come(waiting.until), run->number);
        return {};
      });
}

Result<void> SqlRunStore::place(const std::string& id, const Placement& from, const Placement& to) {
  return transactor_.transact(
      Mode::write, "placing run " + id, [&](Database& database) -> Result<void> {
        auto run = require_unfinished_run(database, id);
        if (run.has_error()) return run.error();
        if (database.run("update run set placement = ?, placement_name = ? where number = ? and "
                         "placement = ? and placement_name = ?",
                         to_string(to.kind), to.name, run->number, to_string(from.kind),
                         from.name) == 1) {
          database.announce_work(Database::Announce::now);
          return {};
        }
        return Error{ErrorCode::precondition_failed,
                     "run " + id + " was taken over by another process meanwhile",
                     {}};
      });
}

Result<Run> SqlRunStore::ending_run(const Lease& close, TimePoint now) {
  return transactor_.transact(
      Mode::lazy_write, "closing a run", [&](Database& database) -> Result<Run> {
        auto number = require_closing(database, close);
        if (number.has_error()) return number.error();
        static const std::string sql =
            "select " + std::string(run_columns) + " from run where number = ?";
        Query query = database.query(sql, *number);
        query.next();
        auto run = read_run(database, query);
        if (run.has_error()) return run.error();
        const auto end = end_of(database, *number);
        if (end.has_error()) return end.error();
        run->state = *end;
        run->waiting.reset();
        run->ended_at = now;
        return run;
      });
}

Result<void> SqlRunStore::end_run(const Lease& close, TimePoint ended_at) {
  return transactor_.transact(Mode::write, "ending a run", [&](Database& database) -> Result<void> {
    lock_task_of(database, close);
    auto number = require_closing(database, close);
    if (number.has_error()) return number.error();
    database.run("delete from job where id = ?", close.job);
    const auto end = end_of(database, *number);
    if (end.has_error()) return end.error();
    // Failures, segments and open uploads stay: for people, and for the ledger's manifest.
    delete_groups(database, *number);
    if (auto folded = fold_counts(database, *number); folded.has_error()) return folded.error();
    set_run_state(database, *number, *end);
    database.run("update run set ended_at = ? where number = ?", ended_at, *number);
    note_result(database, *number, *end);
    return {};
  });
}

Result<void> SqlRunStore::change_spec(const std::string& id, const std::string& spec) {
  return transactor_.transact(
      Mode::write, "changing the spec of run " + id, [&](Database& database) -> Result<void> {
        auto run = require_unfinished_run(database, id);
        if (run.has_error()) return run.error();
        database.run("update run set spec = ? where number = ?", spec, run->number);
        return {};
      });
}

Result<void> SqlRunStore::change_weight(const std::string& id, int weight) {
  return transactor_.transact(
      Mode::write, "changing the weight of run " + id, [&](Database& database) -> Result<void> {
        if (auto checked = check_weight(weight); checked.has_error()) return checked;
        auto run = require_unfinished_run(database, id);
        if (run.has_error()) return run.error();
        database.run("update run set weight = ? where number = ?", weight, run->number);
        return {};
      });
}

}  // namespace dth::state::sql

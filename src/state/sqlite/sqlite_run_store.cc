#include "state/sqlite/sqlite_run_store.h"

#include <algorithm>
#include <limits>

#include "state/sqlite/count_rows.h"
#include "state/sqlite/job_rows.h"
#include "state/sqlite/run_rows.h"

namespace dth::state::sqlite {
namespace {

using Mode = SqliteConnection::Mode;

// The columns that read_run() wants, before the counters.
constexpr std::string_view run_columns =
    "number, id, kind, spec, state, created_at, ended_at, error, cancel_requested, ";
constexpr int run_column_count = 9;

Result<Run> read_run(const Query& query) {
  Run run;
  run.id = query.text(1);
  run.kind = query.text(2);
  run.spec = query.text(3);
  const auto state = parse_run_state(query.text(4));
  if (!state)
    return Error{ErrorCode::data_corrupted,
                 "run " + run.id + " has the unknown state \"" + query.text(4) + "\"",
                 {}};
  run.state = *state;
  run.created_at = query.time(5);
  if (!query.is_null(6)) run.ended_at = query.time(6);
  run.error = query.text(7);
  run.cancel_requested = query.integer(8) != 0;
  run.counts = read_counts(query, run_column_count);
  return run;
}

// A negative limit would mean none.
std::int64_t to_limit(std::size_t count_max) {
  return static_cast<std::int64_t>(
      std::min<std::size_t>(count_max, std::numeric_limits<std::int32_t>::max()));
}

Error is_over_error(const std::string& run, RunState state) {
  return {
      ErrorCode::precondition_failed,
      "run " + run + " is over (" + std::string(to_string(state)) + "): start a new one instead",
      {}};
}

Result<std::vector<Run>> read_runs(Database& database, Query& query) {
  std::vector<Run> runs;
  while (query.next()) {
    auto run = read_run(query);
    if (run.has_error()) return run.error();
    if (!is_over(run->state)) run->counts += unfolded_counts(database, query.integer(0));
    runs.push_back(std::move(*run));
  }
  return runs;
}

// Failures, segments and open uploads stay: for people, for the ledger's manifest, for the aborts
// still to be made.
void write_end(Database& database, std::int64_t run, RunState as, TimePoint now) {
  fold_counts(database, run);
  database.run(
      "delete from job_group_result where group_id in (select id from job_group where run = ?)",
      run);
  database.run("delete from job_group where run = ?", run);
  database.run("update run set state = ?, ended_at = ? where number = ?", to_string(as), now, run);
}

}  // namespace

Result<void> SqliteRunStore::create_run(const NewRun& run, const std::vector<NewJob>& jobs,
                                        TimePoint now) {
  return connection_.transact(Mode::write, "creating run " + run.id, [&]() -> Result<void> {
    if (run.id.empty())
      return Error{ErrorCode::invalid_argument, "a run needs an id: it is empty", {}};
    if (database_.query("select 1 from run where id = ?", run.id).next()) {
      return Error{ErrorCode::already_exists,
                   "there is a run " + run.id + " already: choose another id",
                   {}};
    }
    database_.run("insert into run (id, kind, spec, state, created_at) values (?, ?, ?, ?, ?)",
                  run.id, run.kind, run.spec, to_string(RunState::queued), now);
    const std::int64_t number = database_.last_insert_id();
    for (const NewJob& job : jobs) {
      if (auto inserted = insert_job(database_, number, job); inserted.has_error())
        return inserted.error();
    }
    return {};
  });
}

Result<Run> SqliteRunStore::find_run(const std::string& id) {
  return connection_.transact(Mode::read, "reading run " + id, [&]() -> Result<Run> {
    static const std::string sql =
        "select " + std::string(run_columns) + counter_columns() + " from run where id = ?";
    Query query = database_.query(sql, id);
    if (!query.next())
      return Error{ErrorCode::not_found, "there is no run " + id + " in " + database_.path(), {}};
    auto run = read_run(query);
    if (run.has_value()) run->counts += unfolded_counts(database_, query.integer(0));
    return run;
  });
}

Result<std::vector<Run>> SqliteRunStore::list_runs(std::size_t count_max) {
  return connection_.transact(Mode::read, "listing the runs", [&]() -> Result<std::vector<Run>> {
    static const std::string sql = "select " + std::string(run_columns) + counter_columns() +
                                   " from run order by number desc limit ?";
    Query query = database_.query(sql, to_limit(count_max));
    return read_runs(database_, query);
  });
}

Result<std::vector<Run>> SqliteRunStore::list_runs_after(const std::string& id,
                                                         std::size_t count_max) {
  return connection_.transact(
      Mode::read, "listing the runs after " + id, [&]() -> Result<std::vector<Run>> {
        auto run = require_run(database_, id);
        if (run.has_error()) return run.error();
        static const std::string sql = "select " + std::string(run_columns) + counter_columns() +
                                       " from run where number < ? order by number desc limit ?";
        Query query = database_.query(sql, run->number, to_limit(count_max));
        return read_runs(database_, query);
      });
}

Result<std::vector<Run>> SqliteRunStore::unfinished_runs(std::size_t count_max) {
  return connection_.transact(Mode::read, "looking for unfinished runs",
                              [&]() -> Result<std::vector<Run>> {
                                static const std::string sql =
                                    "select " + std::string(run_columns) + counter_columns() +
                                    " from run where ended_at is null order by number desc limit ?";
                                Query query = database_.query(sql, to_limit(count_max));
                                return read_runs(database_, query);
                              });
}

Result<Progress> SqliteRunStore::progress(const std::string& id) {
  return connection_.transact(
      Mode::read, "reading the progress of run " + id, [&]() -> Result<Progress> {
        static const std::string sql =
            "select " + std::string(run_columns) + counter_columns() + " from run where id = ?";
        Query query = database_.query(sql, id);
        if (!query.next())
          return Error{
              ErrorCode::not_found, "there is no run " + id + " in " + database_.path(), {}};
        auto run = read_run(query);
        if (run.has_error()) return run.error();
        const std::int64_t number = query.integer(0);
        Progress progress{std::move(*run), {}};
        progress.run.counts += unfolded_counts(database_, number);
        Query kinds = database_.query(
            "select kind, count(*), sum(items) from job where run = ? group by kind order by kind",
            number);
        while (kinds.next()) {
          progress.backlog.emplace_back(
              kinds.text(0), Backlog{.jobs = kinds.integer(1), .items = kinds.integer(2)});
        }
        return progress;
      });
}

Result<void> SqliteRunStore::set_run_state(const std::string& id, RunState state) {
  return connection_.transact(
      Mode::write, "changing the state of run " + id, [&]() -> Result<void> {
        if (is_over(state)) {
          return Error{ErrorCode::invalid_argument,
                       "run " + id + " cannot be set to " + std::string(to_string(state)) +
                           ": runs end by being drained or abandoned",
                       {}};
        }
        auto run = require_run(database_, id);
        if (run.has_error()) return run.error();
        if (is_over(run->state)) return is_over_error(id, run->state);
        database_.run("update run set state = ? where number = ?", to_string(state), run->number);
        return {};
      });
}

Result<void> SqliteRunStore::request_cancel(const std::string& id, TimePoint) {
  return connection_.transact(Mode::write, "cancelling run " + id, [&]() -> Result<void> {
    auto run = require_run(database_, id);
    if (run.has_error()) return run.error();
    if (is_over(run->state)) return is_over_error(id, run->state);
    database_.run("update run set cancel_requested = 1 where number = ?", run->number);
    return {};
  });
}

Result<void> SqliteRunStore::withdraw_cancel(const std::string& id) {
  return connection_.transact(Mode::write, "resuming run " + id, [&]() -> Result<void> {
    auto run = require_run(database_, id);
    if (run.has_error()) return run.error();
    if (is_over(run->state)) return is_over_error(id, run->state);
    database_.run("update run set cancel_requested = 0 where number = ?", run->number);
    return {};
  });
}

Result<bool> SqliteRunStore::end_run_if_drained(const std::string& id, TimePoint now) {
  return connection_.transact(Mode::write, "ending run " + id, [&]() -> Result<bool> {
    auto run = require_run(database_, id);
    if (run.has_error()) return run.error();
    if (is_over(run->state)) return true;
    if (database_.query("select 1 from job where run = ? limit 1", run->number).next())
      return false;
    // A group goes with its continuation, so one that is left still has work to come.
    if (database_.query("select 1 from job_group where run = ? limit 1", run->number).next())
      return false;
    fold_counts(database_, run->number);
    bool has_error = false, has_failures = false;
    if (Query query = database_.query("select error <> '', failed > 0 or exists (select 1 from "
                                      "upload where upload.run = run.number and left_open <> '') "
                                      "from run where number = ?",
                                      run->number);
        query.next()) {
      has_error = query.integer(0) != 0;
      has_failures = query.integer(1) != 0;
    }
    write_end(database_, run->number,
              has_error      ? RunState::failed
              : has_failures ? RunState::completed_with_failures
                             : RunState::succeeded,
              now);
    return true;
  });
}

Result<bool> SqliteRunStore::abandon_run(const std::string& id, RunState as, TimePoint now) {
  return connection_.transact(Mode::write, "abandoning run " + id, [&]() -> Result<bool> {
    if (as != RunState::cancelled && as != RunState::failed) {
      return Error{ErrorCode::invalid_argument,
                   "run " + id + " cannot be abandoned as " + std::string(to_string(as)) +
                       ": only as cancelled or failed",
                   {}};
    }
    auto run = require_run(database_, id);
    if (run.has_error()) return run.error();
    if (is_over(run->state)) return true;
    database_.run("delete from job where run = ? and (state = 0 or lease_until < ?)", run->number,
                  now);
    if (database_.query("select 1 from job where run = ? limit 1", run->number).next())
      return false;
    write_end(database_, run->number, as, now);
    return true;
  });
}

Result<void> SqliteRunStore::pause(const std::string&) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

Result<void> SqliteRunStore::resume(const std::string&) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

Result<void> SqliteRunStore::wait(const std::string&, const Waiting&) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

Result<void> SqliteRunStore::place(const std::string&, const Placement&, const Placement&) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

Result<Run> SqliteRunStore::ending_run(const Lease&, TimePoint) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

Result<void> SqliteRunStore::end_run(const Lease&, TimePoint) {
  return Error{ErrorCode::unsupported, "not yet", {}};
}

}  // namespace dth::state::sqlite

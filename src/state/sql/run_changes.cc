#include "state/sql/run_changes.h"

#include "state/sql/job_rows.h"

namespace dth::state::sql {
// What it waited for stays in the row: it may have to wait for that again (first_wait()).
void set_run_state(Database& database, std::int64_t run, RunState state) {
  database.run("update run set state = ? where number = ?", to_string(state), run);
}

void pause_run(Database& database, const RunRow& run) {
  if (run.state == RunState::paused) return;
  set_run_state(database, run.number, RunState::paused);
  database.announce_work(Database::Announce::now);
}

void resume_run(Database& database, const RunRow& run) {
  if (run.state != RunState::paused && run.state != RunState::waiting) return;
  database.run("update run set state = ?, epoch = epoch + 1 where number = ?",
               to_string(RunState::running), run.number);
  database.announce_work(Database::Announce::now);
}

void cancel_run(Database& database, const RunRow& run, TimePoint now) {
  database.run("update run set cancel_requested = 1 where number = ?", run.number);
  drop_free_jobs(database, run.number, now);
  database.announce_work(Database::Announce::now);
}

}  // namespace dth::state::sql

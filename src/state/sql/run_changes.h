#pragma once

#include "state/sql/run_rows.h"

// How people steer runs: parts of transactions. Those who wait for work are told of it.
namespace dth::state::sql {

void set_run_state(Database& database, std::int64_t run, RunState state);

// Of a run that is not over, was not cancelled, and whose row is locked. Nothing is changed where
// it is as it shall be.
void pause_run(Database& database, const RunRow& run);
void resume_run(Database& database, const RunRow& run);
// The same, and `now` is the database's time.
void cancel_run(Database& database, const RunRow& run, TimePoint now);

}  // namespace dth::state::sql

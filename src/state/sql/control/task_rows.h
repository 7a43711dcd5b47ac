#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/control/task_store.h"
#include "state/sql/database.h"

// Rows of tasks: parts of transactions.
namespace dth::state::sql {

// "select ... from task", in the order that read_task() wants.
extern const std::string_view select_tasks;
Result<StoredTask> read_task(const Query& query);
Result<std::vector<StoredTask>> read_tasks(Query query);

// A run of the task begins: its number among them. Nothing where the task is gone.
std::optional<std::int64_t> next_run_number(Database& database, const std::string& task);

// Locks the task of the run that is about to end. Transactions that lock rows of both do it in this
// order.
void lock_task_of(Database& database, const Lease& close);
// The run is over.
void note_result(Database& database, std::int64_t run, RunState result);

}  // namespace dth::state::sql

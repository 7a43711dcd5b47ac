#include "state/sql/control/task_tables.h"

#include <array>

namespace dth::state::sql {
namespace {

using enum ColumnType;

// task.state: to_string(TaskState). task.last_result: to_string(RunState) of the newest run that is
// over, empty where none is: end_run() keeps it.
constexpr const char* task_sqlite = R"sql(
create table task (
  id text primary key,
  name text not null,
  description text not null,
  labels text not null,
  kind text not null,
  action text not null,
  source_endpoint text not null,
  source_path text not null,
  destination_endpoint text not null,
  destination_path text not null,
  options text not null,
  schedule text not null,
  state text not null,
  next_run_at integer,
  looked_at integer not null,
  start_pending integer not null,
  problem text not null,
  run_count integer not null,
  last_result text not null,
  created_at integer not null,
  created_by text not null,
  updated_at integer not null,
  updated_by text not null,
  paused_at integer,
  paused_by text not null,
  revision integer not null,
  turn integer not null
);
create unique index task_by_name on task (name) where state <> 'archived';
create index task_in_order on task (name, id);
create index task_by_next_run on task (coalesce(next_run_at, 9223372036854775807), id);
create index task_by_update on task (updated_at, id);
create index task_by_creation on task (created_at, id);
create index task_due on task (next_run_at) where state = 'ready' and next_run_at is not null;
create index task_pending on task (id) where start_pending = 1;
create index task_by_source on task (source_endpoint);
create index task_by_destination on task (destination_endpoint);
)sql";

constexpr const char* task_postgres = R"sql(
create table task (
  id text primary key,
  name text collate "C" not null,
  description text not null,
  labels text not null,
  kind text not null,
  action text not null,
  source_endpoint text not null,
  source_path text not null,
  destination_endpoint text not null,
  destination_path text not null,
  options text not null,
  schedule text not null,
  state text not null,
  next_run_at bigint,
  looked_at bigint not null,
  start_pending bigint not null,
  problem text not null,
  run_count bigint not null,
  last_result text not null,
  created_at bigint not null,
  created_by text not null,
  updated_at bigint not null,
  updated_by text not null,
  paused_at bigint,
  paused_by text not null,
  revision bigint not null,
  turn bigint not null
);
create unique index task_by_name on task (name) where state <> 'archived';
create index task_in_order on task (name, id);
create index task_by_next_run on task (coalesce(next_run_at, 9223372036854775807), id);
create index task_by_update on task (updated_at, id);
create index task_by_creation on task (created_at, id);
create index task_due on task (next_run_at) where state = 'ready' and next_run_at is not null;
create index task_pending on task (id) where start_pending = 1;
create index task_by_source on task (source_endpoint);
create index task_by_destination on task (destination_endpoint);
)sql";

constexpr std::array columns_of_task = {
    Column{"id", text},
    Column{"name", text},
    Column{"description", text},
    Column{"labels", text},
    Column{"kind", text},
    Column{"action", text},
    Column{"source_endpoint", text},
    Column{"source_path", text},
    Column{"destination_endpoint", text},
    Column{"destination_path", text},
    Column{"options", text},
    Column{"schedule", text},
    Column{"state", text},
    Column{"next_run_at", number_or_null},
    Column{"looked_at", number},
    Column{"start_pending", number},
    Column{"problem", text},
    Column{"run_count", number},
    Column{"last_result", text},
    Column{"created_at", number},
    Column{"created_by", text},
    Column{"updated_at", number},
    Column{"updated_by", text},
    Column{"paused_at", number_or_null},
    Column{"paused_by", text},
    Column{"revision", number},
    Column{"turn", number},
};
constexpr std::array archived_tasks = {Table{"task", "", columns_of_task}};

}  // namespace

const SchemaPart& task_tables() {
  static constexpr SchemaPart part = {
      .sqlite = task_sqlite, .postgres = task_postgres, .archived = archived_tasks};
  return part;
}

}  // namespace dth::state::sql

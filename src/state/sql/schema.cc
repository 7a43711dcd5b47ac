#include "state/sql/schema.h"

#include <array>
#include <string>

#include "state/sql/control/audit_tables.h"
#include "state/sql/control/credential_tables.h"
#include "state/sql/control/endpoint_tables.h"
#include "state/sql/control/idempotency_tables.h"
#include "state/sql/control/identity_tables.h"
#include "state/sql/control/lease_tables.h"
#include "state/sql/control/run_point_tables.h"
#include "state/sql/control/task_tables.h"
#include "state/sql/deletion_tables.h"

namespace dth::state::sql {
namespace {

// The schema of the first release. Its number is 15: builds before it, which nobody was given, made
// 1 to 14. The tables of the hub's roles follow it: schema_parts(). Ids are never used twice
// (autoincrement), so a lease of a job that is gone fits no later job. Times are microseconds since
// 1970, UTC. Whatever may hold any byte is a blob.
//
// job.state: 0 ready, 1 leased. job.continues: the job is its group's continuation, not a member of
// it. job_by_claim covers both the order of claims and the sums of the backlog, job_held what a
// claim asks of the leases. job.created_at serves metrics only, and is the database's time.
// worker.kind: to_string(WorkerKind). worker.labels: a JSON array. worker.boot: the id of the start
// of its kernel. run_count.counts: a JSON object of numbers. failure_group counts all failures,
// failure keeps the first ones. failure_by_key has the beginnings of keys, because an entry of an
// index has to be short.
//
// PostgreSQL, where several write at a time: no row refers to the row of its run in a way that the
// database checks, which locks that row, and those who lock it would wait for each other. run_count
// has a row for each connection that counts; commit_mark tells what the last transaction of a
// connection was that was committed.
constexpr const char* sqlite_runs = R"sql(
create table meta (name text primary key, value text not null) without rowid;
insert into meta (name, value) values ('product', 'dth');

create table run (
  number integer primary key autoincrement,
  id text not null unique,
  kind text not null,
  state text not null,
  weight integer not null default 1,
  placement text not null default 'anybody',
  placement_name text not null default '',
  waiting_for text not null default '',
  waiting_text text not null default '',
  waiting_since integer not null default 0,
  waiting_until integer not null default 0,
  cancel_requested integer not null default 0,
  created_at integer not null,
  ended_at integer,
  error text not null default '',
  epoch integer not null default 0,
  identity text not null default '',
  action text not null default '',
  source text not null default '',
  destination text not null default '',
  trigger_kind text not null default 'command_line',
  triggered_by text not null default '',
  task text not null default '',
  task_number integer not null default 0,
  spec text not null
);
create unique index run_by_identity on run (identity)
  where identity <> '' and ended_at is null and cancel_requested = 0;
create index run_by_time on run (created_at desc, number desc);
create index run_live on run (number) where ended_at is null;
create index run_by_work on run (identity, number);
create index run_by_state on run (state, number);
create unique index run_by_task on run (task, task_number) where task <> '';
create index run_open_by_task on run (task) where ended_at is null;
create index run_by_end on run (coalesce(ended_at, 9223372036854775807), number);

create table run_count (
  run integer primary key references run (number),
  counts text not null
);

create table job_group (
  id integer primary key autoincrement,
  run integer not null references run (number),
  remaining integer not null,
  kind text not null,
  payload blob not null,
  items integer not null,
  priority integer not null
);
create index job_group_by_run on job_group (run);

create table job_group_result (
  group_id integer not null references job_group (id),
  job integer not null,
  payload blob not null,
  primary key (group_id, job)
);

create table job (
  id integer primary key autoincrement,
  run integer not null references run (number),
  kind text not null,
  state integer not null default 0,
  priority integer not null,
  items integer not null,
  epoch integer not null default 0,
  attempts integer not null default 0,
  not_before integer not null default 0,
  lease_until integer not null default 0,
  worker text not null default '',
  lane integer not null default 0,
  group_id integer,
  continues integer not null default 0,
  created_at integer not null default (strftime('%s', 'now') * 1000000),
  payload blob not null
);
create index job_by_claim on job (run, kind, state, priority desc, id, items);
create index job_held on job (run, kind, worker, lane, lease_until, state) where state = 1;
create unique index job_close on job (run) where kind = 'close';

create table worker (
  id text primary key,
  kind text not null,
  labels text not null,
  claims_anybody integer not null,
  host text not null,
  boot text not null,
  pid integer not null,
  version text not null,
  started_at integer not null,
  heartbeat_at integer not null,
  draining integer not null default 0
);

create table segment (
  id integer primary key autoincrement,
  run integer not null references run (number),
  job integer not null,
  file text not null,
  first_byte integer not null,
  length integer not null,
  sha256 text not null,
  items integer not null,
  key_least blob not null,
  key_greatest blob not null
);
create index segment_by_run on segment (run, job, id);

create table failure (
  id integer primary key autoincrement,
  run integer not null references run (number),
  key blob not null,
  version_id blob not null,
  size integer not null,
  code text not null,
  reason text not null,
  message text not null,
  detail text not null,
  attempts integer not null,
  failed_at integer not null,
  step text not null
);
create index failure_by_time on failure (run, failed_at, id);
create index failure_by_group on failure (run, code, reason, step, failed_at, id);
create index failure_by_key on failure (run, substr(key, 1, 1024));

create table failure_group (
  run integer not null references run (number),
  code text not null,
  reason text not null,
  step text not null,
  count integer not null,
  sample_key blob not null,
  primary key (run, code, reason, step)
) without rowid;

create table run_warning (
  id integer primary key autoincrement,
  run integer not null references run (number),
  text text not null,
  unique (run, text)
);

create table upload (
  id integer primary key autoincrement,
  run integer not null references run (number),
  key blob not null,
  plan blob not null,
  upload_id text not null default '',
  job integer not null,
  intended_at integer not null,
  left_open text not null default ''
);
create index upload_by_key on upload (run, key, id);
)sql";

constexpr const char* postgres_runs = R"sql(
create table meta (name text primary key, value text not null);
insert into meta (name, value) values ('product', 'dth');

create table run (
  number bigint generated by default as identity primary key,
  id text not null unique,
  kind text not null,
  state text not null,
  weight bigint not null default 1,
  placement text not null default 'anybody',
  placement_name text not null default '',
  waiting_for text not null default '',
  waiting_text text not null default '',
  waiting_since bigint not null default 0,
  waiting_until bigint not null default 0,
  cancel_requested bigint not null default 0,
  created_at bigint not null,
  ended_at bigint,
  error text not null default '',
  epoch bigint not null default 0,
  identity text not null default '',
  action text not null default '',
  source text not null default '',
  destination text not null default '',
  trigger_kind text not null default 'command_line',
  triggered_by text not null default '',
  task text not null default '',
  task_number bigint not null default 0,
  spec text not null
);
create unique index run_by_identity on run (identity)
  where identity <> '' and ended_at is null and cancel_requested = 0;
create index run_by_time on run (created_at desc, number desc);
create index run_live on run (number) where ended_at is null;
create index run_by_work on run (identity, number);
create index run_by_state on run (state, number);
create unique index run_by_task on run (task, task_number) where task <> '';
create index run_open_by_task on run (task) where ended_at is null;
create index run_by_end on run (coalesce(ended_at, 9223372036854775807), number);

create table run_count (
  run bigint not null,
  writer text not null default '',
  counts text not null,
  primary key (run, writer)
) with (fillfactor = 50);

create table commit_mark (
  writer text primary key,
  number bigint not null,
  marked_at timestamptz not null default now()
) with (fillfactor = 50);

create table job_group (
  id bigint generated by default as identity primary key,
  run bigint not null,
  remaining bigint not null,
  kind text not null,
  payload bytea not null,
  items bigint not null,
  priority bigint not null
);
create index job_group_by_run on job_group (run);

create table job_group_result (
  group_id bigint not null,
  job bigint not null,
  payload bytea not null,
  primary key (group_id, job)
);

create table job (
  id bigint generated by default as identity primary key,
  run bigint not null,
  kind text not null,
  state bigint not null default 0,
  priority bigint not null,
  items bigint not null,
  epoch bigint not null default 0,
  attempts bigint not null default 0,
  not_before bigint not null default 0,
  lease_until bigint not null default 0,
  worker text not null default '',
  lane bigint not null default 0,
  group_id bigint,
  continues bigint not null default 0,
  created_at bigint not null default (extract(epoch from clock_timestamp()) * 1000000)::bigint,
  payload bytea not null
);
create index job_by_claim on job (run, kind, state, priority desc, id, items);
create index job_held on job (run, kind, worker, lane, lease_until, state) where state = 1;
create unique index job_close on job (run) where kind = 'close';

create table worker (
  id text primary key,
  kind text not null,
  labels text not null,
  claims_anybody bigint not null,
  host text not null,
  boot text not null,
  pid bigint not null,
  version text not null,
  started_at bigint not null,
  heartbeat_at bigint not null,
  draining bigint not null default 0
);

create table segment (
  id bigint generated by default as identity primary key,
  run bigint not null,
  job bigint not null,
  file text not null,
  first_byte bigint not null,
  length bigint not null,
  sha256 text not null,
  items bigint not null,
  key_least bytea not null,
  key_greatest bytea not null
);
create index segment_by_run on segment (run, job, id);

create table failure (
  id bigint generated by default as identity primary key,
  run bigint not null,
  key bytea not null,
  version_id bytea not null,
  size bigint not null,
  code text not null,
  reason text not null,
  message text not null,
  detail text not null,
  attempts bigint not null,
  failed_at bigint not null,
  step text not null
);
create index failure_by_time on failure (run, failed_at, id);
create index failure_by_group on failure (run, code, reason, step, failed_at, id);
create index failure_by_key on failure (run, substr(key, 1, 1024));

create table failure_group (
  run bigint not null,
  code text not null,
  reason text not null,
  step text not null,
  count bigint not null,
  sample_key bytea not null,
  primary key (run, code, reason, step)
);

create table run_warning (
  id bigint generated by default as identity primary key,
  run bigint not null,
  text text not null,
  unique (run, text)
);

create table upload (
  id bigint generated by default as identity primary key,
  run bigint not null,
  key bytea not null,
  plan bytea not null,
  upload_id text not null default '',
  job bigint not null,
  intended_at bigint not null,
  left_open text not null default ''
);
create index upload_by_key on upload (run, key, id);
)sql";

constexpr std::int64_t first_version = 15;

std::string strung_together(const char* runs, const char* SchemaPart::*engine) {
  std::string script = runs;
  for (const SchemaPart* part : schema_parts()) script += part->*engine;
  return script;
}

}  // namespace

std::span<const SchemaPart* const> schema_parts() {
  static const std::array parts = {&audit_tables(),     &credential_tables(), &endpoint_tables(),
                                   &identity_tables(),  &lease_tables(),      &idempotency_tables(),
                                   &run_point_tables(), &deletion_tables(),   &task_tables()};
  return parts;
}

const Migrations& sqlite_migrations() {
  static const std::string script = strung_together(sqlite_runs, &SchemaPart::sqlite);
  static const std::array scripts = {script.c_str()};
  static const Migrations all = {.first = first_version, .scripts = scripts};
  return all;
}

const Migrations& postgres_migrations() {
  static const std::string script = strung_together(postgres_runs, &SchemaPart::postgres);
  static const std::array scripts = {script.c_str()};
  static const Migrations all = {.first = first_version, .scripts = scripts};
  return all;
}

}  // namespace dth::state::sql

#include "state/sqlite/migrations.h"

#include <array>

namespace dth::state::sqlite {
namespace {

// The schema of the first release. Its number is 10: builds before it, which nobody was given, made
// 1 to 9 and other forms of jobs. Ids are never used twice (autoincrement), so a lease of a job
// that is gone fits no later job. Times are microseconds since 1970, UTC. Whatever may hold any
// byte is a blob.
//
// job.state: 0 ready, 1 leased. job.continues: the job is its group's continuation, not a member of
// it. job_by_claim covers both the order of claims and the sums of the backlog, job_held what a
// claim asks of the leases. worker.labels: a JSON array. worker.boot: the id of the start of its
// kernel. run_count.counts: a JSON object of numbers. failure_group counts all
// failures, failure keeps the first ones.
constexpr const char* schema_10 = R"sql(
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
  spec text not null
);
create unique index run_by_identity on run (identity)
  where identity <> '' and ended_at is null and cancel_requested = 0;
create index run_by_time on run (created_at desc, number desc);
create index run_live on run (number) where ended_at is null;

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
  payload blob not null
);
create index job_by_claim on job (run, kind, state, priority desc, id, items);
create index job_held on job (run, kind, worker, lane, lease_until, state) where state = 1;
create unique index job_close on job (run) where kind = 'close';

create table worker (
  id text primary key,
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

constexpr std::array scripts = {schema_10};

Error not_ours(const Database& database) {
  return {ErrorCode::data_corrupted,
          "the database " + database.name() +
              " belongs to another program: give another path for the state",
          {}};
}

Error too_new(const Database& database, std::int64_t version, std::int64_t newest) {
  return {ErrorCode::unsupported,
          "the state " + database.name() + " was made by a newer version of dth (schema " +
              std::to_string(version) + "; this version knows " + std::to_string(newest) +
              " at most): use that version, or give another state file",
          {}};
}

Error too_old(const Database& database, std::int64_t version, std::int64_t oldest) {
  return {ErrorCode::unsupported,
          "the state " + database.name() +
              " cannot be opened: an unreleased earlier build of dth made it (schema " +
              std::to_string(version) + "; this version reads " + std::to_string(oldest) +
              " and later). Move it away, with its -wal file if there is one, or give another "
              "state file. A new run skips the objects that were copied already",
          {}};
}

}  // namespace

const Migrations& migrations() {
  static constexpr Migrations all = {.first = 10, .scripts = scripts};
  return all;
}

Result<std::int64_t> read_schema_version(Database& database, const Migrations& known) {
  std::int64_t tables = 0, meta_tables = 0, version = 0;
  if (Query query = database.query("select count(*), coalesce(sum(name = 'meta'), 0) from "
                                   "sqlite_master where type = 'table'");
      query.next()) {
    tables = query.integer(0);
    meta_tables = query.integer(1);
  }
  if (auto error = database.take_error()) return *error;
  if (tables == 0) return 0;
  if (meta_tables == 0) return not_ours(database);
  if (Query query = database.query(
          "select v.value from meta v, meta p where v.name = 'schema_version' and p.name = "
          "'product' and p.value = 'dth'");
      query.next()) {
    version = query.integer(0);
  }
  // Another program's table of that name need not have these columns.
  if (auto error = database.take_error())
    return error->code == ErrorCode::internal ? not_ours(database) : *error;
  if (version < 1) return not_ours(database);
  if (version < known.first) return too_old(database, version, known.first);
  if (version > known.newest()) return too_new(database, version, known.newest());
  return version;
}

Result<void> migrate(Database& database, const Migrations& known) {
  database.run("begin exclusive");
  auto version = read_schema_version(database, known);
  if (version.has_error()) {
    database.rollback();
    return version.error();
  }
  for (std::int64_t next = *version == 0 ? known.first : *version + 1; next <= known.newest();
       ++next) {
    database.run_script(known.scripts[static_cast<std::size_t>(next - known.first)]);
    database.run("insert or replace into meta (name, value) values ('schema_version', ?)", next);
  }
  database.run("commit");
  auto error = database.take_error();
  database.rollback();
  if (error) return std::move(*error).with_context("bringing the schema up to date");
  return {};
}

}  // namespace dth::state::sqlite

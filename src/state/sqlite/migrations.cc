#include "state/sqlite/migrations.h"

#include <array>

namespace dth::state::sqlite {
namespace {

// Version 1. Ids are never used twice (autoincrement), so a lease of a job that is gone fits no
// later job. Times are microseconds since 1970, UTC. Whatever may hold any byte is a blob.
//
// job.state: 0 ready, 1 leased. job.continues: the job is its group's continuation, not a member of
// it. job_by_claim covers both the order of claims and the sums of the backlog.
constexpr const char* migration_1 = R"sql(
create table meta (name text primary key, value text not null) without rowid;
insert into meta (name, value) values ('product', 'dth'), ('schema_version', '1');

create table run (
  number integer primary key autoincrement,
  id text not null unique,
  kind text not null,
  spec text not null,
  state text not null,
  created_at integer not null,
  ended_at integer,
  error text not null default '',
  cancel_requested integer not null default 0,
  scanned integer not null default 0,
  selected integer not null default 0,
  copied integer not null default 0,
  skipped integer not null default 0,
  vanished integer not null default 0,
  failed integer not null default 0,
  deleted integer not null default 0,
  bytes integer not null default 0,
  proof_declared integer not null default 0,
  proof_computed integer not null default 0,
  proof_recomputed integer not null default 0,
  proof_read_back integer not null default 0,
  proof_none integer not null default 0,
  requests_get integer not null default 0,
  requests_put integer not null default 0,
  requests_list integer not null default 0,
  requests_head integer not null default 0,
  requests_delete integer not null default 0,
  requests_other integer not null default 0,
  retries integer not null default 0
);
create index run_by_time on run (created_at desc, number desc);
create index run_live on run (number) where ended_at is null;

create table count_delta (
  id integer primary key autoincrement,
  run integer not null references run (number),
  scanned integer not null,
  selected integer not null,
  copied integer not null,
  skipped integer not null,
  vanished integer not null,
  failed integer not null,
  deleted integer not null,
  bytes integer not null,
  proof_declared integer not null,
  proof_computed integer not null,
  proof_recomputed integer not null,
  proof_read_back integer not null,
  proof_none integer not null,
  requests_get integer not null,
  requests_put integer not null,
  requests_list integer not null,
  requests_head integer not null,
  requests_delete integer not null,
  requests_other integer not null,
  retries integer not null
);
create index count_delta_by_run on count_delta (run);

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
  group_id integer,
  continues integer not null default 0,
  payload blob not null
);
create index job_by_claim on job (run, kind, state, priority desc, id, items);
create index job_by_lease on job (lease_until) where state = 1;

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
  message text not null,
  detail text not null,
  attempts integer not null,
  failed_at integer not null
);
create index failure_by_time on failure (run, failed_at, id);

create table upload (
  id integer primary key autoincrement,
  run integer not null references run (number),
  key blob not null,
  plan blob not null,
  upload_id text not null default '',
  job integer not null,
  intended_at integer not null
);
create index upload_by_key on upload (run, key, id);
)sql";

// Version 2: what mirroring and verifying count.
constexpr const char* migration_2 = R"sql(
alter table run add column extra integer not null default 0;
alter table run add column verified integer not null default 0;
alter table run add column unproved integer not null default 0;
alter table run add column differing integer not null default 0;
alter table run add column missing integer not null default 0;
alter table count_delta add column extra integer not null default 0;
alter table count_delta add column verified integer not null default 0;
alter table count_delta add column unproved integer not null default 0;
alter table count_delta add column differing integer not null default 0;
alter table count_delta add column missing integer not null default 0;
update meta set value = '2' where name = 'schema_version';
)sql";

// Version 3: uploads that could not be aborted; which step of an item failed.
constexpr const char* migration_3 = R"sql(
alter table upload add column left_open text not null default '';
alter table failure add column step text not null default '';
update meta set value = '3' where name = 'schema_version';
)sql";

// Version 4: a kind of proof for verifications.
constexpr const char* migration_4 = R"sql(
alter table run add column proof_equal_etags integer not null default 0;
alter table count_delta add column proof_equal_etags integer not null default 0;
update meta set value = '4' where name = 'schema_version';
)sql";

// Version 5: what a user has to know of a run as a whole; looks at what a store kept.
constexpr const char* migration_5 = R"sql(
create table run_warning (
  id integer primary key autoincrement,
  run integer not null references run (number),
  text text not null,
  unique (run, text)
);
alter table run add column requests_look integer not null default 0;
alter table count_delta add column requests_look integer not null default 0;
update meta set value = '5' where name = 'schema_version';
)sql";

// Version 6: the words of what a run counts; what is archived and left alone has a count of its
// own.
constexpr const char* migration_6 = R"sql(
alter table run rename column skipped to unchanged;
alter table run rename column vanished to deleted_at_source;
alter table run rename column verified to matched;
alter table run rename column unproved to undetermined;
alter table run rename column differing to differs;
alter table run rename column proof_declared to proof_source_checksum;
alter table run rename column proof_computed to proof_transit_checksum;
alter table run rename column proof_recomputed to proof_recomputed_etag;
alter table run add column skipped integer not null default 0;
alter table count_delta rename column skipped to unchanged;
alter table count_delta rename column vanished to deleted_at_source;
alter table count_delta rename column verified to matched;
alter table count_delta rename column unproved to undetermined;
alter table count_delta rename column differing to differs;
alter table count_delta rename column proof_declared to proof_source_checksum;
alter table count_delta rename column proof_computed to proof_transit_checksum;
alter table count_delta rename column proof_recomputed to proof_recomputed_etag;
alter table count_delta add column skipped integer not null default 0;
update meta set value = '6' where name = 'schema_version';
)sql";

// The n-th brings version n - 1 to n, and writes n into meta.
constexpr std::array migrations = {migration_1, migration_2, migration_3,
                                   migration_4, migration_5, migration_6};

Error not_ours(const Database& database) {
  return {ErrorCode::data_corrupted,
          "the database " + database.path() +
              " belongs to another program: give another path for the state",
          {}};
}

}  // namespace

std::int64_t schema_version() { return static_cast<std::int64_t>(migrations.size()); }

Result<std::int64_t> read_schema_version(Database& database) {
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
  if (version > schema_version()) {
    return Error{ErrorCode::unsupported,
                 "the state " + database.path() + " was made by a newer version of dth (schema " +
                     std::to_string(version) + "; this version knows " +
                     std::to_string(schema_version()) +
                     " at most): use that version, or give another state file",
                 {}};
  }
  return version;
}

Result<void> migrate(Database& database) {
  database.run("begin exclusive");
  auto version = read_schema_version(database);
  if (version.has_error()) {
    database.rollback();
    return version.error();
  }
  for (auto next = static_cast<std::size_t>(*version); next < migrations.size(); ++next) {
    database.run_script(migrations[next]);
  }
  database.run("commit");
  auto error = database.take_error();
  database.rollback();
  if (error) return std::move(*error).with_context("bringing the schema up to date");
  return {};
}

}  // namespace dth::state::sqlite

#include "state/sql/control/run_point_tables.h"

namespace dth::state::sql {
namespace {

// width: of the step, in seconds. Backups leave it out: it is for charts, and no run depends on it.
constexpr const char* sqlite_points = R"sql(
create table run_point (
  run integer not null references run (number),
  width integer not null,
  at integer not null,
  bytes integer not null,
  items integer not null,
  retries integer not null,
  failures integer not null,
  primary key (run, width, at)
) without rowid;
create index run_point_by_age on run_point (width, at);
)sql";

constexpr const char* postgres_points = R"sql(
create table run_point (
  run bigint not null,
  width bigint not null,
  at bigint not null,
  bytes bigint not null,
  items bigint not null,
  retries bigint not null,
  failures bigint not null,
  primary key (run, width, at)
);
create index run_point_by_age on run_point (width, at);
)sql";

}  // namespace

const SchemaPart& run_point_tables() {
  static constexpr SchemaPart part = {
      .sqlite = sqlite_points, .postgres = postgres_points, .archived = {}};
  return part;
}

}  // namespace dth::state::sql

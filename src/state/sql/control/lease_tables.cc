#include "state/sql/control/lease_tables.h"

namespace dth::state::sql {
namespace {

constexpr const char* lease_sqlite = R"sql(
create table hub_lease (
  name text primary key,
  holder text not null,
  epoch integer not null,
  held_until integer not null
) without rowid;
)sql";

constexpr const char* lease_postgres = R"sql(
create table hub_lease (
  name text primary key,
  holder text not null,
  epoch bigint not null,
  held_until bigint not null
);
)sql";

}  // namespace

const SchemaPart& lease_tables() {
  static constexpr SchemaPart part = {
      .sqlite = lease_sqlite, .postgres = lease_postgres, .archived = {}};
  return part;
}

}  // namespace dth::state::sql

#include "state/sql/control/endpoint_tables.h"

#include <array>

namespace dth::state::sql {
namespace {

using enum ColumnType;

// labels: a JSON object of texts.
constexpr const char* endpoint_sqlite = R"sql(
create table endpoint (
  id text primary key,
  name text not null unique,
  kind text not null,
  vendor text not null,
  description text not null,
  options text not null,
  credential text not null,
  labels text not null,
  last_test text not null,
  created_at integer not null,
  updated_at integer not null,
  revision integer not null
);
create index endpoint_by_credential on endpoint (credential) where credential <> '';
)sql";

constexpr const char* endpoint_postgres = R"sql(
create table endpoint (
  id text primary key,
  name text collate "C" not null unique,
  kind text not null,
  vendor text not null,
  description text not null,
  options text not null,
  credential text not null,
  labels text not null,
  last_test text not null,
  created_at bigint not null,
  updated_at bigint not null,
  revision bigint not null
);
create index endpoint_by_credential on endpoint (credential) where credential <> '';
)sql";

constexpr std::array columns_of_endpoint = {
    Column{"id", text},           Column{"name", text},         Column{"kind", text},
    Column{"vendor", text},       Column{"description", text},  Column{"options", text},
    Column{"credential", text},   Column{"labels", text},       Column{"last_test", text},
    Column{"created_at", number}, Column{"updated_at", number}, Column{"revision", number},
};
constexpr std::array archived_endpoints = {Table{"endpoint", "", columns_of_endpoint}};

}  // namespace

const SchemaPart& endpoint_tables() {
  static constexpr SchemaPart part = {
      .sqlite = endpoint_sqlite, .postgres = endpoint_postgres, .archived = archived_endpoints};
  return part;
}

}  // namespace dth::state::sql

#include "state/sql/control/credential_tables.h"

#include <array>

namespace dth::state::sql {
namespace {

using enum ColumnType;

// vault_key.is_current: 1 for one row, 0 for those that something may still be sealed with.
constexpr const char* credential_sqlite = R"sql(
create table credential (
  id text primary key,
  name text not null unique,
  kind text not null,
  options text not null,
  base text not null,
  sealed blob not null,
  sealed_with text not null,
  created_at integer not null,
  rotated_at integer not null,
  last_used_at integer,
  expires_at integer,
  revision integer not null
);
create index credential_by_base on credential (base) where base <> '';
create index credential_by_key on credential (sealed_with, id);

create table vault_key (
  id text primary key,
  envelope blob not null,
  is_current integer not null
);
create unique index vault_key_current on vault_key (is_current) where is_current = 1;
)sql";

constexpr const char* credential_postgres = R"sql(
create table credential (
  id text primary key,
  name text collate "C" not null unique,
  kind text not null,
  options text not null,
  base text not null,
  sealed bytea not null,
  sealed_with text not null,
  created_at bigint not null,
  rotated_at bigint not null,
  last_used_at bigint,
  expires_at bigint,
  revision bigint not null
);
create index credential_by_base on credential (base) where base <> '';
create index credential_by_key on credential (sealed_with, id);

create table vault_key (
  id text primary key,
  envelope bytea not null,
  is_current bigint not null
);
create unique index vault_key_current on vault_key (is_current) where is_current = 1;
)sql";

constexpr std::array columns_of_credential = {
    Column{"id", text},
    Column{"name", text},
    Column{"kind", text},
    Column{"options", text},
    Column{"base", text},
    Column{"sealed", bytes},
    Column{"sealed_with", text},
    Column{"created_at", number},
    Column{"rotated_at", number},
    Column{"last_used_at", number_or_null},
    Column{"expires_at", number_or_null},
    Column{"revision", number},
};
constexpr std::array columns_of_vault_key = {
    Column{"id", text},
    Column{"envelope", bytes},
    Column{"is_current", number},
};
constexpr std::array archived_credentials = {
    Table{"vault_key", "", columns_of_vault_key},
    Table{"credential", "", columns_of_credential},
};

}  // namespace

const SchemaPart& credential_tables() {
  static constexpr SchemaPart part = {.sqlite = credential_sqlite,
                                      .postgres = credential_postgres,
                                      .archived = archived_credentials};
  return part;
}

}  // namespace dth::state::sql

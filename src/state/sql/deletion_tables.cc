#include "state/sql/deletion_tables.h"

#include <array>

#include "state/sql/tables.h"

namespace dth::state::sql {
namespace {

// decision: to_string(DeletionDecision); '' while there is none.
constexpr const char* deletion_sqlite = R"sql(
create table planned_deletions (
  run integer primary key references run (number),
  count integer not null,
  destination_count integer not null,
  counted_at integer not null,
  decision text not null default '',
  decided_by text not null default '',
  decided_at integer not null default 0,
  comment text not null default ''
);
create table planned_deletion_key (
  run integer not null references run (number),
  place integer not null,
  key blob not null,
  primary key (run, place)
) without rowid;
)sql";

constexpr const char* deletion_postgres = R"sql(
create table planned_deletions (
  run bigint primary key,
  count bigint not null,
  destination_count bigint not null,
  counted_at bigint not null,
  decision text not null default '',
  decided_by text not null default '',
  decided_at bigint not null default 0,
  comment text not null default ''
);
create table planned_deletion_key (
  run bigint not null,
  place bigint not null,
  key bytea not null,
  primary key (run, place)
);
)sql";

using enum ColumnType;

constexpr std::array columns_of_plan = {
    Column{"run", number},        Column{"count", number},  Column{"destination_count", number},
    Column{"counted_at", number}, Column{"decision", text}, Column{"decided_by", text},
    Column{"decided_at", number}, Column{"comment", text},
};
constexpr std::array columns_of_key = {
    Column{"run", number},
    Column{"place", number},
    Column{"key", bytes},
};
constexpr std::array deletion_table_rows = {
    Table{"planned_deletions", "", columns_of_plan},
    Table{"planned_deletion_key", "", columns_of_key},
};

}  // namespace

const SchemaPart& deletion_tables() {
  static constexpr SchemaPart part = {
      .sqlite = deletion_sqlite, .postgres = deletion_postgres, .archived = deletion_table_rows};
  return part;
}

}  // namespace dth::state::sql

#pragma once

#include <span>
#include <string_view>

namespace dth::state::sql {

enum class ColumnType { number, number_or_null, text, bytes };

struct Column {
  std::string_view name;
  ColumnType type;
};

// A table that an archive holds.
struct Table {
  std::string_view name;
  std::string_view number;  // the column that the database numbers; empty: none
  std::span<const Column> columns;
  std::string_view condition = {};  // of the rows that it holds; empty: all
};

// Those of the runs, and then those of the parts of the schema (schema_parts()), in the order in
// which they can be filled. A new column or table of the schema is to be added there: a test
// compares.
std::span<const Table> archived_tables();

}  // namespace dth::state::sql

#include "state/sql/tables.h"

#include <array>
#include <vector>

#include "state/sql/schema.h"

namespace dth::state::sql {
namespace {

using enum ColumnType;

constexpr std::array columns_of_run = {
    Column{"number", number},
    Column{"id", text},
    Column{"kind", text},
    Column{"state", text},
    Column{"weight", number},
    Column{"placement", text},
    Column{"placement_name", text},
    Column{"waiting_for", text},
    Column{"waiting_text", text},
    Column{"waiting_since", number},
    Column{"waiting_until", number},
    Column{"cancel_requested", number},
    Column{"created_at", number},
    Column{"ended_at", number_or_null},
    Column{"error", text},
    Column{"epoch", number},
    Column{"identity", text},
    Column{"action", text},
    Column{"source", text},
    Column{"destination", text},
    Column{"trigger_kind", text},
    Column{"triggered_by", text},
    Column{"task", text},
    Column{"task_number", number},
    Column{"spec", text},
};
constexpr std::array columns_of_run_count = {
    Column{"run", number},
    Column{"counts", text},
};
constexpr std::array columns_of_job_group = {
    Column{"id", number},       Column{"run", number},    Column{"remaining", number},
    Column{"kind", text},       Column{"payload", bytes}, Column{"items", number},
    Column{"priority", number},
};
constexpr std::array columns_of_job_group_result = {
    Column{"group_id", number},
    Column{"job", number},
    Column{"payload", bytes},
};
constexpr std::array columns_of_job = {
    Column{"id", number},
    Column{"run", number},
    Column{"kind", text},
    Column{"state", number},
    Column{"priority", number},
    Column{"items", number},
    Column{"epoch", number},
    Column{"attempts", number},
    Column{"not_before", number},
    Column{"lease_until", number},
    Column{"worker", text},
    Column{"lane", number},
    Column{"group_id", number_or_null},
    Column{"continues", number},
    Column{"created_at", number},
    Column{"payload", bytes},
};
constexpr std::array columns_of_segment = {
    Column{"id", number},          Column{"run", number},        Column{"job", number},
    Column{"file", text},          Column{"first_byte", number}, Column{"length", number},
    Column{"sha256", text},        Column{"items", number},      Column{"key_least", bytes},
    Column{"key_greatest", bytes},
};
constexpr std::array columns_of_failure = {
    Column{"id", number},        Column{"run", number},       Column{"key", bytes},
    Column{"version_id", bytes}, Column{"size", number},      Column{"code", text},
    Column{"reason", text},      Column{"message", text},     Column{"detail", text},
    Column{"attempts", number},  Column{"failed_at", number}, Column{"step", text},
};
constexpr std::array columns_of_failure_group = {
    Column{"run", number}, Column{"code", text},    Column{"reason", text},
    Column{"step", text},  Column{"count", number}, Column{"sample_key", bytes},
};
constexpr std::array columns_of_run_warning = {
    Column{"id", number},
    Column{"run", number},
    Column{"text", text},
};
constexpr std::array columns_of_upload = {
    Column{"id", number},          Column{"run", number},     Column{"key", bytes},
    Column{"plan", bytes},         Column{"upload_id", text}, Column{"job", number},
    Column{"intended_at", number}, Column{"left_open", text},
};

constexpr std::array run_tables = {
    Table{"run", "number", columns_of_run},
    Table{"run_count", "", columns_of_run_count},
    Table{"job_group", "id", columns_of_job_group},
    // Engines with foreign keys take no others.
    Table{"job_group_result", "", columns_of_job_group_result,
          "group_id in (select id from job_group)"},
    Table{"job", "id", columns_of_job},
    Table{"segment", "id", columns_of_segment},
    Table{"failure", "id", columns_of_failure},
    Table{"failure_group", "", columns_of_failure_group},
    Table{"run_warning", "id", columns_of_run_warning},
    Table{"upload", "id", columns_of_upload},
};

}  // namespace

std::span<const Table> archived_tables() {
  static const std::vector<Table> all = [] {
    std::vector<Table> tables(run_tables.begin(), run_tables.end());
    for (const SchemaPart* part : schema_parts())
      tables.insert(tables.end(), part->archived.begin(), part->archived.end());
    return tables;
  }();
  return all;
}

}  // namespace dth::state::sql

#include "state/sql/tables.h"

#include <array>

namespace dth::state::sql {
namespace {

using enum ColumnType;

constexpr std::array run_columns = {
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
    Column{"spec", text},
};
constexpr std::array run_count_columns = {
    Column{"run", number},
    Column{"counts", text},
};
constexpr std::array job_group_columns = {
    Column{"id", number},       Column{"run", number},    Column{"remaining", number},
    Column{"kind", text},       Column{"payload", bytes}, Column{"items", number},
    Column{"priority", number},
};
constexpr std::array job_group_result_columns = {
    Column{"group_id", number},
    Column{"job", number},
    Column{"payload", bytes},
};
constexpr std::array job_columns = {
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
    Column{"payload", bytes},
};
constexpr std::array segment_columns = {
    Column{"id", number},          Column{"run", number},        Column{"job", number},
    Column{"file", text},          Column{"first_byte", number}, Column{"length", number},
    Column{"sha256", text},        Column{"items", number},      Column{"key_least", bytes},
    Column{"key_greatest", bytes},
};
constexpr std::array failure_columns = {
    Column{"id", number},        Column{"run", number},       Column{"key", bytes},
    Column{"version_id", bytes}, Column{"size", number},      Column{"code", text},
    Column{"reason", text},      Column{"message", text},     Column{"detail", text},
    Column{"attempts", number},  Column{"failed_at", number}, Column{"step", text},
};
constexpr std::array failure_group_columns = {
    Column{"run", number}, Column{"code", text},    Column{"reason", text},
    Column{"step", text},  Column{"count", number}, Column{"sample_key", bytes},
};
constexpr std::array run_warning_columns = {
    Column{"id", number},
    Column{"run", number},
    Column{"text", text},
};
constexpr std::array upload_columns = {
    Column{"id", number},          Column{"run", number},     Column{"key", bytes},
    Column{"plan", bytes},         Column{"upload_id", text}, Column{"job", number},
    Column{"intended_at", number}, Column{"left_open", text},
};

constexpr std::array tables = {
    Table{"run", "number", run_columns},
    Table{"run_count", "", run_count_columns},
    Table{"job_group", "id", job_group_columns},
    Table{"job_group_result", "", job_group_result_columns},
    Table{"job", "id", job_columns},
    Table{"segment", "id", segment_columns},
    Table{"failure", "id", failure_columns},
    Table{"failure_group", "", failure_group_columns},
    Table{"run_warning", "id", run_warning_columns},
    Table{"upload", "id", upload_columns},
};

}  // namespace

std::span<const Table> archived_tables() { return tables; }

}  // namespace dth::state::sql

#pragma once

#include <string_view>

#include "state/record.h"
#include "state/sql/database.h"

namespace dth::state::sql {

// To be followed by conditions. The last column is the row's id.
inline constexpr std::string_view select_failures =
    "select key, version_id, size, code, message, detail, attempts, failed_at, step, reason, id "
    "from failure";

// The failure in the current row.
inline Failure read_failure(const Query& query) {
  return {.key = query.text(0),
          .version_id = query.text(1),
          .size = static_cast<std::uint64_t>(query.integer(2)),
          .code = query.text(3),
          .reason = query.text(9),
          .message = query.text(4),
          .detail = query.text(5),
          .attempts = static_cast<int>(query.integer(6)),
          .at = query.time(7),
          .step = query.text(8)};
}

}  // namespace dth::state::sql

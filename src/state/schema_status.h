#pragma once

#include <cstdint>

namespace dth::state {

// Which version of the schema a database has; both engines count alike.
struct SchemaStatus {
  std::int64_t version = 0;  // 0: it is empty
  std::int64_t newest = 0;   // that this program makes
};

}  // namespace dth::state

#pragma once

#include <cstdint>

#include "base/error.h"
#include "objects/requests.h"
#include "objects/store_limits.h"

namespace dth::object_copy {

// How an object is cut: all parts of one size but the last.
struct PartPlan {
  std::uint64_t object_size_bytes = 0;
  std::uint64_t part_size_bytes = 0;
  std::uint32_t part_count = 0;

  objects::ByteRange range(std::uint32_t part_number) const;  // part_number from 1 to part_count
};

// A plan within the limits, with parts of `part_size_wanted` bytes, or of 16 MiB and more where
// that is 0 (whole MiB, so few that there is room below part_count_max). invalid_argument where the
// object or the wish does not fit the limits.
Result<PartPlan> plan_parts(std::uint64_t object_size_bytes, std::uint64_t part_size_wanted,
                            const objects::StoreLimits& limits);

}  // namespace dth::object_copy

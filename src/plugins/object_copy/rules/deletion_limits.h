#pragma once

#include <cstdint>
#include <optional>

#include "base/error.h"
#include "plugins/object_copy/run_mode.h"

namespace dth::object_copy {

// What two listings that were read to their ends showed.
struct SurveyCounts {
  std::uint64_t source = 0;  // keys
  std::uint64_t destination = 0;
  std::uint64_t extra = 0;  // only at the destination: what a mirror would delete

  bool operator==(const SurveyCounts&) const = default;
};

// Why nothing may be deleted, with the numbers and the option that allows more; nothing where all
// brakes are passed.
std::optional<Error> find_exceeded_limit(const DeleteRules& rules, const SurveyCounts& counts);

}  // namespace dth::object_copy

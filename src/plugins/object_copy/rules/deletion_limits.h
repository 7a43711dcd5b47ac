#pragma once

#include <cstdint>
#include <optional>

#include "base/error.h"

namespace dth::object_copy {

// When a mirror may delete, and how much.
struct DeleteRules {
  std::uint64_t count_max = 1'000;  // objects of one run
  std::uint64_t percent_max = 50;   // of the destination's objects in scope, 0 to 100
  bool allow_empty_source = false;  // may everything go because the source has nothing?
  bool despite_failures = false;    // also where objects could not be copied
  bool need_approval = false;       // only as many as somebody approved: of every single run
};

// What two listings that were read to their ends showed.
struct SurveyCounts {
  std::uint64_t source = 0;  // keys
  std::uint64_t destination = 0;
  std::uint64_t extra = 0;  // only at the destination: what a mirror would delete

  bool operator==(const SurveyCounts&) const = default;
};

// Why nothing may be deleted, with the numbers and the option that allows more; nothing where all
// limits are kept.
std::optional<Error> find_exceeded_limit(const DeleteRules& rules, const SurveyCounts& counts);

}  // namespace dth::object_copy

#include "plugins/object_copy/rules/part_plan.h"

#include <algorithm>

namespace dth::object_copy {
namespace {

constexpr std::uint64_t mebibyte = 1ull << 20;
constexpr std::uint64_t part_size_default = 16 * mebibyte;

}  // namespace

objects::ByteRange PartPlan::range(std::uint32_t part_number) const {
  const std::uint64_t offset = (part_number - 1) * part_size_bytes;
  return {offset, std::min(part_size_bytes, object_size_bytes - offset)};
}

Result<PartPlan> plan_parts(std::uint64_t object_size_bytes, std::uint64_t part_size_wanted,
                            const objects::StoreLimits& limits) {
  if (object_size_bytes == 0 || object_size_bytes > limits.object_size_max) {
    return Error{ErrorCode::invalid_argument,
                 "an object of " + std::to_string(object_size_bytes) +
                     " bytes does not fit the destination, which takes at most " +
                     std::to_string(limits.object_size_max),
                 ""};
  }
  PartPlan plan{object_size_bytes, part_size_wanted, 0};
  if (part_size_wanted == 0) {
    // A tenth of the allowed number stays free: a plan at the very edge helps nobody.
    const std::uint64_t count_wanted = std::max<std::uint64_t>(1, limits.part_count_max / 10 * 9);
    const std::uint64_t least = (object_size_bytes + count_wanted - 1) / count_wanted;
    plan.part_size_bytes =
        std::max(part_size_default, (least + mebibyte - 1) / mebibyte * mebibyte);
    plan.part_size_bytes =
        std::clamp(plan.part_size_bytes, limits.part_size_min, limits.part_size_max);
  }
  const std::uint64_t count = (object_size_bytes + plan.part_size_bytes - 1) / plan.part_size_bytes;
  if (plan.part_size_bytes < limits.part_size_min || plan.part_size_bytes > limits.part_size_max ||
      count > limits.part_count_max) {
    return Error{
        ErrorCode::invalid_argument,
        "parts of " + std::to_string(plan.part_size_bytes) + " bytes do not do for an object of " +
            std::to_string(object_size_bytes) + " bytes: the destination takes at most " +
            std::to_string(limits.part_count_max) + " parts of " +
            std::to_string(limits.part_size_min) + " to " + std::to_string(limits.part_size_max) +
            " bytes; omit --part-size to have it chosen",
        ""};
  }
  plan.part_count = static_cast<std::uint32_t>(count);
  return plan;
}

}  // namespace dth::object_copy

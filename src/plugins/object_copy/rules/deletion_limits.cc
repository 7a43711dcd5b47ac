#include "plugins/object_copy/rules/deletion_limits.h"

#include <string>

namespace dth::object_copy {
namespace {

Error refusal(std::string why) {
  return Error{ErrorCode::precondition_failed,
               "deletion at the destination is stopped: " + std::move(why), ""};
}

}  // namespace

std::optional<Error> find_exceeded_limit(const DeleteRules& rules, const SurveyCounts& counts) {
  if (counts.extra == 0) return std::nullopt;
  if (counts.source == 0 && !rules.allow_empty_source) {
    return refusal("the source has no object in scope, and the destination has " +
                   std::to_string(counts.destination) +
                   "; if the source is meant to be empty, give --allow-empty-source");
  }
  if (counts.extra > rules.count_max) {
    return refusal(
        std::to_string(counts.extra) + " objects are only there, more than the " +
        std::to_string(rules.count_max) +
        " that --delete-max allows; look at them with --dry-run, then raise --delete-max");
  }
  // extra / destination > percent_max / 100, without rounding.
  if (static_cast<unsigned __int128>(counts.extra) * 100 >
      static_cast<unsigned __int128>(rules.percent_max) * counts.destination) {
    return refusal(std::to_string(counts.extra) + " of its " + std::to_string(counts.destination) +
                   " objects are only there, more than the " + std::to_string(rules.percent_max) +
                   " percent that --delete-max-percent allows; look at them with --dry-run, then "
                   "raise --delete-max-percent");
  }
  return std::nullopt;
}

}  // namespace dth::object_copy

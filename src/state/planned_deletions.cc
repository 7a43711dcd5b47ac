#include "state/planned_deletions.h"

namespace dth::state {

std::string_view to_string(DeletionDecision decision) {
  return decision == DeletionDecision::approved ? "approved" : "rejected";
}

std::optional<DeletionDecision> parse_deletion_decision(std::string_view text) {
  for (const auto decision : {DeletionDecision::approved, DeletionDecision::rejected}) {
    if (to_string(decision) == text) return decision;
  }
  return std::nullopt;
}

}  // namespace dth::state

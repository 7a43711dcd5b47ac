#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace dth::state {

enum class DeletionDecision { approved, rejected };
std::string_view to_string(DeletionDecision decision);
std::optional<DeletionDecision> parse_deletion_decision(std::string_view text);

// What a run would delete, counted before its first deletion, and what was decided about it.
struct PlannedDeletions {
  std::int64_t count = 0;              // objects that would be deleted
  std::int64_t destination_count = 0;  // objects at the destination, those included
  TimePoint counted_at{};
  // The first keys at the destination that would be deleted, raw bytes; at most
  // deletion_samples_max are kept.
  std::vector<std::string> sample_keys = {};
  // Nothing: the run waits for a decision.
  std::optional<DeletionDecision> decision = {};
  std::string decided_by = {};
  TimePoint decided_at{};
  std::string comment = {};  // of who rejected it
};

inline constexpr std::size_t deletion_samples_max = 20;

// Who decides, and when.
struct Decider {
  std::string name;  // as people read it
  TimePoint now{};
};

}  // namespace dth::state

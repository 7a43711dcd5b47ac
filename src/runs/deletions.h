#pragma once

#include <string>

#include "runs/run_view.h"
#include "state/control/audit_log.h"

// Decisions about deletions that wait for one, from the hub and from its host alike. `by` says who
// and how; the run and what changes are added to it, and it is written in the same transaction.
namespace dth::runs {

// The count that was planned: where it differs from `count`, nothing was changed. Errors: those of
// RunStore::approve_deletions().
Result<std::int64_t> approve_deletions(state::State& state, const RunView& view, std::int64_t count,
                                       state::AuditEntry by);

// The run is cancelled. Errors: those of RunStore::reject_deletions(); invalid_argument where the
// comment is longer than rejection_comment_max.
Result<void> reject_deletions(state::State& state, const RunView& view, const std::string& comment,
                              state::AuditEntry by);

inline constexpr std::size_t rejection_comment_max = 1'000;  // bytes

// What is said where another number was planned than somebody approves.
std::string about_another_count(const std::string& run, std::int64_t planned, std::int64_t given);

// Adds the run, as the target of the entry.
void describe_target(state::AuditEntry& by, const RunView& view);

}  // namespace dth::runs

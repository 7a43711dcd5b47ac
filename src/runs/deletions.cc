#include "runs/deletions.h"

#include "base/encoding.h"

namespace dth::runs {

void describe_target(state::AuditEntry& by, const RunView& view) {
  by.target_kind = "run";
  by.target_id = view.run.id;
  by.target_name = view.spec.option("source") + " -> " + view.spec.option("destination");
}

Result<std::int64_t> approve_deletions(state::State& state, const RunView& view, std::int64_t count,
                                       state::AuditEntry by) {
  describe_target(by, view);
  state::AuditChanges changes;
  changes.add("approvedDeletions", "", std::to_string(count));
  by.changes = changes.to_json();
  const state::Decider decider{.name = by.actor_name, .now = by.at};
  return state.runs().approve_deletions(view.run.id, count, decider, &by);
}

Result<void> reject_deletions(state::State& state, const RunView& view, const std::string& comment,
                              state::AuditEntry by) {
  if (comment.size() > rejection_comment_max || !is_valid_utf8(comment)) {
    return Error{ErrorCode::invalid_argument,
                 "the comment has more than " + std::to_string(rejection_comment_max) +
                     " bytes, or is not UTF-8: shorten it",
                 ""};
  }
  auto plan = state.runs().planned_deletions(view.run.id);
  if (plan.has_error()) return plan.error();
  describe_target(by, view);
  state::AuditChanges changes;
  if (*plan) changes.add("rejectedDeletions", "", std::to_string((*plan)->count));
  changes.add("comment", "", comment);
  changes.add("state", to_string(view.status), "cancelled");
  by.changes = changes.to_json();
  const state::Decider decider{.name = by.actor_name, .now = by.at};
  return state.runs().reject_deletions(view.run.id, comment, decider, &by);
}

std::string about_another_count(const std::string& run, std::int64_t planned, std::int64_t given) {
  return "run " + run + " would delete " + std::to_string(planned) + " objects, not " +
         std::to_string(given) + ": look at what it counted, and approve that number";
}

}  // namespace dth::runs

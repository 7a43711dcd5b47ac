#include "plugins/object_copy/mirror/find_extra_step.h"

#include <algorithm>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/mirror/extra_line.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/rules/deletion_limits.h"

namespace dth::object_copy {

void FindExtraStep::see(std::string_view key, const objects::ObjectInfo* source,
                        const objects::ObjectInfo* destination, MonotonicTime asked_at,
                        TimePoint now) {
  asked_at_ = asked_at;
  ++keys_;
  const bool seen_before = payload_.after && *payload_.after == key;
  if (!payload_.after) payload_.after.emplace();
  payload_.after->assign(key);
  // Nothing is known to be extra where a side could not be listed.
  const bool hidden_there = destination && destination->hidden_size > 0;
  if (hidden_there || (source && source->hidden_size > 0)) {
    if (!source && !seen_before && !payload_.removing) leave(*destination, now);
    if (destination && !hidden_there && !payload_.removing) ++payload_.counts.destination;
    return;
  }
  // What the rules for keys leave out is no affair of this run; what the source has is not extra,
  // whatever the other rules say.
  const std::string source_key = prefix() + std::string(key);
  if (!options_.selection.takes_every_key() &&
      !options_.selection.takes_key(options_.relative_key(source_key)))
    return;
  if (!source && is_spared(*destination)) return;
  const bool wanted = !only_ || only_->contains(source_key);
  const bool extra = !source && !is_place_itself(*destination) && wanted;
  if (!payload_.removing) {
    if (source) ++payload_.counts.source;
    if (destination) ++payload_.counts.destination;
    if (extra) keep(*destination);
    if (!destination && is_taken(*source))
      watch_.see_missing(options_.destination_key_of(source_key), *source,
                         seen_.keys.find(seen_.run, source_key), &payload_.suspects);
    return;
  }
  if (!extra) return;
  // What the survey saw may have grown since; the brakes hold for what is deleted, not for what
  // was expected.
  SurveyCounts counts = payload_.counts;
  counts.extra = payload_.removals + batch_.size() + 1;
  exceeded_ = find_exceeded_limit(options_.deletes, counts);
  if (exceeded_) return;
  if (options_.deletes.need_approval && counts.extra > payload_.approved) {
    outgrown_ = true;
    exceeded_ = Error{ErrorCode::precondition_failed, "more would be deleted than is approved", ""};
    return;
  }
  add(extra_of(*destination), {tuning_.process, asked_at_});
}

engine::Finished FindExtraStep::take() {
  close_batch();
  keys_ = 0;
  return std::exchange(finished_, {});
}

engine::Finished FindExtraStep::abandon() {
  batch_.clear();
  if (outgrown_) {
    finished_.effects.deletions.emplace();  // the approval is used up
    finished_.effects.jobs.push_back(count_again());
  } else {
    finished_.effects.run_error = exceeded_->message;
  }
  return take();
}

bool FindExtraStep::must_wait() const {
  if (!options_.deletes.need_approval || payload_.counts.extra == 0) return false;
  const bool approved = plan_ && plan_->decision == state::DeletionDecision::approved;
  return !approved || payload_.counts.extra > static_cast<std::uint64_t>(plan_->count);
}

state::NewJob FindExtraStep::count_again() const {
  FindExtraPayload next;
  next.retry_of = payload_.retry_of;
  next.keys = payload_.keys;
  next.hidden = payload_.hidden;
  return find_extra_job(next);
}

void FindExtraStep::ask_for_approval(TimePoint now) {
  finished_.effects.deletions = state::PlannedDeletions{
      .count = static_cast<std::int64_t>(payload_.counts.extra),
      .destination_count = static_cast<std::int64_t>(payload_.counts.destination),
      .counted_at = now,
      .sample_keys = payload_.samples};
  finished_.effects.jobs.push_back(count_again());
}

engine::Finished FindExtraStep::conclude(TimePoint now) {
  if (payload_.removing) return take();
  // There is nothing left to decide.
  if (payload_.counts.extra == 0 && plan_ && !plan_->decision)
    finished_.effects.deletions.emplace();
  if (auto brake = find_exceeded_limit(options_.deletes, payload_.counts))
    finished_.effects.run_error = brake->message;
  if (finished_.effects.run_error || options_.dry_run) {
    finished_.effects.counts[Counter::extra] += static_cast<std::int64_t>(payload_.counts.extra);
    if (options_.dry_run) preview(now);
  } else if (must_wait()) {
    ask_for_approval(now);
  } else if (payload_.kept_all) {
    for (Extra& extra : payload_.kept) add(std::move(extra), payload_.kept_listed);
  } else {
    FindExtraPayload second;
    second.removing = true;
    second.counts = payload_.counts;
    if (plan_) second.approved = static_cast<std::uint64_t>(plan_->count);
    second.hidden = payload_.hidden;
    second.retry_of = payload_.retry_of;
    second.keys = payload_.keys;
    finished_.effects.jobs.push_back(find_extra_job(second));
  }
  return take();
}

bool FindExtraStep::is_place_itself(const objects::ObjectInfo& destination) const {
  const bool has_content = destination.size.known() && destination.size.value() > 0;
  return destination.key == options_.destination_key && !has_content &&
         destination.key.ends_with('/');
}

bool FindExtraStep::is_taken(const objects::ObjectInfo& source) const {
  const bool is_passed_over =
      options_.archived == ArchivedRule::skip && is_archived(source.storage_class);
  return !is_passed_over && options_.selection.can_tell(source) &&
         options_.selection.takes_properties(source);
}

bool FindExtraStep::is_spared(const objects::ObjectInfo& destination) const {
  const Selection& selection = options_.selection;
  if (!selection.narrows_sizes() && !selection.narrows_times()) return false;
  objects::ObjectInfo once = destination;
  once.last_modified = destination.origin.modified;
  return !selection.can_tell(once) || !selection.takes_size_and_time(once);
}

void FindExtraStep::leave(const objects::ObjectInfo& hiding, TimePoint now) {
  const std::string hidden(std::max(hiding.hidden(), std::string_view(options_.destination_key)));
  const std::string source_key =
      options_.source_key + hidden.substr(options_.destination_key.size());
  if (!hidden.ends_with('/') && !options_.selection.takes_key(options_.relative_key(source_key)))
    return;
  if (only_ && !only_->contains(source_key)) return;
  if (options_.deletes.need_approval && !remember_hidden(hidden)) return;
  ledger::Line line = line_of(options_, Extra{hidden}, now);
  line.outcome = ledger::Outcome::failed;
  finished_.effects.counts[Counter::extra] += 1;
  record_failure(std::move(line), hidden_at_destination(hiding), 1, &finished_);
  finished_.effects.failures.back().step = step_remove;
}

// False: an earlier survey has recorded it.
bool FindExtraStep::remember_hidden(const std::string& hidden) {
  std::vector<std::string>& known = payload_.hidden;
  if (std::find(known.begin(), known.end(), hidden) != known.end()) return false;
  if (known.size() == hidden_max) {
    stop_for(Error{ErrorCode::unsupported,
                   "nothing is deleted at the destination, because more than " +
                       std::to_string(hidden_max) +
                       " folders or objects there cannot be listed: give the right to list them, "
                       "or exclude them",
                   ""});
    return false;
  }
  known.push_back(hidden);
  return true;
}

Extra FindExtraStep::extra_of(const objects::ObjectInfo& info) const {
  Extra extra{info.key, info.size, info.etag, info.last_modified};
  const std::string source_key =
      options_.source_key + info.key.substr(options_.destination_key.size());
  extra.seen = seen_.keys.find(seen_.run, source_key);
  return extra;
}

void FindExtraStep::keep(const objects::ObjectInfo& destination) {
  ++payload_.counts.extra;
  if (options_.deletes.need_approval && payload_.samples.size() < state::deletion_samples_max)
    payload_.samples.push_back(destination.key);
  watch_.see_extra(destination, &payload_.suspects);
  Extra extra = extra_of(destination);
  if (extra.seen == Seen::yes) RenameWatch::see_unlisted(extra, &payload_.suspects);
  if (payload_.kept_all && payload_.kept.size() < tuning_.extras_kept_max) {
    if (payload_.kept.empty()) payload_.kept_listed = {tuning_.process, asked_at_};
    payload_.kept.push_back(std::move(extra));
    return;
  }
  payload_.kept_all = false;
  // What is not all is of use to a preview only.
  if (!options_.dry_run) payload_.kept.clear();
}

void FindExtraStep::add(Extra extra, ListedAt listed) {
  if (batch_.empty()) batch_listed_ = listed;
  batch_.push_back(std::move(extra));
  if (batch_.size() >= tuning_.batch_items_max) close_batch();
}

void FindExtraStep::close_batch() {
  if (batch_.empty()) return;
  finished_.effects.counts[Counter::extra] += static_cast<std::int64_t>(batch_.size());
  payload_.removals += batch_.size();
  finished_.effects.jobs.push_back(remove_job(std::exchange(batch_, {}), batch_listed_));
}

void FindExtraStep::preview(TimePoint now) {
  for (const Extra& extra : payload_.kept) {
    ledger::Line line = line_of(options_, extra, now);
    line.outcome = ledger::Outcome::would_delete;
    finished_.lines.add(line);
  }
}

}  // namespace dth::object_copy

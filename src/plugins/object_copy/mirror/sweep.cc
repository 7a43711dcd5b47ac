#include "plugins/object_copy/mirror/sweep.h"

#include <set>

#include "base/encoding.h"
#include "plugins/object_copy/mirror/failures_of_run.h"
#include "plugins/object_copy/mirror/remove.h"
#include "plugins/object_copy/mirror/renamed.h"
#include "plugins/object_copy/runner.h"
#include "plugins/object_copy/scan/paired_listings.h"

namespace dth::object_copy {
namespace {

using state::Counter;

constexpr std::chrono::milliseconds copies_poll_interval{200};

}  // namespace

// Collects what a sweep found until it is recorded.
class SweepStep {
 public:
  // `only`: extra is what is extra and one of these; null: whatever is extra.
  SweepStep(const CopyOptions& options, const CopyTuning& tuning, const KeySet* only,
            RenameWatch watch, SweepPayload payload)
      : options_(options),
        tuning_(tuning),
        only_(only),
        watch_(watch),
        payload_(std::move(payload)) {}

  // Which prefixes of the source are looked at, one after the other: what lies beneath none of them
  // is never seen.
  const std::string& prefix() const {
    return options_.list == SourceList::prefixes ? options_.prefixes[payload_.prefix]
                                                 : options_.source_key;
  }
  bool has_more_prefixes() const {
    return options_.list == SourceList::prefixes && payload_.prefix + 1 < options_.prefixes.size();
  }
  void go_to_next_prefix() {
    ++payload_.prefix;
    payload_.after.reset();
  }

  // `key` is relative to prefix(); the source's page was asked for at `asked_at`, and it is `now`.
  void see(std::string_view key, const objects::ObjectInfo* source,
           const objects::ObjectInfo* destination, MonotonicTime asked_at, TimePoint now) {
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
        watch_.see_missing(options_.destination_key_of(source_key), *source, &payload_.suspects);
      return;
    }
    if (!extra) return;
    // What the survey saw may have grown since; the brakes hold for what is deleted, not for what
    // was expected.
    SurveyCounts counts = payload_.counts;
    counts.extra = payload_.removals + batch_.size() + 1;
    brake_ = find_brake(options_.deletes, counts);
    if (brake_) return;
    add(extra_of(*destination), {tuning_.process, asked_at_});
  }

  // Is it time to record?
  bool due() const {
    return brake_ || keys_ >= tuning_.scan_keys_per_step_max ||
           finished_.effects.jobs.size() >= jobs_max;
  }
  const std::optional<Error>& brake() const { return brake_; }
  void stop_for(Error why) { brake_ = std::move(why); }
  const SweepPayload& payload() const { return payload_; }

  engine::Finished take() {
    close_batch();
    keys_ = 0;
    return std::exchange(finished_, {});
  }

  // A brake tripped on the way: what was not handed out stays.
  engine::Finished give_up() {
    batch_.clear();
    finished_.effects.run_error = brake_->message;
    return take();
  }

  // Both listings were read to their ends.
  engine::Finished conclude(TimePoint now) {
    if (payload_.removing) return take();
    if (auto brake = find_brake(options_.deletes, payload_.counts))
      finished_.effects.run_error = brake->message;
    if (finished_.effects.run_error || options_.dry_run) {
      finished_.effects.counts[Counter::extra] += static_cast<std::int64_t>(payload_.counts.extra);
      if (options_.dry_run) preview(now);
    } else if (payload_.kept_all) {
      for (Extra& extra : payload_.kept) add(std::move(extra), payload_.kept_listed);
    } else {
      SweepPayload second;
      second.removing = true;
      second.counts = payload_.counts;
      second.retry_of = payload_.retry_of;
      second.keys = payload_.keys;
      finished_.effects.jobs.push_back(sweep_job(second));
    }
    return take();
  }

 private:
  static constexpr std::size_t jobs_max = 16;

  // A folder marker of the destination's own prefix: the place, and nothing in it.
  bool is_place_itself(const objects::ObjectInfo& destination) const {
    const bool has_content = destination.size.known() && destination.size.value() > 0;
    return destination.key == options_.destination_key && !has_content &&
           destination.key.ends_with('/');
  }

  // Would this run copy it?
  bool is_taken(const objects::ObjectInfo& source) const {
    const bool is_passed_over =
        options_.archived == ArchivedRule::skip && is_archived(source.storage_class);
    return !is_passed_over && options_.selection.can_tell(source) &&
           options_.selection.takes_properties(source);
  }

  // What the rules for sizes and times would leave out at the source is spared, as by the rules for
  // keys: neither counted nor deleted. The source's time is known where it is recorded with the
  // copy; what is not known is spared.
  bool is_spared(const objects::ObjectInfo& destination) const {
    const Selection& selection = options_.selection;
    if (!selection.narrows_sizes() && !selection.narrows_times()) return false;
    objects::ObjectInfo once = destination;
    once.last_modified = destination.origin.modified;
    return !selection.can_tell(once) || !selection.takes_size_and_time(once);
  }

  // What is extra in there cannot be removed: an item that failed.
  void leave(const objects::ObjectInfo& hiding, TimePoint now) {
    const std::string hidden(std::max(hiding.hidden(), std::string_view(options_.destination_key)));
    const std::string source_key =
        options_.source_key + hidden.substr(options_.destination_key.size());
    if (!hidden.ends_with('/') && !options_.selection.takes_key(options_.relative_key(source_key)))
      return;
    if (only_ && !only_->contains(source_key)) return;
    ledger::Line line = line_of(options_, Extra{hidden}, now);
    line.outcome = "failed";
    finished_.effects.counts[Counter::extra] += 1;
    record_failure(std::move(line), hidden_at_destination(hiding), 1, &finished_);
    finished_.effects.failures.back().step = step_remove;
  }

  static Extra extra_of(const objects::ObjectInfo& info) {
    return {info.key, info.size, info.etag, info.last_modified};
  }

  void keep(const objects::ObjectInfo& destination) {
    ++payload_.counts.extra;
    watch_.see_extra(destination, &payload_.suspects);
    if (payload_.kept_all && payload_.kept.size() < tuning_.extras_kept_max) {
      if (payload_.kept.empty()) payload_.kept_listed = {tuning_.process, asked_at_};
      payload_.kept.push_back(extra_of(destination));
      return;
    }
    payload_.kept_all = false;
    // What is not all is of use to a preview only.
    if (!options_.dry_run) payload_.kept.clear();
  }

  void add(Extra extra, ListedAt listed) {
    if (batch_.empty()) batch_listed_ = listed;
    batch_.push_back(std::move(extra));
    if (batch_.size() >= tuning_.batch_items_max) close_batch();
  }

  void close_batch() {
    if (batch_.empty()) return;
    finished_.effects.counts[Counter::extra] += static_cast<std::int64_t>(batch_.size());
    payload_.removals += batch_.size();
    finished_.effects.jobs.push_back(remove_job(std::exchange(batch_, {}), batch_listed_));
  }

  void preview(TimePoint now) {
    for (const Extra& extra : payload_.kept) {
      ledger::Line line = line_of(options_, extra, now);
      line.outcome = "would_delete";
      finished_.lines.add(line);
    }
  }

  const CopyOptions& options_;
  const CopyTuning& tuning_;
  const KeySet* only_;
  const RenameWatch watch_;
  SweepPayload payload_;
  engine::Finished finished_;
  std::vector<Extra> batch_;
  ListedAt batch_listed_;  // of its first: pages are asked for one after the other
  MonotonicTime asked_at_{};
  std::optional<Error> brake_;
  std::uint32_t keys_ = 0;
};

namespace {

// Has the run jobs of other kinds?
bool is_busy(const state::Progress& progress, std::span<const std::string_view> later_kinds) {
  return std::any_of(
      progress.backlog.begin(), progress.backlog.end(), [later_kinds](const auto& kind) {
        return kind.second.jobs > 0 &&
               std::find(later_kinds.begin(), later_kinds.end(), kind.first) == later_kinds.end();
      });
}

// Of the deletions themselves.
constexpr std::string_view deletion_kinds[] = {kind_sweep, kind_remove};

}  // namespace

state::NewJob sweep_job(const SweepPayload& payload) {
  state::NewJob job;
  job.kind = kind_sweep;
  job.payload = to_json(payload);
  return job;
}

// Waits until no job is left but those of `later_kinds`, so that the scan has read its listings to
// their ends and every other item has ended. The run as it then is.
Async<Result<state::Run>> ObjectCopyRunner::wait_for_others(
    engine::JobContext& context, std::span<const std::string_view> later_kinds) {
  const std::string run = context.job().run;
  for (;;) {
    if (context.stop_requested() ||
        is_cancelled(co_await boost::asio::this_coro::cancellation_state)) {
      co_return cancelled_error();
    }
    auto progress =
        co_await context.with_state([&](state::State& state) { return state.progress(run); });
    if (progress.has_error()) co_return progress.error();
    if (!is_busy(*progress, later_kinds)) co_return std::move(progress->run);
    auto slept = co_await lane_.clock.sleep_for(copies_poll_interval);
    if (slept.has_error()) co_return slept.error();
  }
}

// The same, asked once.
Async<Result<bool>> ObjectCopyRunner::are_others_done(
    engine::JobContext* context, std::span<const std::string_view> later_kinds) {
  const std::string run = context->job().run;
  auto progress =
      co_await context->with_state([&](state::State& state) { return state.progress(run); });
  if (progress.has_error()) co_return progress.error();
  co_return !is_busy(*progress, later_kinds);
}

// What failed in the run may forbid deletions: why, or nothing.
Async<Result<std::string>> ObjectCopyRunner::why_failures_forbid_deletions(
    engine::JobContext& context, std::int64_t failed) {
  auto found = co_await look_at_failures(&context);
  if (found.has_error()) co_return found.error();
  if (failed > found->folders && !lane_.options.deletes.despite_failures) {
    co_return std::to_string(failed) +
        " objects could not be copied; run again when they can, or give --delete-despite-failures";
  }
  co_return std::string(found->contradiction);
}

Async<Result<engine::Finished>> ObjectCopyRunner::sweep(engine::JobContext& context) {
  auto payload = parse_sweep_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  auto run = co_await wait_for_others(context, deletion_kinds);
  if (run.has_error()) co_return run.error();
  engine::Finished finished;
  if (!run->error.empty())
    co_return finished;  // the scan did not get to its end: nothing is known to be extra
  const std::int64_t failed = run->counts[Counter::failed];
  if (!payload->removing && failed > 0) {
    auto why = co_await why_failures_forbid_deletions(context, failed);
    if (why.has_error()) co_return why.error();
    if (!why->empty()) {
      finished.effects.run_error = "nothing is deleted at the destination, because " + *why;
      co_return finished;
    }
  }

  std::optional<KeySet> only;
  if (!payload->retry_of.empty()) {
    auto keys = co_await failed_removals(&context, lane_.tuning.sort_bytes_max, payload->retry_of,
                                         payload->keys);
    if (keys.has_error()) co_return keys.error();
    only = std::move(*keys);
  }
  if (lane_.options.list == SourceList::prefixes &&
      payload->prefix >= lane_.options.prefixes.size()) {
    co_return Error{ErrorCode::data_corrupted,
                    "the sweep is at a prefix that the run does not have", ""};
  }
  SweepStep step(lane_.options, lane_.tuning, only ? &*only : nullptr,
                 RenameWatch(run->created_at, !lane_.stores.destination.limits().keys_are_paths),
                 std::move(*payload));
  for (;;) {
    auto ended = co_await sweep_prefix(context, &step);
    if (ended.has_error()) co_return ended.error();
    if (*ended && !step.has_more_prefixes() && !step.brake()) {
      auto watched = co_await look_for_renamed(context, &step);
      if (watched.has_error()) co_return watched.error();
      if (run->counts[Counter::vanished] > 0) watched = co_await look_for_ghosts(context, &step);
      if (watched.has_error()) co_return watched.error();
    }
    if (step.brake()) co_return step.give_up();
    if (*ended && !step.has_more_prefixes()) co_return step.conclude(lane_.clock.now());
    if (*ended) step.go_to_next_prefix();
    if (*ended && !context.stop_requested()) continue;
    finished = step.take();
    finished.effects.jobs.push_back(sweep_job(step.payload()));
    co_return finished;
  }
}

// What vanished from the source, and is listed there again by the survey, is there, or the source
// lists names that it does not take: then the copy under the right name looks extra.
Async<Result<void>> ObjectCopyRunner::look_for_ghosts(engine::JobContext& context,
                                                      SweepStep* step) {
  const SweepPayload& payload = step->payload();
  if (payload.removing || lane_.options.dry_run || payload.suspects.missing.empty())
    co_return Result<void>();
  Suspects suspects = payload.suspects;
  auto forgiven = co_await leave_failures_out(&context, &lane_.options, &suspects);
  if (forgiven.has_error()) co_return forgiven.error();
  auto ghost = co_await find_ghost(lane_.source.get(), &lane_.options, std::move(suspects));
  if (ghost.has_error()) co_return ghost.error();
  if (!ghost->has_value()) co_return Result<void>();
  step->stop_for(Error{ErrorCode::unsupported, ErrorReason::listed_but_missing,
                       "nothing is deleted at the destination, because the source lists " +
                           printable(**ghost) +
                           " and answers that it has no such object: its listings do not show what "
                           "it lacks. Delete by hand",
                       ""});
  co_return Result<void>();
}

// After the survey, before anything is deleted.
Async<Result<void>> ObjectCopyRunner::look_for_renamed(engine::JobContext& context,
                                                       SweepStep* step) {
  const SweepPayload& payload = step->payload();
  const bool is_watched = !payload.removing && !lane_.options.dry_run;
  if (!is_watched || payload.suspects.missing.empty() || payload.suspects.extra.empty())
    co_return Result<void>();
  Suspects suspects = payload.suspects;
  auto forgiven = co_await leave_failures_out(&context, &lane_.options, &suspects);
  if (forgiven.has_error()) co_return forgiven.error();
  auto renamed = co_await find_renamed(lane_.destination.get(), std::move(suspects));
  if (renamed.has_error()) co_return renamed.error();
  if (!renamed->has_value()) co_return Result<void>();
  step->stop_for(
      Error{ErrorCode::unsupported, ErrorReason::name_not_kept,
            "nothing is deleted at the destination, because it does not list " +
                printable((*renamed)->key) + ", which the source has, and lists " +
                printable((*renamed)->made) +
                " instead, which is as large and may have been written by this run: it may "
                "have changed the name. Exclude these names, "
                "rename them at the source, or delete by hand",
            ""});
  co_return Result<void>();
}

// Both sides beneath one prefix. True: their listings were read to their ends; false: a stop, or a
// brake.
Async<Result<bool>> ObjectCopyRunner::sweep_prefix(engine::JobContext& context, SweepStep* step) {
  const PairedScope scope{step->prefix(), lane_.options.destination_key_of(step->prefix()),
                          step->payload().after};
  PairedListings sides(*lane_.source, *lane_.destination, lane_.executor, scope, lane_.options,
                       lane_.options.selection.narrows_times());
  Result<void> state_of_work;
  bool handing_on = false;
  while (!sides.exhausted() && !step->brake() && !handing_on) {
    state_of_work = co_await sides.read(lane_.clock.monotonic_now());
    if (state_of_work.has_error()) break;
    const TimePoint now = lane_.clock.now();
    sides.walk(
        [&](std::string_view key, const objects::ObjectInfo* from, const objects::ObjectInfo* to) {
          step->see(key, from, to, sides.source_asked_at(), now);
          return !step->due();
        });
    handing_on = context.stop_requested();
    if (!step->due() || step->brake() || sides.exhausted() || handing_on) continue;
    engine::Finished part = step->take();
    part.effects.counts += lane_.take_request_counts();
    std::string cursor = to_json(step->payload());
    state_of_work =
        co_await context.advance(std::move(cursor), std::move(part.effects), std::move(part.lines));
    if (state_of_work.has_error()) break;
    state_of_work = co_await context.wait_for_room(kind_remove, lane_.tuning.backlog_items_max);
    if (state_of_work.has_error() && context.stop_requested()) {
      handing_on = true;
      state_of_work = Result<void>();
    }
  }
  co_await sides.stop();
  if (state_of_work.has_error()) co_return state_of_work.error();
  const bool would_delete = step->payload().removing || step->payload().counts.extra > 0;
  if (sides.exhausted() && !sides.source_end_told() && would_delete && !lane_.options.dry_run) {
    step->stop_for(Error{ErrorCode::unsupported,
                         "nothing is deleted at the destination, because " +
                             lane_.stores.source.describe() +
                             " does not say whether its listings are complete (IsTruncated is "
                             "missing); delete by hand",
                         ""});
  }
  co_return sides.exhausted() && !step->brake();
}

}  // namespace dth::object_copy

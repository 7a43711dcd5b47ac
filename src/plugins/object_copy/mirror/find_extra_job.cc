#include "plugins/object_copy/mirror/find_extra_job.h"

#include "base/encoding.h"
#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/mirror/failures_of_run.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/other_jobs.h"
#include "plugins/object_copy/scan/paired_listings.h"
#include "plugins/object_copy/scan/scan_loop.h"

namespace dth::object_copy {
namespace {

// Of the deletions themselves. A survey waits for these, too: it may follow some.
constexpr std::string_view deletion_kinds[] = {kind_find_extra, kind_remove};
constexpr std::string_view survey_kinds[] = {kind_find_extra};

}  // namespace

// What failed in the run may forbid deletions: why, or nothing.
Async<Result<std::string>> FindExtraJob::why_failures_forbid_deletions(engine::JobContext& context,
                                                                       std::int64_t failed) {
  auto found = co_await look_at_failures(&context);
  if (found.has_error()) co_return found.error();
  if (failed > found->folders + found->removals && !lane_.options.deletes.despite_failures) {
    co_return std::to_string(failed - found->removals) +
        " objects could not be copied; run again when they can, or give --delete-despite-failures";
  }
  co_return std::string(found->contradiction);
}

Async<Result<engine::Finished>> FindExtraJob::run(engine::JobContext& context) {
  auto payload = parse_find_extra_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  std::span<const std::string_view> later_kinds = deletion_kinds;
  if (!payload->removing) later_kinds = survey_kinds;
  auto run = co_await wait_for_others(context, later_kinds);
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
                    "the search for extra objects is at a prefix that the run does not have", ""};
  }
  lane_.seen.compare_with(run->counts[Counter::scanned]);
  FindExtraStep step(
      lane_.options, lane_.tuning, only ? &*only : nullptr,
      RenameWatch(run->created_at, !lane_.stores.destination.limits().keys_are_paths),
      SeenBefore{lane_.seen, context.job().run}, std::move(*payload));
  for (;;) {
    auto ended = co_await find_in_prefix(context, &step);
    if (ended.has_error()) co_return ended.error();
    if (*ended && !step.has_more_prefixes() && !step.brake()) {
      auto watched = co_await look_closer(context, &step, *run);
      if (watched.has_error()) co_return watched.error();
    }
    if (step.brake()) co_return step.abandon();
    if (*ended && !step.has_more_prefixes()) {
      auto read = co_await read_approval(context, &step);
      if (read.has_error()) co_return read.error();
      co_return step.conclude(lane_.clock.now());
    }
    if (*ended) step.go_to_next_prefix();
    if (*ended && !context.stop_requested()) continue;
    finished = step.take();
    finished.effects.jobs.push_back(find_extra_job(step.payload()));
    co_return finished;
  }
}

// How much of what the survey found may be deleted.
Async<Result<void>> FindExtraJob::read_approval(engine::JobContext& context, FindExtraStep* step) {
  if (step->payload().removing || !lane_.options.deletes.need_approval) co_return Result<void>();
  const std::string run = context.job().run;
  auto plan = co_await context.with_state(
      [&](state::State& state) { return state.runs().planned_deletions(run); });
  if (plan.has_error()) co_return plan.error();
  step->set_plan(std::move(*plan));
  co_return Result<void>();
}

// After the survey, before anything is deleted: do the listings contradict what the run did?
Async<Result<void>> FindExtraJob::look_closer(engine::JobContext& context, FindExtraStep* step,
                                              const state::Run& run) {
  if (step->payload().removing || lane_.options.dry_run) co_return Result<void>();
  auto looked = co_await look_for_unlisted(step);
  if (looked.has_value() && !step->brake()) looked = co_await look_for_renamed(context, step);
  const bool may_be_ghosts = run.counts[Counter::deleted_at_source] > 0;
  if (looked.has_value() && !step->brake() && may_be_ghosts)
    looked = co_await look_for_ghosts(context, step);
  if (looked.has_value() && !step->brake()) looked = co_await look_for_lost(context, step);
  co_return looked;
}

// What the source listed at first, does not list now, and has all the same, is not extra.
Async<Result<void>> FindExtraJob::look_for_unlisted(FindExtraStep* step) {
  auto key = co_await find_unlisted(lane_.source.get(), &lane_.options, step->payload().suspects);
  if (key.has_error()) co_return key.error();
  if (!key->has_value()) co_return Result<void>();
  step->stop_for(Error{ErrorCode::unsupported, ErrorReason::listed_but_missing,
                       "nothing is deleted at the destination, because the source has " +
                           printable(**key) +
                           " and left it out of a listing: its listings do not show what it lacks. "
                           "Run again, or delete by hand",
                       ""});
  co_return Result<void>();
}

// What this run copied, or found at the destination, is still there.
Async<Result<void>> FindExtraJob::look_for_lost(engine::JobContext& context, FindExtraStep* step) {
  Suspects suspects = step->payload().suspects;
  // Some archive tiers are found out by a HEAD only: such an object was passed over.
  const bool may_be_archived = lane_.options.archived == ArchivedRule::skip;
  if (suspects.missing.empty() || may_be_archived) co_return Result<void>();
  auto forgiven = co_await leave_failures_out(&context, &lane_.options, &suspects);
  if (forgiven.has_error()) co_return forgiven.error();
  auto key = co_await find_lost(lane_.destination.get(), std::move(suspects));
  if (key.has_error()) co_return key.error();
  if (!key->has_value()) co_return Result<void>();
  step->stop_for(Error{ErrorCode::unsupported, ErrorReason::name_not_kept,
                       "nothing is deleted at the destination, because it does not list " +
                           printable(**key) +
                           ", which this run copied or found there: it was deleted meanwhile, or "
                           "the destination does not keep its name. Run again to find out",
                       ""});
  co_return Result<void>();
}

// What was deleted at the source, and is listed there again by the survey, is there, or the source
// lists names that it does not take: then the copy under the right name looks extra.
Async<Result<void>> FindExtraJob::look_for_ghosts(engine::JobContext& context,
                                                  FindExtraStep* step) {
  const FindExtraPayload& payload = step->payload();
  if (payload.suspects.missing.empty()) co_return Result<void>();
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

Async<Result<void>> FindExtraJob::look_for_renamed(engine::JobContext& context,
                                                   FindExtraStep* step) {
  const FindExtraPayload& payload = step->payload();
  if (payload.suspects.missing.empty() || payload.suspects.extra.empty()) co_return Result<void>();
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

// Both sides under one prefix. True: their listings were read to their ends; false: a stop, or a
// brake.
Async<Result<bool>> FindExtraJob::find_in_prefix(engine::JobContext& context, FindExtraStep* step) {
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
    // Taken first: it counts what it hands out, which the payload has to tell.
    engine::Finished found = step->take();
    std::string cursor = to_json(step->payload());
    std::vector<Room> rooms{{kind_remove, lane_.tuning.backlog_items_max}};
    auto recorded = co_await record_found(&lane_, &context, std::move(found), std::move(cursor),
                                          std::move(rooms));
    if (recorded.has_error()) {
      state_of_work = recorded.error();
      break;
    }
    handing_on = !*recorded;
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

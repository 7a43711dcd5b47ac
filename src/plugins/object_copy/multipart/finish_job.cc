#include "plugins/object_copy/multipart/finish_job.h"

#include <algorithm>

#include "plugins/object_copy/copy/copy_settlement.h"
#include "plugins/object_copy/copy/name_checks.h"
#include "plugins/object_copy/copy/name_folding.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/multipart/upload_completion.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/records.h"

namespace dth::object_copy {
namespace {

constexpr std::uint32_t replans_max = 5;

// All parts' outcomes as one, the parts ascending.
Result<PartOutcome> gather(const std::vector<state::GroupResult>& results) {
  PartOutcome whole;
  for (const state::GroupResult& result : results) {
    // A part job that ended in an error of the run left no result at all: its parts are missing.
    auto outcome = parse_part_outcome(result.payload);
    if (outcome.has_error()) return outcome.error();
    whole.done.insert(whole.done.end(), outcome->done.begin(), outcome->done.end());
    whole.changed |= outcome->changed;
    if (outcome->error && !whole.error) whole.error = outcome->error;
  }
  std::sort(whole.done.begin(), whole.done.end(),
            [](const PartDone& a, const PartDone& b) { return a.number < b.number; });
  return whole;
}

}  // namespace

Async<Result<engine::Finished>> FinishJob::run(engine::JobContext& context) {
  auto payload = parse_finish_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  const state::GroupId group = context.job().group.value_or(0);
  auto results = co_await context.with_state(
      [&](state::State& state) { return state.jobs().group_results(group); });
  if (results.has_error()) co_return results.error();
  auto outcome = gather(*results);
  if (outcome.has_error()) co_return outcome.error();
  if (!context.may_start()) co_return cancelled_error();

  const Item& item = payload->plan.item;
  const bool whole = outcome->done.size() == payload->plan.parts.part_count;
  if (!outcome->changed && !outcome->error && !whole) {
    outcome->error = Error{ErrorCode::internal, "parts of the object are missing", ""};
  }
  if (outcome->changed || outcome->error) {
    co_return co_await drop_upload(context, std::move(*payload), std::move(*outcome));
  }
  UploadCompletion::Completed completed;
  const std::string& etag = completed.etag;
  auto proof =
      co_await UploadCompletion(lane_).complete(&context, *payload, outcome->done, &completed);
  if (proof.has_error()) {
    auto planned = co_await plan_after_refusal(&context, &*payload, &*outcome, proof.error(), etag);
    if (planned.has_error()) co_return planned.error();
    co_return co_await drop_upload(context, std::move(*payload), std::move(*outcome));
  }
  if (lane_.stores.source.limits().looks_are_local) {
    auto written =
        co_await was_written_meanwhile(&lane_.stores.source, item.key, payload->plan.source_etag);
    if (written.has_error() && is_for_another_try(context, written.error()))
      co_return written.error();
    if (written.has_value() && *written) {
      outcome->changed = true;
      payload->plan.item.set_destination(etag);
      co_return co_await drop_upload(context, std::move(*payload), std::move(*outcome));
    }
  }
  engine::Finished finished;
  auto kept = co_await check_object(&context, &payload->plan, etag, &finished.effects.warnings);
  kept_checks_.report(&finished);
  if (kept.has_error() && is_for_another_try(context, kept.error())) co_return kept.error();
  // One that may be open stays on record, and the end of the run tries again.
  if (!completed.may_be_open) finished.effects.uploads_closed.push_back(payload->upload_row);
  if (kept.has_error() || !*kept) {
    end_otherwise(payload->plan.item, etag, kept, &finished);
    co_return finished;
  }
  objects::ObjectInfo source;
  source.key = item.key;
  source.size = payload->plan.parts.object_size_bytes;
  source.etag = payload->plan.source_etag;
  source.version_id = item.version;
  record_copied(lane_.options, source, {etag, "", {}, {}}, *proof,
                {payload->plan.read_from, lane_.clock.now()}, &finished);
  co_return finished;
}

// The upload was not completed, or what it made is not right: whether the object is sent again.
// Fails where this job is to be tried again.
Async<Result<void>> FinishJob::plan_after_refusal(engine::JobContext* context,
                                                  FinishPayload* payload, PartOutcome* outcome,
                                                  Error error, std::string etag) {
  Item& item = payload->plan.item;
  if (is_for_another_try(*context, error)) co_return error;
  outcome->error = error;
  // The upload is gone, or what it was to replace is, and the destination is not what it would have
  // made: begin again.
  outcome->changed =
      error.code == ErrorCode::not_found && error.reason != ErrorReason::unconfirmed_absence;
  // A part that was sent twice, because an answer was lost, may stand there under the ETag of the
  // other time.
  outcome->changed |=
      error.reason == ErrorReason::part_missing && item.replanned < replans_after_damage_max;
  // Bytes that were damaged on the way may come whole the next time.
  outcome->changed |=
      error.code == ErrorCode::data_corrupted && item.replanned < replans_after_damage_max;
  // What was completed is ours, and is replaced.
  if (!etag.empty()) item.set_destination(etag);
  // The destination is not as it was listed, and an earlier attempt of ours may be why: it may be
  // replaced.
  const bool ours = error.code == ErrorCode::precondition_failed && item.maybe_written;
  if (ours || error.code == ErrorCode::not_found) {
    auto present = co_await lane_.destination->head(lane_.options.destination_key_of(item.key), "");
    if (present.has_value() && ours) {
      item.set_destination(present->info.etag);
      outcome->changed = true;
    } else if (present.has_error() && present.error().code == ErrorCode::not_found) {
      item.set_destination_absent();
      outcome->changed = true;
    } else if (present.has_error() && is_for_another_try(*context, present.error())) {
      co_return present.error();
    }
  }
  co_return Result<void>();
}

// The upload is complete, and the object is not as it was sent: it is sent again, or recorded as
// failed.
void FinishJob::end_otherwise(Item item, const std::string& etag, const Result<bool>& kept,
                              engine::Finished* finished) {
  if (kept.has_value() && item.replanned < replans_max) {
    ++item.replanned;
    item.maybe_written = true;
    item.set_destination(etag);
    finished->effects.jobs.push_back(copy_job({std::move(item)}));
    return;
  }
  const Error error = kept.has_error() ? kept.error()
                                       : Error{ErrorCode::unsupported,
                                               "the destination keeps another encoding than the "
                                               "object was sent with. Copy to another destination",
                                               ""};
  record_failure(item.key, item.size, error, static_cast<int>(item.replanned) + 1,
                 lane_.clock.now(), finished, item.version);
}

// The upload cannot be completed: it is aborted, and the item planned afresh or recorded as failed.
Async<Result<engine::Finished>> FinishJob::drop_upload(engine::JobContext& context,
                                                       FinishPayload payload, PartOutcome outcome) {
  engine::Finished finished;
  Item item = payload.plan.item;
  auto aborted = co_await lane_.destination->abort_upload(
      lane_.options.destination_key_of(item.key), payload.upload_id);
  if (aborted.has_error() && is_for_another_try(context, aborted.error()))
    co_return aborted.error();
  // One that cannot be aborted stays on record, and the end of the run tries again.
  if (aborted.has_value()) finished.effects.uploads_closed.push_back(payload.upload_row);
  if (outcome.changed && item.replanned < replans_max) {
    ++item.replanned;
    // A Complete that was sent may have taken effect before somebody else replaced its object.
    item.maybe_written = true;
    finished.effects.jobs.push_back(copy_job({std::move(item)}));
    co_return finished;
  }
  const Error error =
      outcome.error.value_or(Error{ErrorCode::precondition_failed,
                                   "the object changed again and again while it was being copied; "
                                   "run again when that has calmed down",
                                   ""});
  record_failure(item.key, item.size, error, static_cast<int>(item.replanned) + 1,
                 lane_.clock.now(), &finished, item.version);
  co_return finished;
}

// What was written as asked for may lie there otherwise. False: it has to be sent again.
Async<Result<bool>> FinishJob::check_object(engine::JobContext* context, const UploadPlan* plan,
                                            std::string etag, std::vector<std::string>* warnings) {
  const std::string key = lane_.options.destination_key_of(plan->item.key);
  if (plan->item.last) {
    auto kept = co_await NameChecks(lane_).check_name_was_kept(key, etag);
    if (kept.has_error()) co_return kept.error();
  }
  if (lane_.stores.destination.limits().keeps_what_is_sent) co_return true;
  auto kept = co_await NameFolding(lane_).check_untried(key, etag, warnings);
  if (kept.has_error()) co_return kept.error();
  if (!lane_.kept->knows_spent()) {
    auto counted = co_await kept_checks_.count_looks(context);
    if (counted.has_error()) co_return counted.error();
  }
  auto look = kept_checks_.plan_look(plan->metadata, {}, true, false);
  if (look.has_error()) co_return look.error();
  if (!*look) co_return true;
  (*look)->size = plan->parts.object_size_bytes;
  co_return co_await kept_checks_.check(look->get(), key, etag, warnings);
}

}  // namespace dth::object_copy

#include "base/async_scope.h"
#include "base/retry.h"
#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/copy/item_inspector.h"
#include "plugins/object_copy/rules/comparison.h"

namespace dth::object_copy {

namespace {

Error not_the_listed_object(Error refusal) {
  return Error{ErrorCode::unavailable, ErrorReason::foreign_answer,
               "the answer has another ETag than the object has in the source's listing, which was "
               "asked for again: it is not the object (a proxy's page?)",
               refusal.to_string()};
}

// How long a crash may set a batch back.
constexpr std::chrono::seconds record_interval{2};

// Listings do not show every archive: of some the first to tell is the refusal to read.
bool says_archived(const Error& error) { return error.reason == ErrorReason::object_archived; }

}  // namespace

std::vector<Item> ObjectCopyRunner::Batch::rest(bool in_flight) const {
  std::vector<Item> left;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (settled[i]) continue;
    left.push_back(items[i]);
    if (in_flight && i < next) left.back().maybe_written = true;
  }
  return left;
}

Async<Result<engine::Finished>> ObjectCopyRunner::copy(engine::JobContext& context) {
  auto payload = parse_copy_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  FoldingSet claimed;
  std::optional<FoldingTrial> trial;
  if (!lane_.stores.destination.limits().keeps_names) {
    auto open = co_await claim_foldings(&context, &payload->items);
    if (open.has_error()) co_return open.error();
    claimed = *open;
    if (claimed.any()) trial.emplace(lane_.kept, claimed);
    auto put_off = co_await put_off_awkward_names(&context, &payload->items);
    if (put_off.has_error()) co_return put_off.error();
  }
  if (payload->items.size() == 1 && is_for_parts(payload->items[0]) && !payload->items[0].unsure &&
      !copies_within(payload->items[0])) {
    co_return co_await begin_upload(context, std::move(payload->items[0]));
  }
  co_return co_await copy_batch(context, std::move(payload->items),
                                lane_.tuning.objects_in_flight_per_job_max, claimed);
}

Async<Result<engine::Finished>> ObjectCopyRunner::copy_batch(engine::JobContext& context,
                                                             std::vector<Item> items,
                                                             std::size_t at_once,
                                                             FoldingSet claimed) {
  if (!lane_.stores.destination.limits().keeps_what_is_sent && !lane_.kept->knows_spent()) {
    auto counted = co_await count_looks(&context);
    if (counted.has_error()) co_return counted.error();
  }
  Batch batch{context, std::move(items)};
  // Known to this job only: what is handed on as a new job must not forget it.
  for (Item& item : batch.items)
    item.maybe_written = item.maybe_written || context.attempted_before();
  if (claimed.any() && !batch.items.empty()) {
    co_await try_foldings(&batch, claimed);
    if (batch.failure) co_return *batch.failure;
    // The rest comes back, and is put off.
    batch.closed = batch.closed || (lane_.kept->folded() & claimed).any();
  }
  AsyncScope keeper(lane_.executor);
  keeper.spawn(keep_record(&batch));
  AsyncScope copiers(lane_.executor);
  const std::size_t count = std::min<std::size_t>(batch.items.size(), at_once);
  for (std::size_t i = 0; i < count; ++i) copiers.spawn(copy_from(&batch));
  co_await copiers.join();
  co_await keeper.stop();
  if (batch.failure) co_return *batch.failure;
  std::vector<Item> rest = batch.rest(false);
  if (!rest.empty()) {
    const bool last = rest.front().last;
    batch.finished.effects.jobs.push_back(last ? last_job(std::move(rest))
                                               : copy_job(std::move(rest)));
  }
  report_kept(&batch.finished);
  batch.finished.halt = std::move(batch.lockout);
  co_return std::move(batch.finished);
}

bool ObjectCopyRunner::is_for_parts(const Item& item) const {
  return item.size > (item.in_one ? lane_.stores.destination.limits().put_size_max
                                  : lane_.options.multipart_threshold_bytes);
}

// Records now and then what is done, so that a process that is killed again and again still gets
// on.
Async<void> ObjectCopyRunner::keep_record(Batch* batch) {
  for (;;) {
    // A stop that came while a record was written finds no wait to end.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return;
    auto slept = co_await lane_.clock.sleep_for(record_interval);
    if (slept.has_error()) co_return;
    if (batch->finished.lines.empty()) continue;
    engine::Finished part = std::exchange(batch->finished, {});
    part.effects.counts += lane_.take_request_counts();
    std::string rest = to_json(CopyPayload{batch->rest(true)});
    auto recorded = co_await batch->context.advance(std::move(rest), std::move(part.effects),
                                                    std::move(part.lines));
    if (recorded.has_error()) {
      batch->failure = recorded.error();
      co_return;
    }
  }
}

Async<void> ObjectCopyRunner::copy_from(Batch* batch) {
  for (;;) {
    auto turn = lane_.in_flight.try_enter();
    if (!turn) turn = co_await lane_.in_flight.enter();
    if (turn->has_error()) co_return;
    // Asked now, and not before the wait: much may have happened meanwhile.
    const bool goes_on = batch->next < batch->items.size() && !batch->failure && !batch->lockout &&
                         !batch->closed && !batch->context.stop_requested() &&
                         batch->context.may_start();
    if (!goes_on) {
      lane_.in_flight.leave(**turn, std::nullopt);
      co_return;
    }
    const std::size_t index = batch->next++;
    co_await copy_item(batch, index);
    lane_.in_flight.leave(
        **turn, batch->settled[index] ? std::optional(batch->items[index].size) : std::nullopt);
  }
}

Async<void> ObjectCopyRunner::copy_item(Batch* batch, std::size_t index) {
  Attempt attempt{index, batch->items[index]};
  attempt.wrote = attempt.item.maybe_written;
  RetryOptions options;
  options.policy.attempts_max = static_cast<int>(lane_.tuning.attempts_max);
  options.seed = lane_.tuning.retry_seed + static_cast<std::uint32_t>(index);
  options.when_throttled = [this] { lane_.in_flight.throttled(); };
  options.outages = &lane_.outages;
  RetryReport report;
  auto ended = co_await retry(
      lane_.clock, options, [&] { return attempt_copy(batch, &attempt); }, &report);
  lane_.retries += static_cast<std::uint64_t>(report.attempts - 1);
  if (ended.has_value() && attempt.end == Attempt::End::copied) co_return;  // recorded when it was
  attempt.item.maybe_written = attempt.wrote;
  if (ended.has_error() &&
      (ended.error().code == ErrorCode::cancelled || report.stopped == RetryStop::cancelled)) {
    batch->items[index] = std::move(attempt.item);
    co_return;
  }
  if (ended.has_error() && engine::stops_run(ended.error())) {
    // So would all others: none of them has failed, they wait for other credentials, or for space.
    batch->items[index] = std::move(attempt.item);
    batch->lockout = ended.error();
    co_return;
  }
  batch->settled[index] = true;
  if (ended.has_value() && attempt.end == Attempt::End::left_alone) co_return;
  const bool refused_by_archive = ended.has_error() && says_archived(ended.error()) &&
                                  goes_for_restore(lane_.options, attempt.item);
  if (refused_by_archive || (ended.has_value() && attempt.end == Attempt::End::to_restore)) {
    batch->finished.effects.jobs.push_back(restore_job({{std::move(attempt.item)}, {}}));
    co_return;
  }
  if (ended.has_error()) {
    if (attempt.item.named) batch->finished.effects.counts[state::Counter::selected] += 1;
    record_failure(attempt.item.key, attempt.item.size, ended.error(), report.attempts,
                   lane_.clock.now(), &batch->finished, attempt.item.version);
  } else if (attempt.end == Attempt::End::vanished) {
    record_vanished(attempt.item, lane_.clock.now(), &batch->finished);
  } else {
    batch->closed = attempt.item.last;  // its parts first, then the next name
    batch->finished.effects.jobs.push_back(copy_job({std::move(attempt.item)}));
  }
}

// One try of one object: true when it is settled, one way or another. Loops only over what the try
// itself learns: that the source changed, that a declared digest was wrong, that the destination is
// not as listed. Each happens a bounded number of times.
Async<Result<bool>> ObjectCopyRunner::attempt_copy(Batch* batch, Attempt* attempt) {
  if (attempt->item.last) {
    auto is_free = co_await check_name_is_free(attempt);
    if (is_free.has_error()) co_return is_free.error();
  }
  for (int turn = 0; turn < 12; ++turn) {
    if (!batch->context.may_start()) co_return cancelled_error();
    if (attempt->item.named || attempt->item.unsure) {
      auto settled = co_await decide(batch, attempt);
      if (settled.has_error() || *settled) co_return settled;
    }
    if (copies_within(attempt->item)) {
      auto settled = co_await copy_within(batch, attempt);
      if (settled.has_error() || *settled) co_return settled;
      continue;
    }
    if (is_for_parts(attempt->item)) {
      attempt->end = Attempt::End::replanned;
      co_return true;
    }
    objects::GetRequest request;
    request.key = attempt->item.key;
    request.version_id = attempt->item.version;
    if (attempt->pinned) {
      request.if_match = attempt->item.etag;
      request.size_expected = attempt->item.size;
    }
    attempt->read_from = lane_.clock.now();
    auto source = co_await lane_.stores.source.get(std::move(request));
    if (source.has_error()) {
      if (may_mean_no_such_object(source.error())) {
        auto settled = co_await settle_absence(attempt, std::move(source.error()));
        if (settled.has_error() || *settled) co_return settled;
        continue;
      }
      if (source.error().code == ErrorCode::precondition_failed && attempt->pinned) {
        auto same = co_await is_listed_as(lane_.source.get(), attempt->item.key, attempt->item.etag,
                                          source.error());
        if (same.has_error()) co_return same.error();
        if (*same) co_return not_the_listed_object(std::move(source.error()));
        attempt->pinned =
            false;  // it was replaced since it was listed: take what is there now, as one whole
        continue;
      }
      co_return source.error();
    }
    if (attempt->pinned && source->head.info.size != attempt->item.size) {
      if (!attempt->item.etag.empty())
        co_return other_size(attempt->item.size, source->head.info.size.value());
      attempt->pinned = false;  // nothing but its size told that it is another one now
    }
    if (!attempt->pinned) {
      attempt->item.size = source->head.info.size.value();
      attempt->item.etag = source->head.info.etag;
      if (lane_.options.in_place) attempt->item.set_destination(source->head.info.etag);
      if (is_for_parts(attempt->item)) {
        attempt->end = Attempt::End::replanned;
        co_return true;
      }
    }
    auto settled = co_await transfer(batch, attempt, &*source);
    if (settled.has_error() || *settled) co_return settled;
  }
  co_return Error{ErrorCode::precondition_failed,
                  "the object changed again and again while it was being copied, at the source or "
                  "at the destination; "
                  "run again when that has calmed down",
                  ""};
}

// An item of which the listings did not tell enough. True: it is settled, there is nothing to copy
// in this batch.
Async<Result<bool>> ObjectCopyRunner::decide(Batch* batch, Attempt* attempt) {
  const bool named = attempt->item.named;
  objects::ObjectInfo source;
  auto looked = co_await ItemInspector(lane_).inspect_item(&attempt->item, &source);
  if (looked.has_error()) co_return looked.error();
  state::Counts& counts = batch->finished.effects.counts;
  if (named && *looked != ItemVerdict::left_out) counts[state::Counter::selected] += 1;
  attempt->item.named = attempt->item.unsure = false;
  // From here on the record has it so: its count goes with it.
  batch->items[attempt->index] = attempt->item;
  attempt->end = Attempt::End::left_alone;
  switch (*looked) {
    case ItemVerdict::left_out:
      co_return true;
    case ItemVerdict::same:
      counts[state::Counter::skipped] += 1;
      co_return true;
    case ItemVerdict::archived:
      record_archived(source, lane_.clock.now(), &batch->finished);
      co_return true;
    case ItemVerdict::vanished:
      attempt->end = Attempt::End::vanished;
      co_return true;
    case ItemVerdict::to_restore:
    case ItemVerdict::to_copy:
      break;
  }
  if (lane_.options.dry_run) {
    counts[state::Counter::bytes] += static_cast<std::int64_t>(attempt->item.size);
    co_return true;
  }
  if (*looked == ItemVerdict::to_restore) {
    attempt->end = Attempt::End::to_restore;
    co_return true;
  }
  if (attempt->item.size > lane_.options.multipart_threshold_bytes) {
    attempt->end = Attempt::End::replanned;
    co_return true;
  }
  attempt->end = Attempt::End::copied;
  co_return false;
}

}  // namespace dth::object_copy

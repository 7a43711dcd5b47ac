#include "plugins/object_copy/restore/restore_job.h"

#include "base/async_scope.h"
#include "options/amounts.h"
#include "plugins/object_copy/copy/absence.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/restore/archived.h"

namespace dth::object_copy {

// A batch in work, and what became of its items.
struct RestoreJob::Batch {
  engine::JobContext& context;
  std::vector<Item> items;
  std::size_t next = 0;  // the first that was not begun
  std::vector<Item> ready = {};
  std::vector<Item> waiting = {};
  engine::Finished finished = {};
};

Async<Result<engine::Finished>> RestoreJob::run(engine::JobContext& context) {
  auto payload = parse_restore_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  const TimePoint now = lane_.clock.now();
  const TimePoint since = payload->since == TimePoint{} ? now : payload->since;
  const TimePoint deadline = since + lane_.options.restore.wait;
  Batch batch{context, std::move(payload->items)};
  AsyncScope lookers(lane_.executor);
  const std::size_t count =
      std::min<std::size_t>(batch.items.size(), lane_.tuning.objects_in_flight_per_job_max);
  for (std::size_t i = 0; i < count; ++i) lookers.spawn(make_readable_from(&batch));
  co_await lookers.join();

  // Stopped: the rest is looked at by whoever goes on.
  const bool stopped = batch.next < batch.items.size();
  batch.waiting.insert(batch.waiting.end(),
                       batch.items.begin() + static_cast<std::ptrdiff_t>(batch.next),
                       batch.items.end());
  if (!batch.ready.empty()) batch.finished.effects.jobs.push_back(copy_job(std::move(batch.ready)));
  if (batch.waiting.empty()) co_return std::move(batch.finished);
  if (now >= deadline && !stopped) {
    const Error late{ErrorCode::timeout,
                     "the object is archived and was not restored within " +
                         options::format_duration(lane_.options.restore.wait) +
                         " (--restore-wait); it may be restored by now, run again",
                     ""};
    for (const Item& item : batch.waiting) {
      record_failure(item.key, item.size, late, context.job().attempts, now, &batch.finished,
                     item.version);
    }
    co_return std::move(batch.finished);
  }
  state::NewJob later = restore_job({std::move(batch.waiting), since});
  if (!stopped) later.not_before = std::min(now + lane_.options.restore.poll, deadline);
  batch.finished.effects.jobs.push_back(std::move(later));
  co_return std::move(batch.finished);
}

Async<void> RestoreJob::make_readable_from(Batch* batch) {
  for (;;) {
    auto turn = co_await lane_.in_flight.enter();
    if (turn.has_error()) co_return;
    if (batch->next >= batch->items.size() || batch->context.stop_requested() ||
        !batch->context.may_start() || batch->finished.halt) {
      lane_.in_flight.leave(*turn, std::nullopt);
      co_return;
    }
    Item item = batch->items[batch->next++];
    auto readable = co_await make_readable(&batch->context, item);
    lane_.in_flight.leave(*turn,
                          readable.has_value() ? std::optional<std::uint64_t>(0) : std::nullopt);
    if (readable.has_value()) {
      item.restored = *readable;
      (*readable ? batch->ready : batch->waiting).push_back(std::move(item));
      continue;
    }
    const Error& error = readable.error();
    if (says_no_such_object(error)) {
      record_deleted_at_source(item, lane_.clock.now(), &batch->finished);
    } else if (error.code == ErrorCode::cancelled || engine::stops_run(error) ||
               is_retryable(error.code)) {
      // There is time: it is asked for again at the next look.
      if (engine::stops_run(error)) batch->finished.halt = error;
      batch->waiting.push_back(std::move(item));
    } else {
      record_failure(item.key, item.size, error, 1, lane_.clock.now(), &batch->finished,
                     item.version);
    }
  }
}

// Can it be read by now? If not, that has been asked for.
Async<Result<bool>> RestoreJob::make_readable(engine::JobContext* context, Item item) {
  auto head = co_await head_for_certain(lane_.source.get(), item.key, item.version, item.etag);
  if (head.has_error()) co_return head.error();
  if (!has_to_be_restored(*head)) co_return true;
  if (head->archive == objects::Archive::restoring) co_return false;
  if (!context->may_start()) co_return cancelled_error();
  objects::RestoreRequest request;
  request.key = item.key;
  request.version_id = item.version;
  request.days = head->archive == objects::Archive::archived_tier ? 0 : lane_.options.restore.days;
  request.tier = lane_.options.restore.tier;
  auto asked = co_await lane_.source->restore(std::move(request));
  if (asked.has_error())
    co_return std::move(asked.error())
        .with_context("the archived object could not be restored (s3:RestoreObject)");
  co_return false;
}

}  // namespace dth::object_copy

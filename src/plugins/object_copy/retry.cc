#include <set>

#include "base/async_scope.h"
#include "plugins/object_copy/runner.h"
#include "plugins/object_copy/scan_step.h"

namespace dth::object_copy {
namespace {

constexpr std::size_t page_size = 500;
constexpr std::size_t looks_in_flight_max = 32;

}  // namespace

state::NewJob retry_job(RetryPayload payload) {
  state::NewJob job;
  job.kind = kind_retry;
  job.payload = to_json(payload);
  return job;
}

// Failed items on their way to be looked at again.
struct ObjectCopyRunner::LookedAt {
  state::Failure failure;
  std::optional<objects::ObjectHead> source = {};       // none: it is gone
  std::optional<objects::ObjectHead> destination = {};  // none: there is none
  std::optional<Error> error = {};
};

// Takes the failures of the other run page by page, as a scan takes the listings: what each item is like today decides
// what becomes of it, and the conditions of its write are of today.
Async<Result<engine::Finished>> ObjectCopyRunner::retry_failed(engine::JobContext& context) {
  auto payload = parse_retry_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  const std::set<std::string> wanted(payload->keys.begin(), payload->keys.end());
  for (;;) {
    auto page = co_await context.with_state(
        [&](state::State& state) { return state.failures(payload->run, payload->offset, page_size); });
    if (page.has_error()) co_return page.error();
    const std::size_t failures = page->size();
    std::vector<LookedAt> items;
    for (state::Failure& failure : *page) {
      if (wanted.empty() || wanted.contains(failure.key)) items.push_back({std::move(failure)});
    }
    auto looked = co_await look_again(&context, &items);
    if (looked.has_error()) co_return looked.error();
    engine::Finished finished = decide_again(items);
    payload->offset += failures;
    if (failures < page_size) co_return finished;
    if (context.stop_requested()) {
      finished.effects.jobs.push_back(retry_job(std::move(*payload)));
      co_return finished;
    }
    finished.effects.counts += take_request_counts();
    auto recorded = co_await context.advance(to_json(*payload), std::move(finished.effects), std::move(finished.lines));
    if (recorded.has_error()) co_return recorded.error();
    auto room = co_await context.wait_for_room(kind_copy, tuning_.backlog_items_max);
    if (room.has_error() && !context.stop_requested()) co_return room.error();
  }
}

Async<Result<void>> ObjectCopyRunner::look_again(engine::JobContext* context, std::vector<LookedAt>* items) {
  std::size_t next = 0;
  AsyncScope lookers(executor_);
  const std::size_t count = std::min(items->size(), looks_in_flight_max);
  for (std::size_t i = 0; i < count; ++i) lookers.spawn(look_from(context, items, &next));
  co_await lookers.join();
  // What was not begun was stopped, by the lease's end or by us: the page is looked at again.
  if (next < items->size()) co_return cancelled_error();
  for (const LookedAt& item : *items) {
    if (item.error && is_for_another_try(*context, *item.error)) co_return *item.error;
  }
  co_return Result<void>();
}

Async<void> ObjectCopyRunner::look_from(engine::JobContext* context, std::vector<LookedAt>* items, std::size_t* next) {
  while (*next < items->size() && context->may_start()) {
    LookedAt& item = (*items)[(*next)++];
    auto source = co_await source_->head(item.failure.key, item.failure.version_id);
    if (source.has_error() && source.error().code != ErrorCode::not_found) item.error = source.error();
    if (source.has_error()) continue;
    item.source = std::move(*source);
    item.source->info.key = item.failure.key;
    auto destination = co_await destination_->head(options_.destination_key_of(item.failure.key), "");
    if (destination.has_value()) {
      item.destination = std::move(*destination);
    } else if (destination.error().code != ErrorCode::not_found) {
      item.error = destination.error();
    }
  }
}

engine::Finished ObjectCopyRunner::decide_again(const std::vector<LookedAt>& items) {
  const TimePoint now = clock_.now();
  ScanStep step(options_, tuning_, stores_.destination.limits());
  engine::Finished ended;  // those that are over already
  for (const LookedAt& item : items) {
    if (!item.error && item.source) {
      step.see(item.source->info, item.destination ? &item.destination->info : nullptr, now);
      continue;
    }
    ended.effects.counts[state::Counter::scanned] += 1;
    ended.effects.counts[state::Counter::selected] += 1;
    if (item.error) {
      record_failure(item.failure.key, item.failure.size, *item.error, 1, now, &ended);
    } else {
      Item gone;
      gone.key = item.failure.key;
      gone.size = item.failure.size;
      record_vanished(gone, now, &ended);
    }
  }
  engine::Finished finished = step.take();
  finished.effects.counts += ended.effects.counts;
  finished.effects.failures.insert(finished.effects.failures.end(), ended.effects.failures.begin(), ended.effects.failures.end());
  finished.lines.append(ended.lines);
  return finished;
}

}  // namespace dth::object_copy

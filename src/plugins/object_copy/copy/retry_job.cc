#include "plugins/object_copy/copy/retry_job.h"

#include <set>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/new_jobs.h"

namespace dth::object_copy {
namespace {

constexpr std::size_t page_size = 1'000;

// What could not be removed is found again by listings of both sides, behind the brakes, as any
// deletion is.
state::NewJob find_extra_of_retry(const RetryPayload& retry) {
  FindExtraPayload payload;
  payload.retry_of = retry.run;
  payload.keys = retry.keys;
  return find_extra_job(payload);
}

}  // namespace
// Takes the failures of the other run page by page, as a scan takes the listings. Its items are
// looked at afresh when they are copied: what they are like then decides what becomes of them, and
// what is there then are the conditions of writing.
Async<Result<engine::Finished>> RetryJob::run(engine::JobContext& context) {
  auto payload = parse_retry_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  const std::set<std::string> wanted(payload->keys.begin(), payload->keys.end());
  for (;;) {
    auto page = co_await context.with_state([&](state::State& state) {
      return state.records().failures(payload->run, payload->offset, page_size);
    });
    if (page.has_error()) co_return page.error();
    std::vector<Item> items;
    std::vector<std::string> folders;
    for (const state::Failure& failure : *page) {
      if (!wanted.empty() && !wanted.contains(failure.key)) continue;
      if (failure.step == step_remove) {
        payload->removals = true;
        continue;
      }
      if (failure.step == step_list) {
        folders.push_back(failure.key);
        continue;
      }
      Item item;
      item.key = failure.key;
      item.version = failure.version_id;
      item.state = ItemState::named;
      items.push_back(std::move(item));
    }
    engine::Finished finished;
    finished.effects.counts[Counter::scanned] += static_cast<std::int64_t>(items.size());
    if (!items.empty()) finished.effects.jobs.push_back(copy_job(std::move(items)));
    for (const std::string& folder : folders) {
      ScanPayload scan;
      scan.prefixes = {folder};
      finished.effects.jobs.push_back(scan_job(std::move(scan)));
    }
    payload->offset += page->size();
    if (page->size() < page_size) {
      if (payload->removals) finished.effects.jobs.push_back(find_extra_of_retry(*payload));
      co_return finished;
    }
    if (context.stop_requested()) {
      finished.effects.jobs.push_back(retry_job(std::move(*payload)));
      co_return finished;
    }
    ledger::LineBuffer no_lines;
    auto recorded = co_await context.advance(to_json(*payload), std::move(finished.effects),
                                             std::move(no_lines));
    if (recorded.has_error()) co_return recorded.error();
    auto room = co_await context.wait_for_room(kind_copy, lane_.tuning.backlog_items_max);
    if (room.has_error() && !context.stop_requested()) co_return room.error();
  }
}

}  // namespace dth::object_copy

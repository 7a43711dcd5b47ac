#include "plugins/object_copy/scan/scan_job.h"

#include <algorithm>

#include "plugins/object_copy/copy/item_inspector.h"
#include "plugins/object_copy/copy/name_checks.h"
#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/rules/merge.h"
#include "plugins/object_copy/scan/earlier_ledger.h"
#include "plugins/object_copy/scan/list_job.h"
#include "plugins/object_copy/scan/listing.h"
#include "plugins/object_copy/scan/scan_loop.h"
#include "plugins/object_copy/scan/scan_step.h"
#include "plugins/object_copy/scan/sorted_listing.h"

namespace dth::object_copy {

// Two sides that are walked in step.
struct ScanJob::Walk {
  PageSource& source_pages;
  PageSource& destination_pages;
  MergeSide& source;
  MergeSide& destination;
  std::string& cursor;  // the last key of the source that was seen
};

namespace {

Async<Result<void>> feed(PageSource* listing, MergeSide* side) {
  listing->take_back(side->take_page());
  auto page = co_await listing->next();
  if (page.has_error()) co_return page.error();
  co_return side->feed(std::move(page->objects), page->ended);
}

using Recorded = std::vector<std::vector<RecordedCopy>>;

// The source's next page, and what an earlier ledger holds of its keys.
Async<Result<void>> feed_source(PageSource* listing, MergeSide* side, EarlierLedger* earlier,
                                Recorded* recorded) {
  listing->take_back(side->take_page());
  auto page = co_await listing->next();
  if (page.has_error()) co_return page.error();
  recorded->clear();
  if (earlier) {
    std::vector<std::string_view> keys;
    for (const objects::ObjectInfo& object : page->objects) keys.push_back(object.key);
    auto found = co_await run_blocking(earlier->blocking(), [&] { return earlier->find(keys); });
    if (found.has_error()) co_return found.error();
    *recorded = std::move(*found);
  }
  co_return side->feed(std::move(page->objects), page->ended);
}

}  // namespace

Async<Result<engine::Finished>> ScanJob::run(engine::JobContext& context) {
  if (lane_.options.scope == SourceScope::object) co_return co_await scan_one_object();
  auto payload = parse_scan_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  if (payload->list) co_return co_await ListJob(lane_).run(context, std::move(*payload));
  // Whatever lane comes to it reads a piece, until all of it is read.
  for (bool read = !lane_.stores.earlier; !read;) {
    if (context.stop_requested()) co_return cancelled_error();
    auto all = co_await run_blocking(lane_.stores.earlier->blocking(),
                                     [this] { return lane_.stores.earlier->read_some(); });
    if (all.has_error()) co_return all.error();
    read = *all;
  }
  auto seen = co_await begin_to_see(&context);
  if (seen.has_error()) co_return seen.error();
  ScanStep step(lane_.options, lane_.tuning, lane_.stores.destination.limits(), *seen);
  co_return co_await scan_prefixes(this, context, &step, std::move(*payload));
}

// Where the keys of the source are remembered: in a mirror, which compares with them what it lists
// before it deletes. Null elsewhere.
Async<Result<SeenKeys*>> ScanJob::begin_to_see(engine::JobContext* context) {
  if (lane_.options.action != options::Action::sync || lane_.options.dry_run) co_return nullptr;
  const std::string run = context->job().run;
  const bool is_first = lane_.seen.enter(run);
  // What an attempt saw and did not record is seen again, perhaps by another process.
  if (context->attempted_before()) lane_.seen.forget();
  if (!is_first) co_return &lane_.seen;
  auto found =
      co_await context->with_state([&](state::State& state) { return state.runs().find_run(run); });
  if (found.has_error()) lane_.seen.forget();
  if (found.has_error()) co_return found.error();
  if (found->counts[Counter::scanned] > 0) lane_.seen.forget();
  co_return &lane_.seen;
}

Async<Result<bool>> ScanJob::record(engine::JobContext& context, ScanStep* step,
                                    ScanPayload payload) {
  co_return co_await record_scan(&lane_, &context, step, std::move(payload));
}

// Looks at all that is under one prefix, from where `payload` says on, which it moves. False: it
// is to be handed on.
Async<Result<bool>> ScanJob::scan_prefix(engine::JobContext& context, ScanStep* step,
                                         ScanPayload* payload) {
  const std::string prefix =
      payload->prefixes.empty() ? lane_.options.source_key : payload->prefixes.front();
  if (payload->sorted) co_return co_await scan_sorted(context, step, payload, prefix);
  const std::string destination_prefix = lane_.options.destination_key_of(prefix);
  const bool has_folders =
      lane_.source->limits().keys_are_paths || lane_.destination->limits().keys_are_paths;
  const std::string source_after = start_behind(payload->after, has_folders);
  const std::string destination_after =
      source_after.empty() ? "" : lane_.options.destination_key_of(source_after);
  Listing source_listing(*lane_.source, lane_.executor, prefix, source_after,
                         lane_.options.left_out_folders(lane_.options.source_key));
  Listing destination_listing(*lane_.destination, lane_.executor, destination_prefix,
                              destination_after,
                              lane_.options.left_out_folders(lane_.options.destination_key), true);
  MergeSide source("source", prefix, source_after);
  MergeSide destination("destination", destination_prefix, destination_after);
  Walk walk{source_listing, destination_listing, source, destination, payload->after};
  step->go_on_behind(payload->after);
  auto ended = co_await walk_both(context, step, payload, &walk);
  co_await source_listing.stop();
  co_await destination_listing.stop();
  if (!source.out_of_order() && !destination.out_of_order()) co_return ended;
  // One of them is in an order of its own. What was seen is seen; the rest is sorted first.
  payload->sorted = true;
  auto recorded = co_await record(context, step, *payload);
  if (recorded.has_error()) co_return recorded.error();
  if (!*recorded) co_return false;
  co_return co_await scan_sorted(context, step, payload, prefix);
}

// The same with listings that have to be read as a whole and sorted before they can be merged.
Async<Result<bool>> ScanJob::scan_sorted(engine::JobContext& context, ScanStep* step,
                                         ScanPayload* payload, std::string prefix) {
  const std::string destination_prefix = lane_.options.destination_key_of(prefix);
  SortingThread sorting(context);
  const std::string& directory = lane_.tuning.temporary_directory;
  SortedListing sorted_source(sorting.blocking(), directory, lane_.tuning.sort_bytes_max);
  SortedListing sorted_destination(sorting.blocking(), directory, lane_.tuning.sort_bytes_max);
  Listing source_listing(*lane_.source, lane_.executor, prefix, "",
                         lane_.options.left_out_folders(lane_.options.source_key));
  auto filled = co_await sorted_source.fill(&context, &source_listing, &payload->after);
  if (filled.has_error() || !*filled) co_return filled;
  Listing destination_listing(*lane_.destination, lane_.executor, destination_prefix, "",
                              lane_.options.left_out_folders(lane_.options.destination_key), true);
  const std::string none;
  filled = co_await sorted_destination.fill(&context, &destination_listing, &none);
  if (filled.has_error() || !*filled) co_return filled;
  const std::string destination_after =
      payload->sorted_after.empty() ? "" : lane_.options.destination_key_of(payload->sorted_after);
  sorted_source.begin_after(payload->sorted_after);
  sorted_destination.begin_after(destination_after);
  MergeSide source("source", prefix, payload->sorted_after);
  MergeSide destination("destination", destination_prefix, destination_after);
  Walk walk{sorted_source, sorted_destination, source, destination, payload->sorted_after};
  co_return co_await walk_both(context, step, payload, &walk);
}

// Merges both sides to the end of the source, recording now and then. False: it is to be handed on.
Async<Result<bool>> ScanJob::walk_both(engine::JobContext& context, ScanStep* step,
                                       ScanPayload* payload, Walk* walk) {
  MergeSide& source = walk->source;
  MergeSide& destination = walk->destination;
  Recorded recorded;     // of the source's page that is in memory, key by key
  std::size_t next = 0;  // of these
  bool go_on = true;
  while (!source.exhausted() && go_on) {
    if (source.needs_page()) {
      auto fed =
          co_await feed_source(&walk->source_pages, &source, lane_.stores.earlier, &recorded);
      if (fed.has_error()) co_return fed.error();
      next = 0;
    }
    if (destination.needs_page()) {
      auto fed = co_await feed(&walk->destination_pages, &destination);
      if (fed.has_error()) co_return fed.error();
    }
    const TimePoint now = lane_.clock.now();
    bool seen = false;
    merge(source, destination, [&](const objects::ObjectInfo& from, const objects::ObjectInfo* to) {
      step->see(from, to, now, next < recorded.size() ? &recorded[next] : nullptr);
      ++next;
      seen = true;
      return !step->due();
    });
    if (seen) walk->cursor = step->cursor();
    go_on = !context.stop_requested();
    if (!step->due() || source.exhausted() || !go_on) continue;
    auto recorded_so_far = co_await record(context, step, *payload);
    if (recorded_so_far.has_error()) co_return recorded_so_far.error();
    go_on = *recorded_so_far;
  }
  co_return source.exhausted();
}

// The run's only object cannot be written.
engine::Finished ScanJob::fail_one(const objects::ObjectInfo& source, const Error& error) const {
  engine::Finished finished;
  finished.effects.counts[Counter::scanned] += 1;
  finished.effects.counts[Counter::selected] += 1;
  record_failure(source.key, source.size.value_or(0), error, 0, lane_.clock.now(), &finished);
  return finished;
}

Async<Result<engine::Finished>> ScanJob::scan_one_object() {
  auto head = co_await lane_.source->head(lane_.options.source_key, "");
  if (head.has_error()) {
    if (head.error().code != ErrorCode::not_found) co_return head.error();
    co_return std::move(head.error())
        .with_context(
            "there is no such object; to copy everything under it, end the source with a slash, "
            "to copy every "
            "key that begins so, use --prefix-match");
  }
  head->info.key = lane_.options.source_key;
  auto present = co_await lane_.destination->head(lane_.options.destination_key, "");
  if (present.has_error()) {
    auto gone = co_await ItemInspector(lane_).confirm_absence_of_destination(
        lane_.options.destination_key, std::move(present.error()));
    if (gone.has_error()) co_return gone.error();
  }
  if (present.has_value() && !lane_.stores.destination.limits().keeps_names) {
    auto own =
        co_await NameChecks(lane_).find_own(lane_.options.destination_key, present->info.etag);
    if (own.has_error() && own.error().reason == ErrorReason::name_not_kept)
      co_return fail_one(head->info, own.error());
  }
  ScanStep step(lane_.options, lane_.tuning, lane_.stores.destination.limits());
  step.see(head->info, present.has_value() ? &present->info : nullptr, lane_.clock.now());
  co_return step.take();
}

}  // namespace dth::object_copy

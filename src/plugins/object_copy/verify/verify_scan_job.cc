#include "plugins/object_copy/verify/verify_scan_job.h"

#include "plugins/object_copy/scan/list_job.h"
#include "plugins/object_copy/scan/paired_listings.h"
#include "plugins/object_copy/scan/scan_loop.h"
#include "plugins/object_copy/scan/sorted_listing.h"

namespace dth::object_copy {

Async<Result<engine::Finished>> VerifyScanJob::run(engine::JobContext& context) {
  if (lane_.options.scope == SourceScope::object) co_return co_await scan_one_object();
  auto payload = parse_scan_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  if (payload->list) co_return co_await ListJob(lane_).run(context, std::move(*payload));
  VerifyStep step(lane_.options, lane_.tuning, lane_.stores.source.limits(),
                  lane_.stores.destination.limits());
  co_return co_await scan_prefixes(this, context, &step, std::move(*payload));
}

// Looks at all that is under one prefix, at both sides, from where `payload` says on, which it
// moves. False: it is to be handed on.
Async<Result<bool>> VerifyScanJob::scan_prefix(engine::JobContext& context, VerifyStep* step,
                                               ScanPayload* payload) {
  const std::string prefix =
      payload->prefixes.empty() ? lane_.options.source_key : payload->prefixes.front();
  if (payload->sorted) co_return co_await scan_sorted(context, step, payload, prefix);
  PairedScope scope{prefix, lane_.options.destination_key_of(prefix)};
  if (!payload->after.empty()) scope.after = payload->after.substr(prefix.size());
  PairedListings sides(*lane_.source, *lane_.destination, lane_.executor, scope, lane_.options);
  step->go_on_behind(payload->after);
  auto ended = co_await walk_both(context, step, payload, &prefix, &sides);
  co_await sides.stop();
  if (!sides.out_of_order()) co_return ended;
  // One of them is in an order of its own. What was seen is seen; the rest is sorted first.
  payload->sorted = true;
  auto recorded = co_await record(context, step, *payload);
  if (recorded.has_error()) co_return recorded.error();
  if (!*recorded) co_return false;
  co_return co_await scan_sorted(context, step, payload, prefix);
}

// The same with listings that are read as a whole and sorted first. Either side's keys up to
// `payload->after`, as far as they came in order, were seen before.
Async<Result<bool>> VerifyScanJob::scan_sorted(engine::JobContext& context, VerifyStep* step,
                                               ScanPayload* payload, std::string prefix) {
  PairedScope scope{prefix, lane_.options.destination_key_of(prefix)};
  SortingThread sorting(context);
  const std::string& directory = lane_.tuning.temporary_directory;
  const std::size_t bytes_max = lane_.tuning.sort_bytes_max;
  auto source = std::make_unique<SortedListing>(sorting.blocking(), directory, bytes_max);
  auto destination = std::make_unique<SortedListing>(sorting.blocking(), directory, bytes_max);
  Listing source_listing(*lane_.source, lane_.executor, scope.source_prefix, "",
                         lane_.options.left_out_folders(lane_.options.source_key));
  auto filled = co_await source->fill(&context, &source_listing, &payload->after);
  if (filled.has_error() || !*filled) co_return filled;
  const std::string seen =
      payload->after.empty() ? "" : lane_.options.destination_key_of(payload->after);
  Listing destination_listing(*lane_.destination, lane_.executor, scope.destination_prefix, "",
                              lane_.options.left_out_folders(lane_.options.destination_key));
  filled = co_await destination->fill(&context, &destination_listing, &seen);
  if (filled.has_error() || !*filled) co_return filled;
  if (!payload->sorted_after.empty()) {
    scope.after = payload->sorted_after.substr(prefix.size());
    source->begin_after(payload->sorted_after);
    destination->begin_after(lane_.options.destination_key_of(payload->sorted_after));
  }
  step->go_on_behind(payload->sorted_after);
  PairedListings sides(std::move(source), std::move(destination), scope);
  co_return co_await walk_both(context, step, payload, &prefix, &sides);
}

// Walks both sides to their ends, recording now and then. False: it is to be handed on.
Async<Result<bool>> VerifyScanJob::walk_both(engine::JobContext& context, VerifyStep* step,
                                             ScanPayload* payload, const std::string* prefix,
                                             PairedListings* sides) {
  while (!sides->exhausted()) {
    auto read = co_await sides->read(lane_.clock.monotonic_now());
    if (read.has_error()) co_return read.error();
    const TimePoint now = lane_.clock.now();
    sides->walk(
        [&](std::string_view key, const objects::ObjectInfo* from, const objects::ObjectInfo* to) {
          step->see(*prefix, key, from, to, now);
          (payload->sorted ? payload->sorted_after : payload->after) = step->cursor();
          return !step->due();
        });
    if (sides->exhausted()) break;
    if (context.stop_requested()) co_return false;
    if (!step->due()) continue;
    auto recorded = co_await record(context, step, *payload);
    if (recorded.has_error() || !*recorded) co_return recorded;
  }
  co_return true;
}

Async<Result<bool>> VerifyScanJob::record(engine::JobContext& context, VerifyStep* step,
                                          ScanPayload payload) {
  std::vector<Room> rooms{{kind_check, lane_.tuning.backlog_items_max},
                          {kind_copy, lane_.tuning.backlog_items_max}};
  co_return co_await record_found(&lane_, &context, step->take(), to_json(payload),
                                  std::move(rooms));
}

Async<Result<engine::Finished>> VerifyScanJob::scan_one_object() {
  auto source = co_await lane_.source->head(lane_.options.source_key, "");
  if (source.has_error()) {
    if (source.error().code != ErrorCode::not_found) co_return source.error();
    co_return std::move(source.error())
        .with_context(
            "there is no such object; to check everything under it, end the source with a slash");
  }
  source->info.key = lane_.options.source_key;
  auto destination = co_await lane_.destination->head(lane_.options.destination_key, "");
  if (destination.has_error() && destination.error().code != ErrorCode::not_found)
    co_return destination.error();
  VerifyStep step(lane_.options, lane_.tuning, lane_.stores.source.limits(),
                  lane_.stores.destination.limits());
  step.see_source(source->info, destination.has_value() ? &destination->info : nullptr,
                  lane_.clock.now());
  co_return step.take();
}

}  // namespace dth::object_copy

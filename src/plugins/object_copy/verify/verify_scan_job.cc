#include "plugins/object_copy/verify/verify_scan_job.h"

#include "plugins/object_copy/scan/list_job.h"
#include "plugins/object_copy/scan/paired_listings.h"
#include "plugins/object_copy/scan/scan_loop.h"

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

// Looks at all that is beneath one prefix, at both sides, from where `payload` says on, which it
// moves. False: it is to be handed on.
Async<Result<bool>> VerifyScanJob::scan_prefix(engine::JobContext& context, VerifyStep* step,
                                               ScanPayload* payload) {
  const std::string prefix =
      payload->prefixes.empty() ? lane_.options.source_key : payload->prefixes.front();
  PairedScope scope{prefix, lane_.options.destination_key_of(prefix)};
  if (!payload->after.empty()) scope.after = payload->after.substr(prefix.size());
  PairedListings sides(*lane_.source, *lane_.destination, lane_.executor, scope, lane_.options);
  step->go_on_behind(payload->after);
  Result<bool> going_on = true;
  while (!sides.exhausted() && going_on.has_value() && *going_on) {
    auto read = co_await sides.read(lane_.clock.monotonic_now());
    if (read.has_error()) {
      going_on = read.error();
      break;
    }
    const TimePoint now = lane_.clock.now();
    sides.walk(
        [&](std::string_view key, const objects::ObjectInfo* from, const objects::ObjectInfo* to) {
          step->see(prefix, key, from, to, now);
          payload->after = step->cursor();
          return !step->due();
        });
    if (sides.exhausted()) break;
    if (context.stop_requested()) {
      going_on = false;
    } else if (step->due()) {
      going_on = co_await record(context, step, *payload);
    }
  }
  co_await sides.stop();
  co_return going_on;
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
            "there is no such object; to check everything beneath it, end the source with a slash");
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

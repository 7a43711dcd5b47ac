#include "plugins/object_copy/listing.h"
#include "plugins/object_copy/merge.h"
#include "plugins/object_copy/runner.h"
#include "plugins/object_copy/scan_step.h"

namespace dth::object_copy {
namespace {

state::NewJob scan_job(std::string after) {
  state::NewJob job;
  job.kind = kind_scan;
  job.payload = to_json(ScanPayload{std::move(after)});
  return job;
}

Async<Result<void>> feed(Listing* listing, MergeSide* side) {
  auto page = co_await listing->next();
  if (page.has_error()) co_return page.error();
  co_return side->feed(std::move(page->objects), page->ended);
}

}  // namespace

Async<Result<engine::Finished>> ObjectCopyRunner::scan(engine::JobContext& context) {
  auto payload = parse_scan_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  const std::string destination_after = payload->after.empty() ? "" : options_.destination_key_of(payload->after);
  Listing source_listing(*source_, executor_, options_.source_key, payload->after);
  Listing destination_listing(*destination_, executor_, options_.destination_key, destination_after);
  MergeSide source("source", options_.source_key, payload->after);
  MergeSide destination("destination", options_.destination_key, destination_after);
  ScanStep step(options_, tuning_, stores_.destination.limits());

  Result<void> state_of_work;
  bool handing_on = false;
  while (!source.exhausted() && state_of_work.has_value() && !handing_on) {
    if (source.needs_page()) state_of_work = co_await feed(&source_listing, &source);
    if (state_of_work.has_value() && destination.needs_page()) {
      state_of_work = co_await feed(&destination_listing, &destination);
    }
    if (state_of_work.has_error()) break;
    const TimePoint now = clock_.now();
    merge(source, destination, [&](const objects::ObjectInfo& from, const objects::ObjectInfo* to) {
      step.see(from, to, now);
      return !step.due();
    });
    handing_on = context.stop_requested();
    if (!step.due() || source.exhausted() || handing_on) continue;
    engine::Finished part = step.take();
    part.effects.counts += take_request_counts();
    std::string cursor = to_json(ScanPayload{step.cursor()});
    state_of_work = co_await context.advance(std::move(cursor), std::move(part.effects), std::move(part.lines));
    if (state_of_work.has_error()) break;
    state_of_work = co_await context.wait_for_room(kind_copy, tuning_.backlog_items_max);
    if (state_of_work.has_error() && context.stop_requested()) {
      handing_on = true;
      state_of_work = Result<void>();
    }
  }
  co_await source_listing.stop();
  co_await destination_listing.stop();
  if (state_of_work.has_error()) co_return state_of_work.error();
  engine::Finished finished = step.take();
  if (handing_on && !source.exhausted()) {
    const std::string& after = step.cursor().empty() ? payload->after : step.cursor();
    finished.effects.jobs.push_back(scan_job(after));
  }
  co_return finished;
}

Async<Result<engine::Finished>> ObjectCopyRunner::scan_one_object(engine::JobContext&) {
  auto head = co_await source_->head(options_.source_key, "");
  if (head.has_error()) {
    if (head.error().code != ErrorCode::not_found) co_return head.error();
    co_return std::move(head.error())
        .with_context("there is no such object; to copy everything beneath it, end the source with a slash, to copy every "
                      "key that begins so, use --prefix-match");
  }
  head->info.key = options_.source_key;
  auto present = co_await destination_->head(options_.destination_key, "");
  if (present.has_error() && present.error().code != ErrorCode::not_found) co_return present.error();
  ScanStep step(options_, tuning_, stores_.destination.limits());
  step.see(head->info, present.has_value() ? &present->info : nullptr, clock_.now());
  co_return step.take();
}

}  // namespace dth::object_copy

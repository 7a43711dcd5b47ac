#include "plugins/object_copy/check.h"
#include "plugins/object_copy/paired_listings.h"

namespace dth::object_copy {
namespace {

using state::Counter;

// Collects what a scan found until it is recorded: what needs no request is settled, the rest goes into batches.
class VerifyStep {
 public:
  VerifyStep(const CopyOptions& options, const CopyTuning& tuning, const objects::StoreLimits& source,
             const objects::StoreLimits& destination)
      : options_(options), tuning_(tuning), source_limits_(source), destination_limits_(destination) {}

  void see(std::string_view key, const objects::ObjectInfo* source, const objects::ObjectInfo* destination, TimePoint now) {
    ++keys_;
    cursor_.assign(options_.source_key).append(key);
    if (source) {
      see_source(*source, destination, now);
    } else {
      see_extra(*destination, now);
    }
  }

  // Is it time to record?
  bool due() const { return keys_ >= tuning_.scan_keys_per_step_max || finished_.effects.jobs.size() >= jobs_max; }
  const std::string& cursor() const { return cursor_; }

  engine::Finished take() {
    close_batch();
    close_repairs();
    keys_ = 0;
    return std::exchange(finished_, {});
  }

  void see_source(const objects::ObjectInfo& source, const objects::ObjectInfo* destination, TimePoint now) {
    state::Counts& counts = finished_.effects.counts;
    counts[Counter::scanned] += 1;
    if (!options_.selection.takes(options_.relative_key(source.key), source)) return;
    counts[Counter::selected] += 1;
    Item item;
    item.key = source.key;
    item.size = source.size;
    item.etag = source.etag;
    item.modified = source.last_modified;
    if (destination) item.destination_etag = destination->etag;
    const Finding finding = destination ? compare_listed(source, *destination, source_limits_, destination_limits_) : Finding::missing();
    const bool refuted = finding.kind == Finding::Kind::differs || finding.kind == Finding::Kind::missing;
    if (refuted || options_.verify.method == VerifyMethod::listing) {
      record_finding(options_, item, finding, now, &finished_, &repairs_);
      if (repairs_.size() >= tuning_.batch_items_max) close_repairs();
      return;
    }
    batch_bytes_ += options_.verify.method == VerifyMethod::read_back ? item.size : 0;
    batch_.push_back(std::move(item));
    if (batch_.size() >= tuning_.batch_items_max || batch_bytes_ >= tuning_.batch_bytes_max) close_batch();
  }

 private:
  static constexpr std::size_t jobs_max = 16;

  void see_extra(const objects::ObjectInfo& destination, TimePoint now) {
    const std::string key = options_.source_key + destination.key.substr(options_.destination_key.size());
    if (!options_.selection.takes_key(options_.relative_key(key))) return;
    finished_.effects.counts[Counter::extra] += 1;
    if (!options_.verify.report_extra) return;
    ledger::Line line;
    line.key = key;
    line.destination_key = destination.key;
    line.outcome = "extra";
    line.size = destination.size;
    line.destination_etag = destination.etag;
    line.at = now;
    finished_.lines.add(line);
  }

  void close_batch() {
    if (!batch_.empty()) finished_.effects.jobs.push_back(check_job(std::exchange(batch_, {})));
    batch_bytes_ = 0;
  }

  // Large objects are copied by jobs of their own.
  void close_repairs() {
    std::vector<Item> small;
    for (Item& item : std::exchange(repairs_, {})) {
      if (item.size > options_.multipart_threshold_bytes) {
        finished_.effects.jobs.push_back(copy_job({std::move(item)}));
      } else {
        small.push_back(std::move(item));
      }
    }
    if (!small.empty()) finished_.effects.jobs.push_back(copy_job(std::move(small)));
  }

  const CopyOptions& options_;
  const CopyTuning& tuning_;
  const objects::StoreLimits& source_limits_;
  const objects::StoreLimits& destination_limits_;
  engine::Finished finished_;
  std::vector<Item> batch_, repairs_;
  std::uint64_t batch_bytes_ = 0;
  std::uint32_t keys_ = 0;
  std::string cursor_;
};

}  // namespace

Async<Result<engine::Finished>> ObjectCopyRunner::scan_to_verify(engine::JobContext& context) {
  if (options_.scope == SourceScope::object) co_return co_await scan_one_to_verify();
  auto payload = parse_scan_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  PairedScope scope{options_.source_key, options_.destination_key};
  if (!payload->after.empty()) scope.after = payload->after.substr(options_.source_key.size());
  PairedListings sides(*source_, *destination_, executor_, scope);
  VerifyStep step(options_, tuning_, stores_.source.limits(), stores_.destination.limits());
  Result<void> state_of_work;
  bool handing_on = false;
  while (!sides.exhausted() && !handing_on) {
    state_of_work = co_await sides.read();
    if (state_of_work.has_error()) break;
    const TimePoint now = clock_.now();
    sides.walk([&](std::string_view key, const objects::ObjectInfo* from, const objects::ObjectInfo* to) {
      step.see(key, from, to, now);
      return !step.due();
    });
    handing_on = context.stop_requested();
    if (!step.due() || sides.exhausted() || handing_on) continue;
    engine::Finished part = step.take();
    part.effects.counts += take_request_counts();
    std::string cursor = to_json(ScanPayload{.after = step.cursor()});
    state_of_work = co_await context.advance(std::move(cursor), std::move(part.effects), std::move(part.lines));
    if (state_of_work.has_error()) break;
    state_of_work = co_await context.wait_for_room(kind_check, tuning_.backlog_items_max);
    if (state_of_work.has_value()) state_of_work = co_await context.wait_for_room(kind_copy, tuning_.backlog_items_max);
    if (state_of_work.has_error() && context.stop_requested()) {
      handing_on = true;
      state_of_work = Result<void>();
    }
  }
  co_await sides.stop();
  if (state_of_work.has_error()) co_return state_of_work.error();
  engine::Finished finished = step.take();
  if (!sides.exhausted()) {
    const std::string& after = step.cursor().empty() ? payload->after : step.cursor();
    finished.effects.jobs.push_back(scan_job(ScanPayload{.after = after}));
  }
  co_return finished;
}

Async<Result<engine::Finished>> ObjectCopyRunner::scan_one_to_verify() {
  auto source = co_await source_->head(options_.source_key, "");
  if (source.has_error()) {
    if (source.error().code != ErrorCode::not_found) co_return source.error();
    co_return std::move(source.error())
        .with_context("there is no such object; to check everything beneath it, end the source with a slash");
  }
  source->info.key = options_.source_key;
  auto destination = co_await destination_->head(options_.destination_key, "");
  if (destination.has_error() && destination.error().code != ErrorCode::not_found) co_return destination.error();
  VerifyStep step(options_, tuning_, stores_.source.limits(), stores_.destination.limits());
  step.see_source(source->info, destination.has_value() ? &destination->info : nullptr, clock_.now());
  co_return step.take();
}

}  // namespace dth::object_copy

#include "plugins/object_copy/comparison.h"
#include "plugins/object_copy/listing.h"
#include "plugins/object_copy/merge.h"
#include "plugins/object_copy/path_checks.h"
#include "plugins/object_copy/runner.h"

namespace dth::object_copy {
namespace {

using state::Counter;

// Collects what a scan found until it is recorded.
class ScanStep {
 public:
  ScanStep(const CopyOptions& options, const CopyTuning& tuning, const objects::StoreLimits& limits)
      : options_(options), tuning_(tuning), limits_(limits) {}

  void see(const objects::ObjectInfo& source, const objects::ObjectInfo* destination, TimePoint now) {
    ++keys_;
    state::Counts& counts = finished_.effects.counts;
    counts[Counter::scanned] += 1;
    counts[Counter::selected] += 1;
    cursor_ = source.key;
    if (auto problem = find_obstacle(source, destination)) {
      record_failure(source.key, source.size, *problem, 0, now, &finished_);
      return;
    }
    if (destination && !options_.always && is_same(source, *destination)) {
      counts[Counter::skipped] += 1;
      return;
    }
    if (auto problem = find_problem(source)) {
      record_failure(source.key, source.size, *problem, 0, now, &finished_);
      return;
    }
    if (options_.dry_run) {
      counts[Counter::bytes] += static_cast<std::int64_t>(source.size);
      return;
    }
    Item item;
    item.key = source.key;
    item.size = source.size;
    item.etag = source.etag;
    item.modified = source.last_modified;
    if (destination) item.destination_etag = destination->etag;
    if (item.size > options_.multipart_threshold_bytes) {
      finished_.effects.jobs.push_back(copy_job({std::move(item)}));
      return;
    }
    batch_bytes_ += item.size;
    batch_.push_back(std::move(item));
    if (batch_.size() >= tuning_.batch_items_max || batch_bytes_ >= tuning_.batch_bytes_max) close_batch();
  }

  // Is it time to record? Mostly when batches are full, so that none is cut short.
  bool due() const {
    const std::size_t jobs = finished_.effects.jobs.size();
    const bool full = jobs >= jobs_wanted_ && (batch_.empty() || jobs >= 2 * jobs_wanted_);
    return full || keys_ >= tuning_.scan_keys_per_step_max;
  }

  bool anything() const { return keys_ > 0; }
  const std::string& cursor() const { return cursor_; }

  engine::Finished take() {
    close_batch();
    keys_ = 0;
    // Work begins at once; later steps are larger, so that they are few.
    jobs_wanted_ = std::min<std::size_t>(jobs_wanted_ * 2, 16);
    return std::exchange(finished_, {});
  }

 private:
  void close_batch() {
    if (!batch_.empty()) finished_.effects.jobs.push_back(copy_job(std::exchange(batch_, {})));
    batch_bytes_ = 0;
  }

  // What stands in the way whether the object is the same or not.
  std::optional<Error> find_obstacle(const objects::ObjectInfo& source, const objects::ObjectInfo* destination) {
    if (!source.obstacle.empty()) {
      return Error{ErrorCode::unsupported, "it " + std::string(source.obstacle) + "; copy what is meant by itself, or exclude it", ""};
    }
    if (destination && !destination->obstacle.empty()) {
      return Error{ErrorCode::already_exists, "what is there at the destination " + std::string(destination->obstacle) + "; it was left as it is", ""};
    }
    if (limits_.keys_are_paths) return paths_.see(options_.destination_key_of(source.key));
    return std::nullopt;
  }

  // What makes it pointless to try.
  std::optional<Error> find_problem(const objects::ObjectInfo& source) const {
    const std::string key = options_.destination_key_of(source.key);
    if (key.size() > limits_.key_size_max) {
      return Error{ErrorCode::invalid_argument,
                   "the key would be " + std::to_string(key.size()) + " bytes long at the destination, which takes at most " +
                       std::to_string(limits_.key_size_max) + "; choose a shorter destination prefix",
                   ""};
    }
    if (key.empty()) {
      return Error{ErrorCode::invalid_argument,
                   "the key is the source's prefix itself, so nothing is left of it at the destination; give the "
                   "destination a prefix",
                   ""};
    }
    if (source.size > limits_.object_size_max) {
      return Error{ErrorCode::invalid_argument,
                   "the object has " + std::to_string(source.size) + " bytes; the destination takes at most " +
                       std::to_string(limits_.object_size_max),
                   ""};
    }
    if (is_archived(source.storage_class)) {
      return Error{ErrorCode::unsupported,
                   "the object is archived (" + source.storage_class + "): restore it at the source, then run again", ""};
    }
    return std::nullopt;
  }

  const CopyOptions& options_;
  const CopyTuning& tuning_;
  const objects::StoreLimits& limits_;
  engine::Finished finished_;
  std::vector<Item> batch_;
  std::uint64_t batch_bytes_ = 0;
  std::uint32_t keys_ = 0;
  PathChecks paths_;
  std::size_t jobs_wanted_ = 1;
  std::string cursor_;
};

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

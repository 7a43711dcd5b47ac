#include "plugins/object_copy/scan_step.h"

#include "plugins/object_copy/comparison.h"
#include "plugins/object_copy/runner.h"

namespace dth::object_copy {

using state::Counter;

std::optional<Error> find_problem(const CopyOptions& options, const objects::StoreLimits& limits, const objects::ObjectInfo& source) {
  const std::string key = options.destination_key_of(source.key);
  if (key.size() > limits.key_size_max) {
    return Error{ErrorCode::invalid_argument,
                 "the key would be " + std::to_string(key.size()) + " bytes long at the destination, which takes at most " +
                     std::to_string(limits.key_size_max) + "; choose a shorter destination prefix",
                 ""};
  }
  if (key.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "the key is the source's prefix itself, so nothing is left of it at the destination; give the "
                 "destination a prefix",
                 ""};
  }
  if (source.size > limits.object_size_max) {
    return Error{ErrorCode::invalid_argument,
                 "the object has " + std::to_string(source.size) + " bytes; the destination takes at most " +
                     std::to_string(limits.object_size_max),
                 ""};
  }
  if (is_archived(source.storage_class)) {
    return Error{ErrorCode::unsupported,
                 "the object is archived (" + source.storage_class + "): restore it at the source, then run again", ""};
  }
  return std::nullopt;
}

void ScanStep::see(const objects::ObjectInfo& source, const objects::ObjectInfo* destination, TimePoint now) {
  ++keys_;
  state::Counts& counts = finished_.effects.counts;
  counts[Counter::scanned] += 1;
  counts[Counter::selected] += 1;
  cursor_ = source.key;
  if (destination && !options_.always && is_same(source, *destination)) {
    counts[Counter::skipped] += 1;
    return;
  }
  if (auto problem = find_problem(options_, limits_, source)) {
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

engine::Finished ScanStep::take() {
  close_batch();
  keys_ = 0;
  // Work begins at once; later steps are larger, so that they are few.
  jobs_wanted_ = std::min<std::size_t>(jobs_wanted_ * 2, 16);
  return std::exchange(finished_, {});
}

void ScanStep::close_batch() {
  if (!batch_.empty()) finished_.effects.jobs.push_back(copy_job(std::exchange(batch_, {})));
  batch_bytes_ = 0;
}

}  // namespace dth::object_copy

#include "plugins/object_copy/scan/scan_step.h"

#include "base/encoding.h"
#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/rules/copy_problem.h"

namespace dth::object_copy {

void ScanStep::see(const objects::ObjectInfo& source, const objects::ObjectInfo* destination,
                   TimePoint now, const std::vector<RecordedCopy>* recorded) {
  ++keys_;
  if (source.hidden_size > 0) [[unlikely]]
    return see_hidden(source, now);
  state::Counts& counts = finished_.effects.counts;
  counts[Counter::scanned] += 1;
  if (seen_) seen_->add(source.key);
  cursor_ = source.key;
  if (!source.obstacle.empty() || (source.size.known() && options_.selection.can_tell(source))) {
    if (!options_.selection.takes(options_.relative_key(source.key), source)) return;
  } else {
    return see_unknown(source, now);
  }
  counts[Counter::selected] += 1;
  if (auto obstacle = find_obstacle(source, destination)) {
    record_failure(source.key, source.size.value_or(0), *obstacle, 0, now, &finished_);
    return;
  }
  const Verdict verdict = recorded
                              ? compare(options_.comparison, source, destination, now, *recorded)
                              : compare(options_.comparison, source, destination, now);
  if (verdict == Verdict::skip) {
    counts[Counter::unchanged] += 1;
    return;
  }
  if (options_.archived == ArchivedRule::skip && is_archived(source.storage_class)) {
    record_archived(source, now, &finished_);
    return;
  }
  if (auto problem = find_problem(options_, limits_, source)) {
    record_failure(source.key, source.size.value_or(0), *problem, 0, now, &finished_);
    return;
  }
  if (options_.dry_run && verdict == Verdict::copy) {
    counts[Counter::bytes] += static_cast<std::int64_t>(source.size.value_or(0));
    return;
  }
  Item item;
  item.key = source.key;
  item.size = source.size.value_or(0);
  item.etag = source.etag;
  item.modified = source.last_modified;
  item.for_its_etags = verdict == Verdict::ask_about_etags;
  if (item.for_its_etags || verdict == Verdict::ask) item.state = ItemState::needs_comparison;
  if (destination) item.set_destination(destination->etag);
  // Restoring costs money: first it has to be known that it is to be copied.
  if (options_.archived == ArchivedRule::restore && is_archived(source.storage_class) &&
      item.state == ItemState::listed) {
    archived_.push_back(std::move(item));
    if (archived_.size() >= tuning_.batch_items_max) close_archived();
    return;
  }
  add(std::move(item));
}

void ScanStep::see_hidden(const objects::ObjectInfo& source, TimePoint now) {
  if (source.key == std::exchange(cursor_, source.key)) return;  // the listing before has told it
  record_hidden(options_, source, now, &finished_);
}

// The listing says too little of it to select it: its turn begins with a HEAD, as that of a key
// which a list names.
void ScanStep::see_unknown(const objects::ObjectInfo& source, TimePoint now) {
  if (!options_.selection.takes_key(options_.relative_key(source.key))) return;
  if (auto obstacle = find_obstacle(source, nullptr)) {
    finished_.effects.counts[Counter::selected] += 1;
    record_failure(source.key, 0, *obstacle, 0, now, &finished_);
    return;
  }
  Item item;
  item.key = source.key;
  item.state = ItemState::named;
  add(std::move(item));
}

// What stands in the way whether the object is the same or not.
std::optional<Error> ScanStep::find_obstacle(const objects::ObjectInfo& source,
                                             const objects::ObjectInfo* destination) {
  if (!source.obstacle.empty()) {
    return Error{
        ErrorCode::unsupported,
        "it " + std::string(source.obstacle) + "; exclude it, or copy what is meant by itself", ""};
  }
  if (destination && destination->hidden_size > 0) return hidden_at_destination(*destination);
  if (destination && !destination->obstacle.empty()) {
    return Error{ErrorCode::already_exists,
                 "what is there at the destination " + std::string(destination->obstacle) +
                     "; it was left as it is",
                 ""};
  }
  if (limits_.keys_are_paths) return paths_.see(options_.destination_key_of(source.key));
  return std::nullopt;
}

void ScanStep::see_named(const std::string& key, const std::string& version, TimePoint now) {
  ++keys_;
  state::Counts& counts = finished_.effects.counts;
  counts[Counter::scanned] += 1;
  if (key == cursor_ && version == cursor_version_) return;  // said twice
  if (key.starts_with(options_.source_key) &&
      !options_.selection.takes_key(options_.relative_key(key)))
    return;
  std::optional<Error> problem;
  if (!key.starts_with(options_.source_key)) {
    problem = Error{ErrorCode::invalid_argument,
                    "the list names a key that does not begin with the source's prefix \"" +
                        printable(options_.source_key) +
                        "\"; name whole keys, or give the bare bucket as the source",
                    ""};
  } else if (key == cursor_) {
    problem = Error{ErrorCode::invalid_argument,
                    "the list names two versions of the key, and only one can be at the "
                    "destination; the first one is taken",
                    version.empty() ? "" : "version " + version};
  } else {
    objects::ObjectInfo named;
    named.key = key;
    problem = find_obstacle(named, nullptr);
    if (!problem) problem = find_problem(options_, limits_, named);
  }
  cursor_ = key;
  cursor_version_ = version;
  if (problem) {
    counts[Counter::selected] += 1;
    record_failure(key, 0, *problem, 0, now, &finished_);
    return;
  }
  Item item;
  item.key = key;
  item.version = version;
  item.state = ItemState::named;
  add(std::move(item));
}

void ScanStep::add(Item item) {
  if (item.size > options_.multipart_threshold_bytes) {
    finished_.effects.jobs.push_back(copy_job({std::move(item)}));
    return;
  }
  batch_bytes_ += item.size;
  batch_.push_back(std::move(item));
  if (batch_.size() >= tuning_.batch_items_max || batch_bytes_ >= tuning_.batch_bytes_max)
    close_batch();
}

engine::Finished ScanStep::take() {
  close_batch_for_all_lanes();
  close_archived();
  keys_ = 0;
  // Work begins at once; later steps are larger, so that they are few. What one brings is less than
  // half of the backlog that a scan waits for: over a slow way the copies do not come to its end
  // while the next is being listed.
  jobs_wanted_ = std::min<std::size_t>(jobs_wanted_ * 2, 4);
  return std::exchange(finished_, {});
}

void ScanStep::close_archived() {
  if (!archived_.empty())
    finished_.effects.jobs.push_back(restore_job({std::exchange(archived_, {}), {}}));
}

// One batch is one lane's: where there are fewer than lanes, the last one is cut.
void ScanStep::close_batch_for_all_lanes() {
  const std::size_t jobs = finished_.effects.jobs.size();
  const std::size_t idle = tuning_.lanes > jobs ? tuning_.lanes - jobs : 1;
  const std::size_t pieces = std::min<std::size_t>(idle, batch_.size() / tuning_.batch_items_min);
  std::vector<Item> rest = pieces > 1 ? std::exchange(batch_, {}) : std::vector<Item>();
  for (std::size_t piece = 0, at = 0; piece < pieces && !rest.empty(); ++piece) {
    const std::size_t end = rest.size() * (piece + 1) / pieces;
    for (; at < end; ++at) batch_.push_back(std::move(rest[at]));
    close_batch();
  }
  close_batch();
}

void ScanStep::close_batch() {
  if (!batch_.empty()) finished_.effects.jobs.push_back(copy_job(std::exchange(batch_, {})));
  batch_bytes_ = 0;
}

}  // namespace dth::object_copy

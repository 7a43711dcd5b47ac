#pragma once

#include <string>
#include <vector>

#include "engine/job_runner.h"
#include "objects/object_store.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/rules/path_checks.h"
#include "plugins/object_copy/rules/seen_keys.h"

namespace dth::object_copy {

// Collects what a scan found until it is recorded.
class ScanStep {
 public:
  // `limits` of the destination. `seen`: takes the keys that the source lists; null: nobody asks
  // for these later.
  ScanStep(const CopyOptions& options, const CopyTuning& tuning, const objects::StoreLimits& limits,
           SeenKeys* seen = nullptr)
      : options_(options), tuning_(tuning), limits_(limits), seen_(seen) {}

  // An object of the source, and the one of its key at the destination, if there is one.
  // `recorded`: what an earlier run recorded of it.
  void see(const objects::ObjectInfo& source, const objects::ObjectInfo* destination, TimePoint now,
           const std::vector<RecordedCopy>* recorded = nullptr);

  // Where a listing begins that goes on behind this key. What could not be listed and was recorded
  // is not recorded again.
  void go_on_behind(const std::string& key) { cursor_ = key; }

  // A key that a list names. What there is of it is looked at when it is copied.
  void see_named(const std::string& key, const std::string& version, TimePoint now);

  // Is it time to record? Mostly when batches are full, so that none is cut short.
  bool due() const {
    const std::size_t jobs = finished_.effects.jobs.size();
    const bool full = jobs >= jobs_wanted_ && (batch_.empty() || jobs >= 2 * jobs_wanted_);
    return full || keys_ >= tuning_.scan_keys_per_step_max;
  }

  // The last key that was seen; empty: none yet.
  const std::string& cursor() const { return cursor_; }

  engine::Finished take();

 private:
  void see_hidden(const objects::ObjectInfo& source, TimePoint now);
  void see_unknown(const objects::ObjectInfo& source, TimePoint now);
  std::optional<Error> find_obstacle(const objects::ObjectInfo& source,
                                     const objects::ObjectInfo* destination);
  void add(Item item);
  void close_batch();
  void close_batch_for_all_lanes();
  void close_archived();

  const CopyOptions& options_;
  const CopyTuning& tuning_;
  const objects::StoreLimits& limits_;
  SeenKeys* const seen_;
  engine::Finished finished_;
  std::vector<Item> batch_;
  std::vector<Item> archived_;  // to be restored first
  std::uint64_t batch_bytes_ = 0;
  std::uint32_t keys_ = 0;
  PathChecks paths_;
  std::size_t jobs_wanted_ = 1;
  std::string cursor_;
  std::string cursor_version_;  // where a list named it
};

}  // namespace dth::object_copy

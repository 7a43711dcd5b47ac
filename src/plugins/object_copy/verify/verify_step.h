#pragma once

#include <string>
#include <vector>

#include "engine/job_runner.h"
#include "objects/object_store.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/rules/verify_result.h"

namespace dth::object_copy {

// Collects what a scan found until it is recorded: what needs no request is settled, the rest goes
// into batches.
class VerifyStep {
 public:
  VerifyStep(const CopyOptions& options, const CopyTuning& tuning,
             const objects::StoreLimits& source, const objects::StoreLimits& destination)
      : options_(options),
        tuning_(tuning),
        source_limits_(source),
        destination_limits_(destination) {}

  // `key` is under `prefix`, which is the source's.
  void see(const std::string& prefix, std::string_view key, const objects::ObjectInfo* source,
           const objects::ObjectInfo* destination, TimePoint now);

  // As ScanStep's.
  void go_on_behind(const std::string& key) { cursor_ = key; }

  // Is it time to record?
  bool due() const {
    return keys_ >= tuning_.scan_keys_per_step_max || finished_.effects.jobs.size() >= jobs_max;
  }
  const std::string& cursor() const { return cursor_; }

  engine::Finished take();

  void see_source(const objects::ObjectInfo& source, const objects::ObjectInfo* destination,
                  TimePoint now);

 private:
  static constexpr std::size_t jobs_max = 16;

  // Does what the listings tell leave nothing to be asked for?
  bool is_settled_by(const VerifyResult& result, const std::string& key) const;

  void see_extra(const objects::ObjectInfo& destination, TimePoint now);

  void close_batch() {
    if (!batch_.empty()) finished_.effects.jobs.push_back(check_job(std::exchange(batch_, {})));
    batch_bytes_ = 0;
  }

  // Large objects are copied by jobs of their own.
  void close_repairs();

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

}  // namespace dth::object_copy

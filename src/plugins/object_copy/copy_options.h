#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/concurrency_control.h"
#include "options/action.h"
#include "plugins/object_copy/destination_options.h"
#include "plugins/object_copy/rules/comparison.h"
#include "plugins/object_copy/rules/deletion_limits.h"
#include "plugins/object_copy/rules/selection.h"
#include "plugins/object_copy/rules/verify_rules.h"

namespace dth::object_copy {

// What of the source is meant by its location.
enum class SourceScope {
  prefix,  // every key that begins with the prefix, byte for byte
  object,  // the one object whose key it is
};

// What narrows a prefix down to some of its keys.
enum class SourceList {
  none,
  prefixes,     // every key that begins with one of CopyOptions::prefixes
  prefix_file,  // with one of a file's lines
  object_file,  // the keys that a file names, one by one
};

// What becomes of a copy that nothing verifies.
enum class UnverifiedRule {
  fail,       // it stays, and the run ends with exit code 5
  warn,       // it stays, and is counted
  read_back,  // it is read from the destination and compared
};

// How archived objects are made readable.
struct RestoreRules {
  objects::RestoreTier tier = objects::RestoreTier::standard;
  std::uint32_t days = 7;                // that what was restored is kept
  std::chrono::seconds wait{48 * 3600};  // for one object, from its first request on
  std::chrono::seconds poll{600};        // between two looks
};

// The rules of one run, as stored in its spec. What is here decides what is copied and how; where
// the stores are and how they are reached is the business of whoever opens them.
struct CopyOptions {
  options::Action action = options::Action::copy;
  SourceScope scope = SourceScope::prefix;
  std::string source_key;       // the prefix, or the object's key
  std::string destination_key;  // what takes its place
  SourceList list = SourceList::none;
  std::vector<std::string> prefixes =
      {};                     // sorted; none begins with another, each begins with source_key
  std::string list_location;  // of the file: a path, or s3://bucket/key at the source's endpoint
  Selection selection = {};
  ArchivedRule archived = ArchivedRule::fail;
  RestoreRules restore = {};
  ComparisonRules comparison = {};
  std::vector<std::string> earlier_ledgers = {};          // places; a later one counts more
  std::uint64_t multipart_threshold_bytes = 64ull << 20;  // objects larger than this go up in parts
  std::uint64_t part_size_bytes = 0;                      // 0: automatic
  bool dry_run = false;                                   // scan only: nothing is emitted
  DeleteRules deletes;                                    // of SYNC
  VerifyRules verify;                                     // of VERIFY
  UnverifiedRule unverified = UnverifiedRule::fail;
  DestinationOptions at_destination;  // what copies look like there
  bool in_place = false;              // source and destination are one place: objects are rewritten

  // The key at the destination of a source's key that is in scope.
  std::string destination_key_of(std::string_view key) const;

  // What the patterns of Selection are matched against: the source's key from behind the last slash
  // of `source_key` on.
  std::string_view relative_key(std::string_view key) const;

  // For the listing of a side: in which of its folders is no key taken? Empty where the rules leave
  // no folder out. Refers to these options. `own_key`: source_key or destination_key.
  std::function<bool(std::string_view)> left_out_folders(const std::string& own_key) const;
};

// Bounds that do not change what a run does; each worker has its own.
struct CopyTuning {
  std::uint32_t batch_items_max = 2'000;  // per copy job
  std::uint64_t batch_bytes_max = 256ull << 20;
  std::uint32_t batch_items_min = 16;         // of a batch that is cut so that no lane goes without
  std::uint32_t lanes = 1;                    // of this process
  std::uint32_t objects_in_flight_max = 128;  // per lane
  bool concurrency_automatic = false;         // up to that, as ConcurrencyControl finds best
  std::uint32_t objects_in_flight_per_job_max = 256;
  std::uint32_t parts_in_flight_per_job_max = 4;
  // A part job covers at least one part, else about this much: a lane has work for all its
  // requests, and leaves half of an object of 2 GiB to others.
  std::uint64_t part_job_bytes = 64ull << 20;
  std::int64_t backlog_items_max = 32'000;  // a scan waits while so many items wait to be copied
  std::int64_t backlog_part_jobs_max =
      256;  // no further upload is opened while so many part jobs wait
  std::int64_t backlog_last_max = 500'000;  // names that the destination may change, of one run
  std::int64_t backlog_restores_max =
      1'000'000;  // a scan waits while so many items wait for their restores
  std::uint32_t scan_keys_per_step_max =
      50'000;  // of the source, between two records of the cursor
  std::uint32_t extras_kept_max =
      10'000;  // of what a survey of deletions found; more are listed once more
  std::size_t prefixes_bytes_max = 32 << 20;  // of a file of prefixes, in memory at once
  std::size_t sort_bytes_max = 32 << 20;      // of a listing that has to be sorted, likewise
  std::uint32_t attempts_max = 8;             // of a request, and of an item
  std::chrono::seconds unreachable_timeout{
      900};                   // a store that answers nothing for so long stops the run
  std::uint64_t process = 1;  // tells processes apart: each has its own
  std::chrono::seconds listing_age_max{
      60};                       // an older one of the source does not tell what to remove
  std::uint32_t retry_seed = 1;  // of the jitter: each lane has its own
  std::string temporary_directory = "/var/tmp";  // of listings that have to be sorted: on a disk

  // Until then the objects in flight are those of all lanes together; then those of this one.
  void share_among_lanes(std::uint32_t index, std::uint32_t count) {
    const std::uint32_t all = objects_in_flight_max;
    lanes = count;
    objects_in_flight_max = std::max(1u, all / count + (index < all % count ? 1 : 0));
  }

  engine::ConcurrencyBounds in_flight() const {
    const std::uint32_t max = objects_in_flight_max;
    if (!concurrency_automatic) return {.min = max, .start = max, .max = max};
    return {.min = std::min(4u, max), .start = std::min(32u, max), .max = max};
  }
};

}  // namespace dth::object_copy

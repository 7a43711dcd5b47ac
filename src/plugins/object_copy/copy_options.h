#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "plugins/object_copy/destination_options.h"

namespace dth::object_copy {

// What of the source is meant by its location.
enum class SourceScope {
  prefix,  // every key that begins with the prefix, byte for byte
  object,  // the one object whose key it is
};

// The rules of one run, as stored in its spec. What is here decides what is copied and how; where the stores are and
// how they are reached is the business of whoever opens them.
struct CopyOptions {
  SourceScope scope = SourceScope::prefix;
  std::string source_key;             // the prefix, or the object's key
  std::string destination_key;        // what takes its place
  bool always = false;                // copy also what is the same already
  std::uint64_t multipart_threshold_bytes = 64ull << 20;  // objects larger than this go up in parts
  std::uint64_t part_size_bytes = 0;  // 0: automatic
  bool dry_run = false;               // scan only: nothing is emitted
  DestinationOptions at_destination;  // what copies look like there
  bool in_place = false;              // source and destination are one place: objects are rewritten

  // The key at the destination of a source's key that is in scope.
  std::string destination_key_of(std::string_view key) const;
};

// Bounds that do not change what a run does; each worker has its own.
struct CopyTuning {
  std::uint32_t batch_items_max = 1'000;            // per copy job
  std::uint64_t batch_bytes_max = 256ull << 20;
  std::uint32_t objects_in_flight_max = 128;        // per lane
  std::uint32_t objects_in_flight_per_job_max = 64;
  std::uint32_t parts_in_flight_per_job_max = 4;
  std::uint64_t part_job_bytes = 128ull << 20;      // a part job covers at least one part, else about this much
  std::int64_t backlog_items_max = 20'000;          // a scan waits while so many items wait to be copied
  std::int64_t backlog_part_jobs_max = 256;         // no further upload is opened while so many part jobs wait
  std::uint32_t scan_keys_per_step_max = 50'000;    // of the source, between two records of the cursor
  std::uint32_t item_attempts_max = 8;
  std::uint32_t retry_seed = 1;                     // of the jitter: each lane has its own
};

}  // namespace dth::object_copy

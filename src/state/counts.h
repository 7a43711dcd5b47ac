#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace dth::state {

// What a run counts. Items and their bytes are exact: each item is counted once, in the transaction
// that finished it. Requests and retries of attempts that died with their worker are missing, so
// these are estimates after a crash.
//
// Once a run is over and did not fail as a whole:
//   selected + (what was to be deleted: extra) = copied + unchanged + skipped + matched +
//   undetermined + deleted_at_source + failed + deleted
enum class Counter : std::uint8_t {
  scanned,   // items of the source looked at
  selected,  // of these, what the task's rules select
  copied,
  unchanged,          // the destination was already as it should be
  deleted_at_source,  // between listing and copy or check
  failed,
  deleted,                 // at the destination
  bytes,                   // of copied items
  proof_source_checksum,   // the source's own digest, enforced or answered by the destination
  proof_transit_checksum,  // a digest computed on the way, enforced or answered by the destination
  proof_recomputed_etag,   // an ETag recomputed from part boundaries
  proof_read_back,
  proof_none,     // copied, not verified
  requests_get,   // GetObject
  requests_put,   // PutObject and UploadPart
  requests_list,  // ListObjects
  requests_head,
  requests_delete,
  requests_other,
  retries,
  extra,         // only at the destination; where deletions are asked for: planned to be deleted
  matched,       // checked, and proved to be the same at both sides
  undetermined,  // checked, and nothing could prove or refute it
  differs,       // checked, and found to differ; failed or copied in the end
  missing,       // checked, and not at the destination; failed or copied in the end
  proof_equal_etags,  // checked: both sides list the same ETag of 32 digits, and the same size
  requests_look,      // HEADs that check what a store of unknown kind kept of an object; not among
                      // requests_head
  skipped,            // the rules say to leave it alone: it is archived
  count_of_counters
};

inline constexpr std::size_t counter_count = static_cast<std::size_t>(Counter::count_of_counters);

// The column and field name: "scanned", "proof_source_checksum", ...
std::string_view to_string(Counter counter);

struct Counts {
  std::array<std::int64_t, counter_count> values{};

  std::int64_t& operator[](Counter counter) { return values[static_cast<std::size_t>(counter)]; }
  std::int64_t operator[](Counter counter) const {
    return values[static_cast<std::size_t>(counter)];
  }
  Counts& operator+=(const Counts& other) {
    for (std::size_t i = 0; i < counter_count; ++i) values[i] += other.values[i];
    return *this;
  }
  bool operator==(const Counts&) const = default;
  bool empty() const { return *this == Counts{}; }
};

}  // namespace dth::state

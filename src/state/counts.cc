#include "state/counts.h"

namespace dth::state {
namespace {

constexpr std::array<std::string_view, counter_count> counter_names = {
    "scanned",
    "selected",
    "copied",
    "unchanged",
    "deleted_at_source",
    "failed",
    "deleted",
    "bytes",
    "proof_source_checksum",
    "proof_transit_checksum",
    "proof_recomputed_etag",
    "proof_read_back",
    "proof_none",
    "requests_get",
    "requests_put",
    "requests_list",
    "requests_head",
    "requests_delete",
    "requests_other",
    "retries",
    "extra",
    "matched",
    "undetermined",
    "differs",
    "missing",
    "proof_equal_etags",
    "requests_look",
    "skipped",
};

}  // namespace

std::string_view to_string(Counter counter) {
  return counter_names.at(static_cast<std::size_t>(counter));
}

}  // namespace dth::state

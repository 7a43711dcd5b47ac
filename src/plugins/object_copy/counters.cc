#include "plugins/object_copy/counters.h"

#include <array>

namespace dth::object_copy {
namespace {

constexpr std::array all = {
    &Counter::scanned,
    &Counter::selected,
    &Counter::copied,
    &Counter::unchanged,
    &Counter::skipped,
    &Counter::deleted_at_source,
    &Counter::failed,
    &Counter::deleted,
    &Counter::bytes,
    &Counter::extra,
    &Counter::matched,
    &Counter::undetermined,
    &Counter::differs,
    &Counter::missing,
    &Counter::proof_source_checksum,
    &Counter::proof_transit_checksum,
    &Counter::proof_recomputed_etag,
    &Counter::proof_read_back,
    &Counter::proof_equal_etags,
    &Counter::proof_none,
    &Counter::requests_get,
    &Counter::requests_put,
    &Counter::requests_list,
    &Counter::requests_head,
    &Counter::requests_delete,
    &Counter::requests_other,
    &Counter::requests_look,
    &Counter::retries,
};

}  // namespace

std::span<const state::Counter* const> counters() { return all; }

const state::Counter& counter_of(ledger::ProofKind kind) {
  switch (kind) {
    case ledger::ProofKind::source_checksum:
      return Counter::proof_source_checksum;
    case ledger::ProofKind::transit_checksum:
      return Counter::proof_transit_checksum;
    case ledger::ProofKind::recomputed_etag:
      return Counter::proof_recomputed_etag;
    case ledger::ProofKind::read_back:
      return Counter::proof_read_back;
    case ledger::ProofKind::equal_etags:
      return Counter::proof_equal_etags;
    case ledger::ProofKind::none:
      break;
  }
  return Counter::proof_none;
}

}  // namespace dth::object_copy

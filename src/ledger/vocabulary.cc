#include "ledger/vocabulary.h"

namespace dth::ledger {
namespace {

using state::Counter;

constexpr std::array<std::string_view, outcome_count> outcome_names = {
    "copied",       "unchanged", "skipped", "deleted_at_source", "failed", "deleted",
    "would_delete", "MATCHED",   "DIFFERS", "MISSING",           "EXTRA",  "UNDETERMINED"};

struct ProofRow {
  std::string_view name;
  Counter counter;
};

constexpr std::array<ProofRow, proof_kind_count> proof_rows = {{
    {"SOURCE_CHECKSUM", Counter::proof_source_checksum},
    {"TRANSIT_CHECKSUM", Counter::proof_transit_checksum},
    {"RECOMPUTED_ETAG", Counter::proof_recomputed_etag},
    {"READ_BACK", Counter::proof_read_back},
    {"EQUAL_ETAGS", Counter::proof_equal_etags},
    {"NONE", Counter::proof_none},
}};

}  // namespace

std::string_view to_string(Outcome outcome) {
  return outcome_names.at(static_cast<std::size_t>(outcome));
}

std::string_view to_string(ProofKind kind) {
  return proof_rows.at(static_cast<std::size_t>(kind)).name;
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (outcome_names[i] == text) return static_cast<Outcome>(i);
  }
  return std::nullopt;
}

std::optional<ProofKind> parse_proof_kind(std::string_view text) {
  for (std::size_t i = 0; i < proof_kind_count; ++i) {
    if (proof_rows[i].name == text) return static_cast<ProofKind>(i);
  }
  return std::nullopt;
}

state::Counter counter_of(ProofKind kind) {
  return proof_rows.at(static_cast<std::size_t>(kind)).counter;
}

}  // namespace dth::ledger

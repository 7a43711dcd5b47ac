#include "ledger/vocabulary.h"

namespace dth::ledger {
namespace {

struct Row {
  std::string_view name, total;
};

// What a verification found to differ is a failure of its run.
constexpr std::array<Row, outcome_count> outcome_rows = {{
    {"copied", "copied"},
    {"unchanged", ""},
    {"skipped", "skipped"},
    {"deleted_at_source", "deleted_at_source"},
    {"failed", "failed"},
    {"deleted", "deleted"},
    {"would_delete", ""},
    {"MATCHED", "matched"},
    {"DIFFERS", "failed"},
    {"MISSING", "failed"},
    {"EXTRA", ""},
    {"UNDETERMINED", "undetermined"},
}};

constexpr std::array<Row, proof_kind_count> proof_rows = {{
    {"SOURCE_CHECKSUM", "proof_source_checksum"},
    {"TRANSIT_CHECKSUM", "proof_transit_checksum"},
    {"RECOMPUTED_ETAG", "proof_recomputed_etag"},
    {"READ_BACK", "proof_read_back"},
    {"EQUAL_ETAGS", "proof_equal_etags"},
    {"NONE", "proof_none"},
}};

}  // namespace

std::string_view to_string(Outcome outcome) {
  return outcome_rows.at(static_cast<std::size_t>(outcome)).name;
}

std::string_view to_string(ProofKind kind) {
  return proof_rows.at(static_cast<std::size_t>(kind)).name;
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (outcome_rows[i].name == text) return static_cast<Outcome>(i);
  }
  return std::nullopt;
}

std::optional<ProofKind> parse_proof_kind(std::string_view text) {
  for (std::size_t i = 0; i < proof_kind_count; ++i) {
    if (proof_rows[i].name == text) return static_cast<ProofKind>(i);
  }
  return std::nullopt;
}

std::string_view total_of(Outcome outcome) {
  return outcome_rows.at(static_cast<std::size_t>(outcome)).total;
}

std::string_view total_of(ProofKind kind) {
  return proof_rows.at(static_cast<std::size_t>(kind)).total;
}

}  // namespace dth::ledger

#pragma once

#include <array>
#include <optional>
#include <string_view>

// The words of the ledger: what became of an item, and how that is known. Each is one of a closed
// list, with one table of names.
namespace dth::ledger {

enum class Outcome {
  copied,
  unchanged,          // the destination was already as it should be
  skipped,            // the rules say to leave it alone: it is archived
  deleted_at_source,  // between listing it and dealing with it
  failed,
  deleted,       // at the destination
  would_delete,  // of a dry run
  // Of a verification:
  matched,
  differs,
  missing,  // at the destination
  extra,    // only at the destination
  undetermined,
};

// How it is known that the destination has the bytes of the source.
enum class ProofKind {
  source_checksum,   // the source's own digest, enforced or answered by the destination
  transit_checksum,  // a digest computed on the way, enforced or answered by the destination
  recomputed_etag,   // an ETag recomputed from part boundaries
  read_back,
  equal_etags,  // of a verification: both sides list one ETag of 32 digits and one size
  none,         // copied, not verified
};

inline constexpr std::size_t outcome_count = 12, proof_kind_count = 6;

// "copied", "MATCHED"; "SOURCE_CHECKSUM". As the ledger, the API and all outputs write them.
std::string_view to_string(Outcome outcome);
std::string_view to_string(ProofKind kind);
std::optional<Outcome> parse_outcome(std::string_view text);
std::optional<ProofKind> parse_proof_kind(std::string_view text);

// The total of the manifest, and counter of the run, that counts lines of it; empty where none does
// one by one: what is unchanged has a line only where there is more to say of it.
std::string_view total_of(Outcome outcome);
std::string_view total_of(ProofKind kind);

}  // namespace dth::ledger

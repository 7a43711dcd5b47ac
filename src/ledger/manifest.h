#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/signature.h"
#include "ledger/run_files.h"
#include "state/state.h"

namespace dth::ledger {

// What a run's ledger consists of, written once at the run's end. docs/ledger.md describes the
// file.
struct Manifest {
  std::uint64_t version = 2;  // 1: unsigned, read and never written any more
  std::string run;
  std::string kind;
  state::RunState state = state::RunState::succeeded;
  TimePoint created_at{};
  TimePoint ended_at{};
  std::map<std::string, std::int64_t>
      totals;  // the run's counts by name, also such as only other versions know
  std::vector<state::Segment> segments;  // by job, then file and offset
  std::string root;                      // merkle_root(segments)
  std::string public_key;                // hex, of who signed; empty in version 1
  std::string signature;                 // hex, of signed_bytes()
};

// The bytes that the signature is of: everything that the manifest says.
std::string signed_bytes(const Manifest& manifest);

// Sorts the segments, computes the root and signs. The run must be over (else precondition_failed).
Result<Manifest> make_manifest(const state::Run& run, std::vector<state::Segment> segments,
                               const PrivateKey& key);

// Writes `<directory>/<run>/manifest.json`: wholly or not at all, and on the disk when it returns.
// A manifest that is there already is replaced. Errors: permission_denied, unavailable.
Result<void> write_manifest(const std::string& directory, const Manifest& manifest);

// The file's text, piece by piece. A manifest of version 2 is written so and in no other way.
using TextConsumer = std::function<Result<void>(std::string_view text)>;
Result<void> render(const Manifest& manifest, const TextConsumer& consumer);

// Reads and checks the manifest of a run's ledger. A ledger may have been moved and renamed: the
// manifest alone says which run it is of. Errors: not_found (the run is not over, or not here),
// data_corrupted (no manifest, its root does not fit its segments, or its signature does not fit
// the key that it names), unsupported (a newer version's).
Result<Manifest> read_manifest(const RunFiles& files);
// Checks neither root nor signature.
Result<Manifest> load_manifest(const ReadableFile& file);
// data_corrupted where the root does not fit the segments.
Result<void> check_root(const Manifest& manifest);
// data_corrupted where the signature is not that of the key that the manifest names; nothing to say
// of version 1.
Result<void> check_signature(const Manifest& manifest);

}  // namespace dth::ledger

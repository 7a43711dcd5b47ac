#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "state/state.h"

namespace dth::ledger {

// What a run's ledger consists of, written once at the run's end. docs/ledger.md describes the file.
struct Manifest {
  std::string run;
  std::string kind;
  state::RunState state = state::RunState::succeeded;
  TimePoint created_at{};
  TimePoint ended_at{};
  state::Counts totals;
  std::vector<state::Segment> segments;  // by job, then file and offset
  std::string root;                      // merkle_root(segments)
};

// Sorts the segments and computes the root. The run must be over (else precondition_failed).
Result<Manifest> make_manifest(const state::Run& run, std::vector<state::Segment> segments);

// Writes `<directory>/<run>/manifest.json`: wholly or not at all, and on the disk when it returns. A manifest that is
// there already is replaced. Errors: permission_denied, unavailable.
Result<void> write_manifest(const std::string& directory, const Manifest& manifest);

// Reads and checks it. Errors: not_found (the run is not over, or not here), data_corrupted (no manifest, or its root
// does not fit its segments), unsupported (a newer version's).
Result<Manifest> read_manifest(const std::string& directory, const std::string& run);

}  // namespace dth::ledger

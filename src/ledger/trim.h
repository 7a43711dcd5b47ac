#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "state/state.h"

namespace dth::ledger {

struct TrimRequest {
  std::string directory;
  std::string run;
  std::string worker_name = {};  // only the files of this worker; empty: every file
};

// Cuts each file of a run's ledger after the last segment that is recorded of it, and removes a
// file of which none is: what a process wrote in its last moments and never recorded, perhaps half
// a frame, so that zstdcat reads the file whole. To be called while nobody writes to these files,
// with all of the run's segments. Returns the bytes that went. Errors: data_corrupted (a file ends
// before its last segment does, or is gone), permission_denied, unavailable.
Result<std::uint64_t> trim(const TrimRequest& request, const std::vector<state::Segment>& segments);

}  // namespace dth::ledger

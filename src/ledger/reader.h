#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ledger/ledger.h"

namespace dth::ledger {

// Takes one line; a failure ends the reading with that failure.
using LineConsumer = std::function<Result<void>(const Line& line)>;

// Reads the lines of these segments, in this order, from `run_directory`. Memory is bounded
// whatever their sizes. Each segment's SHA-256 is checked before its first line is given. Errors:
// data_corrupted, naming file and offset (bytes altered or missing, a frame or line that cannot be
// read, another number of lines than recorded), not_found (no such file), and the consumer's own.
Result<void> read_segments(const std::string& run_directory,
                           const std::vector<state::Segment>& segments,
                           const LineConsumer& consumer);

// The same for a run's ledger in `directory`: the segments of its manifest, or, where the run is
// not over and has none, the ones given (State::segments()).
Result<void> read_run(const std::string& directory, const std::string& run,
                      const std::vector<state::Segment>& segments_without_manifest,
                      const LineConsumer& consumer);

}  // namespace dth::ledger

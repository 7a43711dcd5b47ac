#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/run_files.h"

namespace dth::ledger {

// Takes one line; a failure ends the reading with that failure.
using LineConsumer = std::function<Result<void>(const Line& line)>;

// Reads the lines of these segments, in this order, from a run's files. Memory is bounded
// whatever their sizes. Each segment's SHA-256 is checked before its first line is given. Errors:
// data_corrupted, naming file and offset (bytes altered or missing, a frame or line that cannot be
// read, another number of lines than recorded), not_found (no such file), and the consumer's own.
Result<void> read_segments(const RunFiles& files, const std::vector<state::Segment>& segments,
                           const LineConsumer& consumer);

}  // namespace dth::ledger

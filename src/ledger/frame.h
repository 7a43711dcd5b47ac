#pragma once

#include <string>

#include "ledger/ledger.h"

namespace dth::ledger {

// One append as it is stored: a zstd frame, and the segment that tells of it, without the place.
struct Frame {
  std::string bytes;
  state::Segment segment;
};

// invalid_argument (no lines; a run id that is no file's name), unavailable (out of memory).
Result<Frame> make_frame(const std::string& run, const LineBuffer& lines);

// With which the names of a worker's files begin: characters other than A-Z a-z 0-9 . _ - become _.
std::string plain_worker_name(std::string name);

}  // namespace dth::ledger

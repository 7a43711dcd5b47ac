#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace dth::state {

struct ArchiveTotals {
  std::int64_t runs = 0;
  std::int64_t rows = 0;
};

// A state as one file, the same for all engines: docs/database.md. Everything but the workers. See
// State for what every method keeps to.
class Archive {
 public:
  virtual ~Archive() = default;

  // The state as of one moment, into a file that only its owner can read. already_exists; otherwise
  // the errors of writing, and then there is no file.
  virtual Result<ArchiveTotals> back_up(const std::string& file) = 0;
  // What the file holds, into a state without runs (precondition_failed). Leases are not taken
  // over: a worker that held a job changes nothing here. Errors: data_corrupted (cut short,
  // changed, or no such file), unsupported (of a schema of another version), not_found.
  virtual Result<ArchiveTotals> restore(const std::string& file) = 0;
};

// Is the file there, whole and as it was written? Reads all of it. Errors: those of restore() but
// unsupported.
Result<void> check_archive(const std::string& file);

}  // namespace dth::state

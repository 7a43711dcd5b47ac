#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.h"
#include "state/record.h"

namespace dth::state {

// What runs leave for people and for the ledger: failures, warnings, segments. See State for what
// every method keeps to.
class RunRecords {
 public:
  virtual ~RunRecords() = default;

  // Those that are kept (failures_max), in order of `at`, from the offset-th on.
  virtual Result<std::vector<Failure>> failures(const std::string& run, std::size_t offset,
                                                std::size_t count_max) = 0;
  // All failures of the run by what they have in common, the most frequent first.
  virtual Result<std::vector<FailureGroup>> failure_groups(const std::string& run) = 0;
  // In the order in which they were recorded.
  virtual Result<std::vector<std::string>> warnings(const std::string& run) = 0;
  // In order of job.
  virtual Result<std::vector<Segment>> segments(const std::string& run) = 0;
};

}  // namespace dth::state

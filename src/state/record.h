#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "state/job.h"

namespace dth::state {

// An item that could not be copied. Shown to people; retried by hand.
struct Failure {
  std::string key = {};  // raw bytes
  std::string version_id = {};
  std::uint64_t size = 0;
  std::string code = {};  // to_string(ErrorCode)
  // The class that people group by: to_string(ErrorReason); empty: `code` says all.
  std::string reason = {};
  std::string message = {};
  std::string detail = {};  // the vendor's code and request id
  int attempts = 0;
  TimePoint at{};
  std::string step =
      {};  // the plugin's: what could not be done with the item, where there is more than one thing
};

// The failures of a run that have these in common. All of them are counted here, also those that
// the run keeps no Failure of.
struct FailureGroup {
  std::string code = {};
  std::string reason = {};
  std::string step = {};
  std::int64_t count = 0;
  std::string sample_key = {};  // of the first one, raw bytes
};

inline constexpr std::int64_t failures_max = 1'000'000;  // kept of a run

// A stretch of a ledger file that holds the lines of one job (docs/ledger.md).
struct Segment {
  JobId job = 0;          // filled in by State
  std::string file = {};  // relative to the run's ledger
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::string sha256 = {};  // hex, of these bytes
  std::uint64_t items = 0;
  std::string key_least = {};  // raw bytes
  std::string key_greatest = {};
};

inline constexpr std::size_t warnings_max = 100;  // of a run

}  // namespace dth::state

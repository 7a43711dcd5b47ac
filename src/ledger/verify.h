#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/signature.h"
#include "ledger/manifest.h"
#include "ledger/run_files.h"

namespace dth::ledger {

struct VerifyRequest {
  const RunFiles& files;  // the ledger may have been moved and renamed
  // One of these must have signed; without any only integrity can be told.
  std::vector<PublicKey> public_keys = {};
};

struct Problem {
  std::string file;  // its name
  std::uint64_t offset = 0;
  std::string what;
};

struct Verification {
  static constexpr std::size_t problems_max = 100;

  Manifest manifest;  // as far as it could be read; its segments are taken out
  std::uint64_t segments = 0;
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;  // of segments that were checked
  // What no segment covers does not count, and is no problem: what a process wrote and never
  // recorded.
  std::uint64_t uncovered_bytes = 0;
  std::vector<std::string> unknown_files;  // at most problems_max
  std::vector<Problem> problems;           // the first problems_max
  std::uint64_t problem_count = 0;

  bool good() const { return problem_count == 0; }
};

// Recomputes everything that a ledger says of itself, and goes on after what is wrong: each
// segment's SHA-256, lines and key range, the root, the totals against the lines, the manifest's
// very bytes, the signature. Memory is bounded but for the list of segments. Errors: not_found (no
// manifest), unsupported (a newer version's), permission_denied, unavailable;
// whatever else is wrong is a problem.
Result<Verification> verify(const VerifyRequest& request);

}  // namespace dth::ledger

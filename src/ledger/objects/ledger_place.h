#pragma once

#include <chrono>
#include <string>

#include "objects/endpoint.h"
#include "objects/side_options.h"

namespace dth::ledger {

// The side by which options and credentials of ledgers are named: --ledger-region,
// DTH_LEDGER_ACCESS_KEY_ID.
inline constexpr std::string_view ledger_side = "ledger";

// Where ledgers are kept: in a directory, or behind a prefix of a bucket. What is of one run is in
// a directory, or behind a prefix, of its own there.
struct LedgerPlace {
  std::string directory = {};  // absolute, no slash at the end; empty: `store`
  objects::StoreRequest store = {};
  std::string prefix = {};  // in the bucket: empty, or ends in a slash
  // A bucket that cannot be reached is waited for that long. Zero: it is not.
  std::chrono::seconds unreachable_timeout = std::chrono::minutes(15);

  bool is_directory() const { return !directory.empty(); }
  // "/ledgers", "s3://bucket/ledgers".
  std::string to_string() const;
  LedgerPlace of_run(const std::string& run) const;
};

// The place that `text` names: a directory or s3://bucket/prefix, with or without a slash at the
// end. `given` has the options of the side "ledger" of `sides`. invalid_argument names the option.
Result<LedgerPlace> read_ledger_place(const std::string& text, const objects::SideOptions& sides,
                                      const options::Values& given);

// The same, as seen from the directory where a command is given.
std::string absolute_ledger_place(const std::string& text, const std::string& here);

}  // namespace dth::ledger

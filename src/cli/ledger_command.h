#pragma once

#include <string>

namespace dth::cli {

struct LedgerShowCommand {
  std::string path;        // a run's directory in a ledger
  std::string state_path;  // for a run without a manifest
};

// Prints the lines of the segments that count, checking each. Returns the exit code.
int run_ledger_show(const LedgerShowCommand& command);

}  // namespace dth::cli

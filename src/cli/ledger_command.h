#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/database.h"
#include "cli/ledger_places.h"
#include "cli/output.h"
#include "ledger/vocabulary.h"

// `dth ledger …`: reading and checking the record of what a run did. All return the exit code.
namespace dth::cli {

// Which lines are wanted; empty: any.
struct LineFilter {
  std::string key_prefix;
  std::optional<ledger::Outcome> outcome = {};
  std::optional<ledger::ProofKind> proof = {};
  std::uint64_t count_max = 0;  // 0: all
};

// The ledger of one run, as a user names it.
struct NamedLedger {
  const LedgerPlaces* places = nullptr;
  std::string text;          // a run's directory in a ledger, or s3://bucket/prefix/run
  options::Values endpoint;  // how a bucket is reached: LedgerPlaces::options()
};

struct LedgerReadCommand {
  NamedLedger ledger;
  DatabaseFlags database;  // that knows a run without a manifest
  LineFilter filter;
};

// Prints the lines of the segments that count, checking each segment that may have one that is
// wanted.
int run_ledger_show(const LedgerReadCommand& command);

struct LedgerExportCommand {
  LedgerReadCommand read;
  std::string format = "csv";  // csv, json (an object a line)
  std::string file;            // made wholly or not at all; empty: standard output
};
int run_ledger_export(const LedgerExportCommand& command);

struct LedgerVerifyCommand {
  NamedLedger ledger;
  // Hexadecimal digits, or a file that holds a key, one of which signed; empty: integrity only.
  std::vector<std::string> public_keys;
  bool json = false;
};
int run_ledger_verify(const LedgerVerifyCommand& command);

}  // namespace dth::cli

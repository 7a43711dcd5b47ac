#pragma once

#include <memory>
#include <string>

#include "cli/ledger_command.h"
#include "ledger/reader.h"

namespace dth::cli {

// The ledger that a command names, opened. Errors: invalid_argument (there is no such directory).
Result<std::unique_ptr<ledger::RunFiles>> open_named_ledger(const NamedLedger& named);

// Gives the lines that the command wants, in the ledger's order. Errors: those of the reader and of
// the consumer.
Result<void> read_lines(const LedgerReadCommand& command, const ledger::LineConsumer& consumer);

}  // namespace dth::cli

#pragma once

#include <filesystem>
#include <string>

#include "cli/ledger_command.h"
#include "ledger/reader.h"

namespace dth::cli {

// The directory that a command names, without a trailing slash. Errors: invalid_argument (there is
// none).
Result<std::filesystem::path> ledger_directory(const std::string& path);

// Gives the lines that the command wants, in the ledger's order. Errors: those of the reader and of
// the consumer.
Result<void> read_lines(const LedgerReadCommand& command, const ledger::LineConsumer& consumer);

}  // namespace dth::cli

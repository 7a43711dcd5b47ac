#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "ledger/signing_key.h"

namespace dth::cli {

// Where this program keeps what is its own: $XDG_STATE_HOME/dth, or ~/.local/state/dth. Not
// created. Errors: invalid_argument where neither variable is set.
// https://specifications.freedesktop.org/basedir-spec/latest/
Result<std::filesystem::path> state_directory();

// The ledgers of a state's runs, a directory each.
std::filesystem::path ledger_path_of(const std::filesystem::path& state_path);

// This machine's signing key and those that it had before.
Result<ledger::SigningKeys> signing_keys();

}  // namespace dth::cli

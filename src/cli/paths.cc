#include "cli/paths.h"

#include <cstdlib>

namespace dth::cli {

namespace fs = std::filesystem;

Result<fs::path> state_directory() {
  if (const char* directory = std::getenv("XDG_STATE_HOME"); directory && *directory == '/')
    return fs::path(directory) / "dth";
  if (const char* home = std::getenv("HOME"); home && *home)
    return fs::path(home) / ".local" / "state" / "dth";
  return Error{ErrorCode::invalid_argument,
               "neither XDG_STATE_HOME nor HOME is set, so there is no place for states and for "
               "the key that ledgers are signed "
               "with; set XDG_STATE_HOME to a directory",
               ""};
}

fs::path ledger_path_of(const fs::path& state_path) { return state_path.string() + ".ledger"; }

Result<ledger::SigningKeys> signing_keys() {
  auto directory = state_directory();
  if (directory.has_error()) return directory.error();
  return ledger::SigningKeys(directory->string());
}

}  // namespace dth::cli

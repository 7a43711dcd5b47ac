#include "cli/paths.h"

#include <cstdlib>

#include "base/hash.h"

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

Result<fs::path> default_state_path(const engine::TaskSpec& spec) {
  auto directory = state_directory();
  if (directory.has_error()) return directory.error();
  std::string identity;
  for (const char* name :
       {"source", "source-endpoint-url", "destination", "destination-endpoint-url"}) {
    identity += spec.option(name) + '\n';
  }
  return *directory / (std::string(options::command_of(spec.action)) + "-" +
                       hash(HashAlgorithm::sha256, as_bytes(identity)).hex().substr(0, 16) + ".db");
}

std::string state_argument(const fs::path& state_path) {
  const auto directory = state_directory();
  const bool found = directory.has_value() && state_path.parent_path() == *directory &&
                     state_path.extension() == ".db";
  return found ? "" : " --state " + state_path.string();
}

fs::path ledger_path_of(const fs::path& state_path) { return state_path.string() + ".ledger"; }

Result<ledger::SigningKeys> signing_keys() {
  auto directory = state_directory();
  if (directory.has_error()) return directory.error();
  return ledger::SigningKeys(directory->string());
}

}  // namespace dth::cli

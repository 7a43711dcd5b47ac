#include "cli/working_state.h"

#include <algorithm>
#include <thread>

#include <unistd.h>

#include "cli/paths.h"
#include "ledger/directory_ledger.h"
#include "state/sqlite_state.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;

Result<void> make_directory(const fs::path& path, const std::string& what,
                            const std::string& remedy) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (!failure) return Result<void>();
  return Error{ErrorCode::permission_denied,
               "the directory " + path.string() + " for the " + what +
                   " cannot be made: " + failure.message() + "; " + remedy,
               ""};
}

}  // namespace

Result<std::unique_ptr<WorkingState>> WorkingState::open(const fs::path& path,
                                                         const std::string& process) {
  std::unique_ptr<WorkingState> working(new WorkingState());
  auto made = make_directory(path.parent_path(), "state", "name another place with --database");
  if (made.has_error()) return made.error();
  // Before any work is done that could not be signed afterwards.
  auto keys = signing_keys();
  if (keys.has_error()) return keys.error();
  auto key = keys->load_or_create();
  if (key.has_error()) return key.error();
  auto state = state::open_sqlite_state({.path = path.string()});
  if (state.has_error()) return state.error();
  working->state_ = std::move(*state);
  working->path_ = path;
  const std::string directory = working->ledger_path().string();
  made = make_directory(directory, "ledger", "name another database, its ledgers lie beside it");
  if (made.has_error()) return made.error();
  working->ledger_ = std::make_unique<ledger::DirectoryLedger>(
      ledger::DirectoryLedgerOptions{.directory = directory, .worker_name = process});
  working->sealer_ = std::make_unique<ledger::DirectorySealer>(
      directory, std::make_shared<const PrivateKey>(std::move(*key)));
  return working;
}

Result<std::unique_ptr<WorkingState>> WorkingState::open_in_memory() {
  std::unique_ptr<WorkingState> working(new WorkingState());
  auto state = state::open_sqlite_state({.path = ":memory:", .synchronous = false});
  if (state.has_error()) return state.error();
  working->state_ = std::move(*state);
  auto preview = std::make_unique<PreviewLedger>();
  working->preview_ = preview.get();
  working->ledger_ = std::move(preview);
  working->sealer_ = std::make_unique<ledger::NoSealer>();
  return working;
}

fs::path WorkingState::ledger_path() const { return ledger_path_of(path_); }

unsigned lanes_wanted(unsigned lanes) {
  if (lanes > 0) return lanes;
  return std::clamp(std::thread::hardware_concurrency(), 1u, 8u);
}

state::NewWorker registration_of(const std::string& id) {
  return state::NewWorker{.id = id,
                          .labels = {},
                          .claims_anybody = false,
                          .host = {},
                          .pid = static_cast<int>(::getpid()),
                          .version = DTH_VERSION};
}

}  // namespace dth::cli

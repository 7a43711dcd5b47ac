#include "cli/working_state.h"

#include <algorithm>
#include <thread>

#include <unistd.h>

#include "cli/paths.h"
#include "engine/task.h"
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

// WorkerCommand::signing_key. Null for none.
Result<std::shared_ptr<const PrivateKey>> find_key(const std::string& given) {
  if (given == "none") return std::shared_ptr<const PrivateKey>();
  auto keys = signing_keys();
  if (given.empty() && keys.has_error()) return keys.error();
  auto key = given.empty() ? keys->load_or_create() : ledger::load_signing_key(given);
  if (key.has_error() && !given.empty())
    return std::move(key.error()).with_context("--signing-key");
  if (key.has_error()) return key.error();
  return std::make_shared<const PrivateKey>(std::move(*key));
}

}  // namespace

Result<std::unique_ptr<WorkingState>> WorkingState::open(const StatePlace& place,
                                                         const std::string& process,
                                                         const LedgerPlaces& ledgers,
                                                         const std::string& signing_key) {
  std::unique_ptr<WorkingState> working(new WorkingState());
  if (place.is_file()) {
    auto made =
        make_directory(place.file().parent_path(), "state", "name another place with --database");
    if (made.has_error()) return made.error();
  }
  // Before any work is done that could not be signed afterwards.
  auto key = find_key(signing_key);
  if (key.has_error()) return key.error();
  auto state = place.open(StatePlace::Access::work);
  if (state.has_error()) return state.error();
  working->state_ = std::move(*state);
  working->place_ = place;
  working->keep_ledgers(ledgers, process, std::move(*key));
  return working;
}

void WorkingState::keep_ledgers(const LedgerPlaces& ledgers, const std::string& process,
                                std::shared_ptr<const PrivateKey> key) {
  places_ = &ledgers;
  has_signing_key_ = key != nullptr;
  run_ledgers_ = std::make_shared<ledger::RunLedgers>(
      ledger::LedgerAccess{ledgers.opener(), clock_}, std::move(key),
      ledger::RunLedgersOptions{.fallback = place_beside(*place_),
                                .worker_name = process,
                                .find_place = [this](const auto& run) { return place_of(run); }});
  ledger_ = run_ledgers_;
  sealer_ = run_ledgers_;
}

Result<std::optional<ledger::LedgerPlace>> WorkingState::place_of(const std::string& run) {
  auto found = state_->runs().find_run(run);
  if (found.has_error()) return found.error();
  auto spec = engine::parse_task_spec(found->spec);
  if (spec.has_error()) return spec.error();
  return places_->of_spec(spec->options);
}

Result<void> WorkingState::check_ledger(const options::Values& spec) {
  if (!run_ledgers_) return Result<void>();
  auto place = places_->of_spec(spec);
  if (place.has_error()) return place.error();
  return run_ledgers_->check(*place ? **place : place_beside(*place_));
}

Result<std::unique_ptr<WorkingState>> WorkingState::open_in_memory() {
  std::unique_ptr<WorkingState> working(new WorkingState());
  auto state = state::open_sqlite_state({.path = ":memory:", .synchronous = false});
  if (state.has_error()) return state.error();
  working->state_ = std::move(*state);
  auto preview = std::make_unique<PreviewLedger>();
  working->preview_ = preview.get();
  working->ledger_ = std::move(preview);
  working->sealer_ = std::make_shared<ledger::NoSealer>();
  return working;
}

unsigned lanes_wanted(unsigned lanes) {
  if (lanes > 0) return lanes;
  return std::clamp(std::thread::hardware_concurrency(), 1u, 8u);
}

state::NewWorker registration_of(const std::string& id, state::WorkerKind kind) {
  return state::NewWorker{.id = id,
                          .kind = kind,
                          .labels = {},
                          .claims_anybody = false,
                          .host = {},
                          .pid = static_cast<int>(::getpid()),
                          .version = DTH_VERSION};
}

}  // namespace dth::cli

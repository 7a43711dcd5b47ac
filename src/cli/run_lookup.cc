#include "cli/run_lookup.h"

#include "cli/database.h"
#include "state/sqlite_state.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;

Error no_such_run(const std::string& run, const fs::path& path) {
  return Error{ErrorCode::invalid_argument,
               (run == "latest" ? "there is no run yet in " : "there is no run " + run + " in ") +
                   path.string() +
                   "; `dth run list` shows the runs that there are, --database names another state",
               ""};
}

}  // namespace

Result<std::unique_ptr<ReadState>> ReadState::open(const std::string& given) {
  auto path = database_path(given);
  if (path.has_error()) return path.error();
  return open_file(*path);
}

Result<std::unique_ptr<ReadState>> ReadState::open_file(const fs::path& path) {
  auto state = state::open_sqlite_state({.path = path.string(), .read_only = true});
  if (state.has_error()) return state.error();
  return std::unique_ptr<ReadState>(new ReadState(path, std::move(*state)));
}

Result<runs::RunView> ReadState::find(const std::string& run) {
  if (run == "latest") {
    auto newest = reader_.list("", 1);
    if (newest.has_error()) return newest.error();
    if (newest->empty()) return no_such_run(run, path_);
    return std::move(newest->front());
  }
  auto view = reader_.find(run);
  if (view.has_error() && view.error().code == ErrorCode::not_found) return no_such_run(run, path_);
  return view;
}

Result<ReadRun> read_run(const std::string& database, const std::string& run) {
  auto path = database_path(database);
  if (path.has_error()) return path.error();
  auto state = ReadState::open_file(*path);
  if (state.has_error() && state.error().code == ErrorCode::not_found)
    return no_such_run(run, *path);
  if (state.has_error()) return state.error();
  auto view = (*state)->find(run);
  if (view.has_error()) return view.error();
  return ReadRun{std::move(*state), std::move(*view)};
}

}  // namespace dth::cli

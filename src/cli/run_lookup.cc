#include "cli/run_lookup.h"

namespace dth::cli {
namespace {

Error no_such_run(const std::string& run, const StatePlace& place) {
  return Error{ErrorCode::invalid_argument,
               (run == "latest" ? "there is no run yet in " : "there is no run " + run + " in ") +
                   place.to_string() +
                   "; `dth run list` shows the runs that there are, --database names another state",
               ""};
}

}  // namespace

Result<std::unique_ptr<ReadState>> ReadState::open(const DatabaseFlags& flags) {
  auto place = find_state(flags);
  if (place.has_error()) return place.error();
  return open_place(*place);
}

Result<std::unique_ptr<ReadState>> ReadState::open_place(const StatePlace& place) {
  auto state = place.open(StatePlace::Access::read);
  if (state.has_error()) return state.error();
  return std::unique_ptr<ReadState>(new ReadState(place, std::move(*state)));
}

Result<runs::RunView> ReadState::find(const std::string& run) {
  if (run == "latest") {
    auto newest = reader_.list("", 1);
    if (newest.has_error()) return newest.error();
    if (newest->empty()) return no_such_run(run, place_);
    return std::move(newest->front());
  }
  auto view = reader_.find(run);
  if (view.has_error() && view.error().code == ErrorCode::not_found)
    return no_such_run(run, place_);
  return view;
}

Result<ReadRun> read_run(const DatabaseFlags& database, const std::string& run) {
  auto place = find_state(database);
  if (place.has_error()) return place.error();
  auto state = ReadState::open_place(*place);
  if (state.has_error() && state.error().code == ErrorCode::not_found)
    return no_such_run(run, *place);
  if (state.has_error()) return state.error();
  auto view = (*state)->find(run);
  if (view.has_error()) return view.error();
  return ReadRun{std::move(*state), std::move(*view)};
}

}  // namespace dth::cli

#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "cli/database.h"
#include "runs/run_reader.h"
#include "state/state.h"

namespace dth::cli {

// A state that is read and not worked with: other processes may be at work on its runs.
class ReadState {
 public:
  // Errors: not_found (there is none yet).
  static Result<std::unique_ptr<ReadState>> open(const DatabaseFlags& flags);
  static Result<std::unique_ptr<ReadState>> open_place(const StatePlace& place);

  state::State& state() { return *state_; }
  runs::RunReader& reader() { return reader_; }
  const StatePlace& place() const { return place_; }

  // The run of that id, or the newest one for "latest". invalid_argument: there is none.
  Result<runs::RunView> find(const std::string& run);

 private:
  ReadState(StatePlace place, std::unique_ptr<state::State> state)
      : place_(std::move(place)), state_(std::move(state)), reader_(*state_, clock_) {}

  const StatePlace place_;
  SystemClock clock_;
  const std::unique_ptr<state::State> state_;
  runs::RunReader reader_;
};

// The same for a command that shows one run. invalid_argument also where there is no state.
struct ReadRun {
  std::unique_ptr<ReadState> state;
  runs::RunView view;
};
Result<ReadRun> read_run(const DatabaseFlags& database, const std::string& run);

}  // namespace dth::cli

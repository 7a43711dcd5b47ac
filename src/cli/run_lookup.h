#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "runs/run_reader.h"
#include "state/state.h"

namespace dth::cli {

// A state that is read and not worked with: other processes may be at work on its runs.
class ReadState {
 public:
  // `given`: what --database says (database.h). Errors: not_found (there is none yet).
  static Result<std::unique_ptr<ReadState>> open(const std::string& given);
  static Result<std::unique_ptr<ReadState>> open_file(const std::filesystem::path& path);

  state::State& state() { return *state_; }
  runs::RunReader& reader() { return reader_; }
  const std::filesystem::path& path() const { return path_; }

  // The run of that id, or the newest one for "latest". invalid_argument: there is none.
  Result<runs::RunView> find(const std::string& run);

 private:
  ReadState(std::filesystem::path path, std::unique_ptr<state::State> state)
      : path_(std::move(path)), state_(std::move(state)), reader_(*state_, clock_) {}

  const std::filesystem::path path_;
  SystemClock clock_;
  const std::unique_ptr<state::State> state_;
  runs::RunReader reader_;
};

// The same for a command that shows one run. invalid_argument also where there is no state.
struct ReadRun {
  std::unique_ptr<ReadState> state;
  runs::RunView view;
};
Result<ReadRun> read_run(const std::string& database, const std::string& run);

}  // namespace dth::cli

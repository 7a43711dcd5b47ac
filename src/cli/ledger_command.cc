#include "cli/ledger_command.h"

#include <cstdio>
#include <filesystem>

#include "ledger/reader.h"
#include "state/sqlite_state.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;

Result<void> show(const LedgerShowCommand& command) {
  fs::path path = fs::absolute(command.path).lexically_normal();
  if (path.filename().empty()) path = path.parent_path();
  if (!fs::is_directory(path)) {
    return Error{ErrorCode::invalid_argument,
                 "there is no ledger at " + path.string() + "; name the directory that `dth copy` printed at its end", ""};
  }
  const std::string run = path.filename().string();
  std::vector<state::Segment> segments;
  if (!command.state_path.empty()) {
    if (!fs::exists(command.state_path)) {
      return Error{ErrorCode::invalid_argument, "there is no state at " + command.state_path, ""};
    }
    auto state = state::open_sqlite_state({command.state_path, true, true});
    if (state.has_error()) return state.error();
    auto known = (*state)->segments(run);
    if (known.has_error()) return known.error();
    segments = std::move(*known);
  } else if (!fs::exists(path / "manifest.json")) {
    return Error{ErrorCode::invalid_argument,
                 "the run " + run + " has no manifest, so it is not over: which of its lines count is known to its state; "
                     "name that with --state, or let the run end",
                 ""};
  }
  std::string text;
  return ledger::read_run(path.parent_path().string(), run, segments, [&](const ledger::Line& line) -> Result<void> {
    text.clear();
    ledger::append_json(line, &text);
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
      return Error{ErrorCode::unavailable, "standard output cannot be written", ""};
    }
    return Result<void>();
  });
}

}  // namespace

int run_ledger_show(const LedgerShowCommand& command) {
  auto shown = show(command);
  std::fflush(stdout);
  if (shown.has_value()) return 0;
  std::fprintf(stderr, "dth: %s\n", shown.error().to_string().c_str());
  return shown.error().code == ErrorCode::invalid_argument ? 2 : 1;
}

}  // namespace dth::cli

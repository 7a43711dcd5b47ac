#include "cli/ledger_lines.h"

#include "cli/run_lookup.h"
#include "ledger/manifest.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;

fs::path without_slash(const std::string& path) {
  fs::path directory = fs::absolute(path).lexically_normal();
  return directory.filename().empty() ? directory.parent_path() : directory;
}

// May the segment hold a key with the prefix?
bool may_match(const state::Segment& segment, const std::string& prefix) {
  return segment.key_greatest >= prefix &&
         std::string_view(segment.key_least).substr(0, prefix.size()) <= prefix;
}

bool matches(const ledger::Line& line, const LineFilter& filter) {
  return line.key.starts_with(filter.key_prefix) &&
         (!filter.outcome || line.outcome == *filter.outcome) &&
         (!filter.proof || line.proof == filter.proof);
}

Result<std::vector<state::Segment>> segments_of(const fs::path& path,
                                                const std::string& state_path) {
  const std::string run = path.filename().string();
  auto manifest = ledger::read_manifest_in(path.string());
  if (manifest.has_value()) return std::move(manifest->segments);
  if (manifest.error().code != ErrorCode::not_found) return manifest.error();
  if (state_path.empty()) {
    return Error{
        ErrorCode::invalid_argument,
        "the run " + run +
            " has no manifest, so it is not over: which of its lines count is known to its state; "
            "name that with --state, or let the run end",
        ""};
  }
  auto state = open_for_reading(state_path);
  if (state.has_error()) return state.error();
  return (*state)->records().segments(run);
}

}  // namespace

Result<fs::path> ledger_directory(const std::string& path) {
  fs::path directory = without_slash(path);
  std::error_code ignored;
  if (fs::is_directory(directory, ignored)) return directory;
  return Error{ErrorCode::invalid_argument,
               "there is no ledger at " + directory.string() +
                   "; name the directory that `dth copy` printed at its end",
               ""};
}

Result<void> read_lines(const LedgerReadCommand& command, const ledger::LineConsumer& consumer) {
  // A run that goes on may not have a line yet.
  auto path = command.state_path.empty() ? ledger_directory(command.path)
                                         : Result<fs::path>(without_slash(command.path));
  if (path.has_error()) return path.error();
  auto segments = segments_of(*path, command.state_path);
  if (segments.has_error()) return segments.error();
  const LineFilter& filter = command.filter;
  std::erase_if(*segments, [&](const state::Segment& segment) {
    return !may_match(segment, filter.key_prefix);
  });
  std::uint64_t given = 0;
  bool enough = false;
  auto read = ledger::read_segments(
      path->string(), *segments, [&](const ledger::Line& line) -> Result<void> {
        if (!matches(line, filter)) return Result<void>();
        auto taken = consumer(line);
        if (taken.has_error()) return taken;
        enough = ++given == filter.count_max;
        return enough ? Result<void>(Error{ErrorCode::cancelled, "enough lines were given", ""})
                      : Result<void>();
      });
  return enough ? Result<void>() : read;
}

}  // namespace dth::cli

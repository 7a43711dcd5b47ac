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

Result<std::vector<state::Segment>> segments_of(const fs::path& path, const std::string& database) {
  const std::string run = path.filename().string();
  auto manifest = ledger::read_manifest(ledger::DirectoryFiles(path.string()));
  if (manifest.has_value()) return std::move(manifest->segments);
  if (manifest.error().code != ErrorCode::not_found) return manifest.error();
  // It is not over, and which of its lines count is known to its state.
  auto found = read_run(database, run);
  if (found.has_error()) {
    return std::move(found.error())
        .with_context("the run " + run + " has no manifest, so it is not over, or not here");
  }
  return found->state->state().records().segments(run);
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
  auto path = command.database.empty() ? ledger_directory(command.path)
                                       : Result<fs::path>(without_slash(command.path));
  if (path.has_error()) return path.error();
  auto segments = segments_of(*path, command.database);
  if (segments.has_error()) return segments.error();
  const LineFilter& filter = command.filter;
  std::erase_if(*segments, [&](const state::Segment& segment) {
    return !may_match(segment, filter.key_prefix);
  });
  std::uint64_t given = 0;
  bool enough = false;
  auto read = ledger::read_segments(
      ledger::DirectoryFiles(path->string()), *segments,
      [&](const ledger::Line& line) -> Result<void> {
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

#include "cli/ledger_lines.h"

#include <filesystem>

#include "cli/configured_endpoints.h"
#include "cli/local_run.h"
#include "cli/run_lookup.h"
#include "credentials/process_environment.h"
#include "ledger/manifest.h"

namespace dth::cli {
namespace {

Clock& clock_of_reading() {
  static SystemClock clock;
  return clock;
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

Result<std::vector<state::Segment>> segments_of(const ledger::RunFiles& files,
                                                const DatabaseFlags& database) {
  auto manifest = ledger::read_manifest(files);
  if (manifest.has_value()) return std::move(manifest->segments);
  if (manifest.error().code != ErrorCode::not_found ||
      manifest.error().reason == ErrorReason::bucket_missing)
    return manifest.error();
  // It is not over, and which of its lines count is known to its state.
  auto found = read_run(database, files.name());
  if (found.has_error()) {
    return std::move(found.error())
        .with_context("the run " + files.name() +
                      " has no manifest, so it is not over, or not here");
  }
  return found->state->state().records().segments(files.name());
}

Result<std::unique_ptr<ledger::RunFiles>> open_files(const NamedLedger& named,
                                                     bool may_be_missing) {
  options::Values given = named.endpoint;
  given[std::string(ledger::ledger_side)] = named.text;
  auto notes = take_configured_endpoints(&given, credentials::process_environment());
  if (notes.has_error()) return notes.error();
  tell_notes(*notes);
  auto place = named.places->of_run_named(named.text, given);
  if (place.has_error()) return place.error();
  std::error_code ignored;
  if (place->is_directory() && !may_be_missing &&
      !std::filesystem::is_directory(place->directory, ignored)) {
    return Error{ErrorCode::invalid_argument,
                 "there is no ledger at " + place->directory +
                     "; name the place that `dth copy` printed at its end",
                 ""};
  }
  return ledger::open_run_files({named.places->opener(), clock_of_reading()}, *place);
}

}  // namespace

Result<std::unique_ptr<ledger::RunFiles>> open_named_ledger(const NamedLedger& named) {
  return open_files(named, false);
}

Result<void> read_lines(const LedgerReadCommand& command, const ledger::LineConsumer& consumer) {
  // A run that goes on may not have a line yet.
  auto files = open_files(command.ledger, !command.database.database.empty());
  if (files.has_error()) return files.error();
  auto segments = segments_of(**files, command.database);
  if (segments.has_error()) return segments.error();
  const LineFilter& filter = command.filter;
  std::erase_if(*segments, [&](const state::Segment& segment) {
    return !may_match(segment, filter.key_prefix);
  });
  std::uint64_t given = 0;
  bool enough = false;
  auto read =
      ledger::read_segments(**files, *segments, [&](const ledger::Line& line) -> Result<void> {
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

#include "cli/copy_command.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "base/encoding.h"
#include "base/ids.h"
#include "cli/local_run.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include "ledger/directory_ledger.h"
#include "ledger/manifest.h"
#include "ledger/trim.h"
#include "state/sqlite_state.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;

constexpr int exit_could_not_run = 1;
constexpr int exit_usage = 2;

int complain(const Error& error) {
  std::fprintf(stderr, "dth: %s\n", error.to_string().c_str());
  return error.code == ErrorCode::invalid_argument ? exit_usage : exit_could_not_run;
}

// $XDG_STATE_HOME/dth, or ~/.local/state/dth.
// https://specifications.freedesktop.org/basedir-spec/latest/
Result<fs::path> state_directory() {
  if (const char* directory = std::getenv("XDG_STATE_HOME"); directory && *directory == '/') return fs::path(directory) / "dth";
  if (const char* home = std::getenv("HOME"); home && *home) return fs::path(home) / ".local" / "state" / "dth";
  return Error{ErrorCode::invalid_argument, "neither XDG_STATE_HOME nor HOME is set, so there is no place for the state; name a file with --state", ""};
}

// One file for each mode and pair of source and destination, endpoints included.
Result<fs::path> default_state_path(const engine::Spec& spec, const std::string& mode) {
  auto directory = state_directory();
  if (directory.has_error()) return directory.error();
  std::string identity;
  for (const char* name : {"source", "source-endpoint-url", "destination", "destination-endpoint-url"}) {
    auto value = spec.find(name);
    identity += (value == spec.end() ? std::string() : value->second) + '\n';
  }
  return *directory / (mode + "-" + hash(HashAlgorithm::sha256, as_bytes(identity)).hex().substr(0, 16) + ".db");
}

// A dry run's: nothing is kept but the first of what would be deleted.
class PreviewLedger final : public ledger::Ledger {
 public:
  Result<state::Segment> append(const std::string&, const ledger::LineBuffer& lines) override {
    std::lock_guard guard(mutex_);
    std::string_view text = lines.text();
    while (!text.empty() && would_delete_.size() < lines_max) {
      const std::size_t end = text.find('\n');
      auto line = ledger::parse_line(text.substr(0, end));
      if (line.has_error()) return line.error();
      if (line->outcome == "would_delete") would_delete_.push_back(std::move(*line));
      text.remove_prefix(end + 1);
    }
    return state::Segment{};
  }

  std::vector<ledger::Line> take() {
    std::lock_guard guard(mutex_);
    return std::exchange(would_delete_, {});
  }

 private:
  static constexpr std::size_t lines_max = 1'000;
  std::mutex mutex_;
  std::vector<ledger::Line> would_delete_;
};

// A run that is over has a manifest: also one whose process died between its end and its manifest.
Result<void> ensure_manifest(state::State& state, const fs::path& ledger_path, const state::Run& run) {
  std::error_code ignored;
  if (fs::exists(ledger_path / run.id / "manifest.json", ignored)) return Result<void>();
  auto segments = state.segments(run.id);
  if (segments.has_error()) return segments.error();
  auto manifest = ledger::make_manifest(run, std::move(*segments));
  if (manifest.has_error()) return manifest.error();
  return ledger::write_manifest(ledger_path.string(), *manifest);
}

// The run to execute: the unfinished one of this state, or a new one.
Result<state::Run> find_or_create_run(engine::Plugin& plugin, state::State& state, ledger::Ledger& ledger, Clock& clock,
                                      const CopyCommand& command, const fs::path& ledger_path) {
  auto runs = state.list_runs(1);
  if (runs.has_error()) return runs.error();
  if (!runs->empty() && is_over(runs->front().state)) {
    auto written = ensure_manifest(state, ledger_path, runs->front());
    if (written.has_error()) return written.error();
  }
  if (!runs->empty() && !is_over(runs->front().state)) {
    const state::Run& unfinished = runs->front();
    auto freed = state.release_all_leases(clock.now());
    if (freed.has_error()) return freed.error();
    if (!command.restart) {
      auto before = engine::parse_spec(unfinished.spec);
      if (before.has_error()) return before.error();
      const std::string difference = engine::describe_difference(plugin.options(), *before, command.spec);
      if (!difference.empty()) {
        return Error{ErrorCode::invalid_argument,
                     "the state holds an unfinished run with other options: " + difference +
                         "; give the same options to go on with it, --restart to give it up and begin anew, or another --state",
                     ""};
      }
      auto segments = state.segments(unfinished.id);
      if (segments.has_error()) return segments.error();
      auto trimmed = ledger::trim({ledger_path.string(), unfinished.id}, *segments);
      if (trimmed.has_error()) return trimmed.error();
      std::fprintf(stderr, "dth: going on with the unfinished run %s\n", unfinished.id.c_str());
      return unfinished;
    }
    auto abandoned = abandon(plugin, state, ledger, clock, unfinished);
    if (abandoned.has_error()) return abandoned.error();
    auto over = state.find_run(unfinished.id);
    if (over.has_error()) return over.error();
    auto written = ensure_manifest(state, ledger_path, *over);
    if (written.has_error()) return written.error();
  }
  state::NewRun run;
  run.id = new_id(clock.now());
  run.kind = plugin.kind();
  run.spec = engine::to_json(command.spec);
  auto created = state.create_run(run, plugin.first_jobs(command.spec), clock.now());
  if (created.has_error()) return created.error();
  return state.find_run(run.id);
}

unsigned lanes_wanted(const CopyCommand& command) {
  if (command.lanes > 0) return command.lanes;
  return std::clamp(std::thread::hardware_concurrency(), 1u, 8u);
}

void print(const Summary& summary, OutputFormat format) {
  switch (format) {
    case OutputFormat::table: std::fputs(to_text(summary).c_str(), stdout); break;
    case OutputFormat::json: std::printf("%s\n", to_json(summary).c_str()); break;
    case OutputFormat::yaml: std::fputs(to_yaml(summary).c_str(), stdout); break;
  }
  std::fflush(stdout);
}

// A run that did nothing because nothing was selected is a success that may not be what was meant.
void warn_of_empty_selection(const Summary& summary) {
  const state::Counts& counts = summary.run.counts;
  if (summary.interrupted || !summary.run.error.empty() || counts[state::Counter::selected] > 0) return;
  const std::int64_t scanned = counts[state::Counter::scanned];
  const std::string why = scanned == 0 ? "the source, as far as it was asked for, holds no object"
                                       : "none of the " + with_separators(scanned) + " objects looked at passes the filters";
  std::fprintf(stderr, "dth: nothing was selected: %s\n", why.c_str());
}

void print_failures(state::State& state, const state::Run& run) {
  constexpr std::size_t shown_max = 10;
  auto failures = state.failures(run.id, 0, shown_max);
  if (failures.has_error()) return;
  for (const state::Failure& failure : *failures) {
    std::fprintf(stderr, "dth: failed: %s: %s%s%s%s\n", printable(failure.key).c_str(), failure.message.c_str(),
                 failure.detail.empty() ? "" : " (", failure.detail.c_str(), failure.detail.empty() ? "" : ")");
  }
  const std::int64_t rest = run.counts[state::Counter::failed] - static_cast<std::int64_t>(failures->size());
  if (rest > 0) std::fprintf(stderr, "dth: … and %s more, all in the ledger\n", with_separators(rest).c_str());
}

Result<Summary> copy(engine::Plugin& plugin, const CopyCommand& command) {
  SystemClock clock;
  auto valid = plugin.check_spec(command.spec);
  if (valid.has_error()) return valid.error();
  const bool dry_run = engine::option_value(plugin.options(), command.spec, "dry-run") == "true";
  const std::string mode = engine::option_value(plugin.options(), command.spec, "mode");

  fs::path state_path = ":memory:";
  if (!dry_run) {
    auto path = command.state_path.empty() ? default_state_path(command.spec, mode) : Result<fs::path>(fs::path(command.state_path));
    if (path.has_error()) return path.error();
    state_path = fs::absolute(*path);
  }
  // What cannot be reached is told before anything is written.
  auto reachable = check_stores(plugin, command.spec, clock);
  if (reachable.has_error()) return reachable.error();
  if (!dry_run) {
    std::error_code failure;
    fs::create_directories(state_path.parent_path(), failure);
    if (failure) {
      return Error{ErrorCode::permission_denied,
                   "the directory " + state_path.parent_path().string() + " for the state cannot be made: " + failure.message() +
                       "; name another file with --state",
                   ""};
    }
  }
  auto state = state::open_sqlite_state({state_path.string(), !dry_run, !dry_run});
  if (state.has_error()) return state.error();
  const fs::path ledger_path = state_path.string() + ".ledger";
  auto preview = std::make_unique<PreviewLedger>();
  PreviewLedger* const previewed = preview.get();
  std::unique_ptr<ledger::Ledger> ledger = std::move(preview);
  if (!dry_run) {
    std::error_code failure;
    fs::create_directories(ledger_path, failure);
    if (failure) {
      return Error{ErrorCode::permission_denied,
                   "the directory " + ledger_path.string() + " for the ledger cannot be made: " + failure.message() +
                       "; name another state with --state, its ledger lies beside it",
                   ""};
    }
    ledger::DirectoryLedgerOptions ledger_options;
    ledger_options.directory = ledger_path.string();
    ledger_options.worker_name = new_id(clock.now());
    ledger = std::make_unique<ledger::DirectoryLedger>(std::move(ledger_options));
  }
  auto run = find_or_create_run(plugin, **state, *ledger, clock, command, ledger_path);
  if (run.has_error()) return run.error();

  ProgressView view(command.quiet ? ProgressView::Style::none : ProgressView::detect(), clock);
  LocalRunOptions options;
  options.run = run->id;
  options.spec = engine::resolve_times(plugin.options(), command.spec, run->created_at);
  options.lanes = lanes_wanted(command);
  options.on_progress = [&](const state::Progress& progress) { view.show(progress); };
  const MonotonicTime started = clock.monotonic_now();
  auto done = execute_run(plugin, **state, *ledger, clock, options);
  view.end();
  if (done.has_error()) {
    return std::move(done.error()).with_context("the run stopped; what is done is recorded, the same command goes on with it");
  }
  Summary summary;
  summary.run = done->progress.run;
  summary.before = run->counts;
  summary.seconds = std::chrono::duration<double>(clock.monotonic_now() - started).count();
  summary.mode = mode;
  summary.dry_run = dry_run;
  if (dry_run) summary.would_delete = previewed->take();
  summary.interrupted = done->interrupted && !is_over(summary.run.state);
  if (!dry_run) {
    summary.ledger = (ledger_path / run->id).string();
    if (is_over(summary.run.state)) {
      auto written = ensure_manifest(**state, ledger_path, summary.run);
      if (written.has_error()) return written.error();
    }
    print_failures(**state, summary.run);
  }
  return summary;
}

}  // namespace

int run_copy(engine::Plugin& plugin, const CopyCommand& command) {
  auto summary = copy(plugin, command);
  if (summary.has_error()) return complain(summary.error());
  print(*summary, command.output);
  const state::Counts& counts = summary->run.counts;
  const bool repairable = summary->mode == "verify" && counts[state::Counter::differing] + counts[state::Counter::missing] > 0;
  if (repairable && counts[state::Counter::failed] > 0 && !command.spec.contains("repair")) {
    std::fputs("dth: to copy what differs or is missing, give the same command with --repair\n", stderr);
  }
  warn_of_empty_selection(*summary);
  if (summary->interrupted) std::fputs("dth: interrupted; the same command goes on where this one stopped\n", stderr);
  return exit_code(*summary);
}

}  // namespace dth::cli

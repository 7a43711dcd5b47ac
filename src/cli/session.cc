#include "cli/session.h"

#include <algorithm>
#include <cstdio>
#include <thread>

#include <unistd.h>

#include "base/encoding.h"
#include "base/ids.h"
#include "cli/exit_code.h"
#include "cli/local_run.h"
#include "cli/paths.h"
#include "cli/progress.h"
#include "ledger/directory_ledger.h"
#include "ledger/manifest.h"
#include "ledger/trim.h"
#include "options/amounts.h"
#include "plugins/object_copy/counters.h"
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

unsigned lanes_wanted(unsigned lanes) {
  if (lanes > 0) return lanes;
  return std::clamp(std::thread::hardware_concurrency(), 1u, 8u);
}

// The first of them; `state_path` is empty where the state is in memory, and nobody can ask it
// later.
void print_failures(state::State& state, const state::Run& run, const fs::path& state_path) {
  constexpr std::size_t shown_max = 10;
  auto failures = state.records().failures(run.id, 0, shown_max);
  if (failures.has_error()) return;
  for (const state::Failure& failure : *failures) {
    std::fprintf(stderr, "dth: failed: %s: %s%s%s%s\n", printable(failure.key).c_str(),
                 failure.message.c_str(), failure.detail.empty() ? "" : " (",
                 failure.detail.c_str(), failure.detail.empty() ? "" : ")");
  }
  const std::int64_t rest =
      run.counts[object_copy::Counter::failed] - static_cast<std::int64_t>(failures->size());
  if (rest <= 0) return;
  const std::string more =
      state_path.empty() ? "" : ": dth run failures " + run.id + state_argument(state_path);
  std::fprintf(stderr, "dth: … and %s more%s\n", options::format_count(rest).c_str(), more.c_str());
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(engine::Plugin& plugin, fs::path state_path) {
  std::unique_ptr<Session> session(new Session(plugin));
  state_path = fs::absolute(state_path);
  auto made = make_directory(state_path.parent_path(), "state", "name another file with --state");
  if (made.has_error()) return made.error();
  // Before any work is done that could not be signed afterwards.
  auto keys = signing_keys();
  if (keys.has_error()) return keys.error();
  auto key = keys->load_or_create();
  if (key.has_error()) return key.error();
  session->key_.emplace(std::move(*key));
  auto state = state::open_sqlite_state({state_path.string(), true, true});
  if (state.has_error()) return state.error();
  session->state_ = std::move(*state);
  session->state_path_ = state_path;
  session->ledger_path_ = ledger_path_of(state_path);
  made = make_directory(session->ledger_path_, "ledger",
                        "name another state with --state, its ledger lies beside it");
  if (made.has_error()) return made.error();
  ledger::DirectoryLedgerOptions options;
  options.directory = session->ledger_path_.string();
  options.worker_name = new_id(session->clock_.now());
  session->ledger_ = std::make_unique<ledger::DirectoryLedger>(std::move(options));
  return session;
}

Result<std::unique_ptr<Session>> Session::open_in_memory(engine::Plugin& plugin) {
  std::unique_ptr<Session> session(new Session(plugin));
  auto state = state::open_sqlite_state({":memory:", false, false});
  if (state.has_error()) return state.error();
  session->state_ = std::move(*state);
  auto preview = std::make_unique<PreviewLedger>();
  session->preview_ = preview.get();
  session->ledger_ = std::move(preview);
  return session;
}

// Also of a run whose process died between its end and its manifest.
Result<void> Session::ensure_manifest(const state::Run& run) {
  std::error_code ignored;
  if (!is_kept() || fs::exists(ledger_path_ / run.id / "manifest.json", ignored))
    return Result<void>();
  auto segments = state_->records().segments(run.id);
  if (segments.has_error()) return segments.error();
  auto manifest = ledger::make_manifest(run, std::move(*segments), *key_);
  if (manifest.has_error()) return manifest.error();
  return ledger::write_manifest(ledger_path_.string(), *manifest);
}

Result<std::vector<state::Upload>> Session::tell_left_open(const std::string& run) {
  constexpr std::size_t shown_max = 10;
  auto open = state_->uploads().open_uploads(run, "");
  if (open.has_error()) return open.error();
  auto left_open = left_open_of(std::move(*open));
  for (std::size_t i = 0; i < std::min(left_open.size(), shown_max); ++i) {
    std::fprintf(stderr, "dth: warning: %s\n", about_left_open(left_open[i]).c_str());
  }
  if (left_open.size() > shown_max) {
    std::fprintf(stderr, "dth: … and %zu more: dth run show %s%s\n", left_open.size() - shown_max,
                 run.c_str(), state_argument(state_path_).c_str());
  }
  return left_open;
}

Result<std::vector<std::string>> Session::tell_warnings(const std::string& run) {
  auto warnings = state_->records().warnings(run);
  if (warnings.has_error()) return warnings.error();
  for (const std::string& text : *warnings)
    std::fprintf(stderr, "dth: warning: %s\n", printable(text).c_str());
  return warnings;
}

Result<std::optional<state::Run>> Session::unfinished_run(const std::string& id) {
  // There are several only in states that an earlier version has worked with.
  constexpr std::size_t unfinished_max = 1'000;
  auto newest = state_->runs().list_runs(1);
  if (newest.has_error()) return newest.error();
  if (!newest->empty() && is_over(newest->front().state)) {
    auto written = ensure_manifest(newest->front());
    if (written.has_error()) return written.error();
  }
  auto unfinished = state_->runs().unfinished_runs(unfinished_max);
  if (unfinished.has_error()) return unfinished.error();
  for (state::Run& run : *unfinished) {
    if (id.empty() || run.id == id) return std::optional(std::move(run));
  }
  return std::optional<state::Run>();
}

Result<void> Session::resume(const state::Run& run) {
  auto freed = state_->jobs().release_all_leases(clock_.now());
  if (freed.has_error()) return freed.error();
  auto segments = state_->records().segments(run.id);
  if (segments.has_error()) return segments.error();
  auto trimmed = ledger::trim({ledger_path_.string(), run.id}, *segments);
  if (trimmed.has_error()) return trimmed.error();
  std::fprintf(stderr, "dth: going on with the unfinished run %s\n", run.id.c_str());
  return Result<void>();
}

Result<void> Session::abandon(const state::Run& run) {
  auto freed = state_->jobs().release_all_leases(clock_.now());
  if (freed.has_error()) return freed.error();
  auto abandoned = cli::abandon(plugin_, *state_, *ledger_, clock_, run);
  if (abandoned.has_error()) return abandoned.error();
  auto left_open = tell_left_open(run.id);
  if (left_open.has_error()) return left_open.error();
  auto over = state_->runs().find_run(run.id);
  if (over.has_error()) return over.error();
  return ensure_manifest(*over);
}

Result<state::Run> Session::create(const engine::Task& task) {
  state::NewRun run;
  run.id = new_id(clock_.now());
  run.kind = plugin_.kind();
  run.spec = engine::to_json(task.spec());
  auto created = state_->runs().create_run(run, plugin_.first_jobs(task), task.begun_at());
  if (created.has_error()) return created.error();
  return state_->runs().find_run(run.id);
}

Result<Summary> Session::execute(const state::Run& run, std::shared_ptr<const engine::Task> task,
                                 const ExecuteOptions& wanted) {
  ProgressView view(wanted.quiet ? ProgressView::Style::none : ProgressView::detect(), clock_,
                    task->action() == options::Action::sync);
  LocalRunOptions options;
  options.run = run.id;
  options.task = task;
  options.lanes = std::min(lanes_wanted(wanted.lanes), task->traits().lanes_max);
  options.on_progress = [&](const state::Progress& progress,
                            const std::vector<std::string>& waiting) {
    view.show(progress, waiting);
  };
  options.on_interrupt = [&](std::chrono::seconds grace) {
    view.end();
    std::fprintf(stderr,
                 "dth: interrupting: what is in flight may end (%d s); once more to stop at once\n",
                 static_cast<int>(grace.count()));
  };
  const MonotonicTime started = clock_.monotonic_now();
  auto done = execute_run(plugin_, *state_, *ledger_, clock_, options);
  view.end();
  if (done.has_error()) {
    return std::move(done.error())
        .with_context(is_kept()
                          ? "the run stopped; what is done is recorded, run the same command to "
                            "resume it"
                          : "the dry run stopped; run the same command again");
  }
  for (const std::string& warning : done->warnings)
    std::fprintf(stderr, "dth: warning: %s\n", warning.c_str());
  Summary summary;
  summary.run = done->progress.run;
  summary.before = run.counts;
  summary.seconds = std::chrono::duration<double>(clock_.monotonic_now() - started).count();
  summary.state_transactions = state_->transactions();
  summary.action = task->action();
  summary.repairs = task->traits().repairs;
  summary.accepts_unverified = task->traits().accepts_unverified;
  summary.dry_run = !is_kept();
  if (preview_) summary.would_delete = preview_->take();
  auto warnings = tell_warnings(run.id);
  if (warnings.has_error()) return warnings.error();
  summary.warnings = std::move(*warnings);
  summary.interrupted = done->interrupted && !is_over(summary.run.state);
  if (!is_over(summary.run.state)) summary.abandoned = done->abandoned;
  print_failures(*state_, summary.run, state_path_);
  if (is_kept()) {
    summary.ledger = (ledger_path_ / run.id).string();
    if (is_over(summary.run.state)) {
      auto written = ensure_manifest(summary.run);
      if (written.has_error()) return written.error();
    }
    if (is_over(summary.run.state)) {
      auto left_open = tell_left_open(summary.run.id);
      if (left_open.has_error()) return left_open.error();
      summary.left_open = std::move(*left_open);
    }
  }
  return summary;
}

namespace {

// A run that did nothing because nothing was selected is a success that may not be what was meant.
void warn_of_empty_selection(const Summary& summary) {
  const state::Counts& counts = summary.run.counts;
  if (summary.interrupted || !summary.abandoned.empty() || !summary.run.error.empty() ||
      counts[object_copy::Counter::selected] > 0)
    return;
  const std::int64_t scanned = counts[object_copy::Counter::scanned];
  const std::string why = scanned == 0 ? "the source, as far as it was asked for, holds no object"
                                       : "none of the " + options::format_count(scanned) +
                                             " objects looked at passes the filters";
  std::fprintf(stderr, "dth: nothing was selected: %s\n", why.c_str());
}

// What the destination confirmed by no digest, and what can be done about it.
void warn_of_unverified(const Summary& summary) {
  const std::int64_t count = summary.run.counts[object_copy::Counter::proof_none];
  if (count == 0) return;
  const char* what = summary.accepts_unverified
                         ? "accepted because of --unverified warn"
                         : "they may be whole, but nothing shows it; give --unverified read-back "
                           "to read such copies back and compare them, "
                           "or --unverified warn to accept them";
  std::fprintf(stderr,
               "dth: %s copies are not verified: the destination confirms no digest of them; %s\n",
               options::format_count(count).c_str(), what);
}

}  // namespace

int report(const Summary& summary, OutputFormat format, const std::string& going_on) {
  switch (format) {
    case OutputFormat::table:
      put(to_text(summary));
      break;
    case OutputFormat::json:
      put(to_json(summary) + "\n");
      break;
    case OutputFormat::yaml:
      put(to_yaml(summary));
      break;
  }
  std::fflush(stdout);  // before what is said of it; finish_output() tells where it failed
  // The table says it, too: a terminal that shows both shows it once.
  const bool is_shown = format == OutputFormat::table && ::isatty(STDOUT_FILENO) != 0;
  if (!summary.run.error.empty() && !is_shown)
    std::fprintf(stderr, "dth: the run failed: %s\n", printable(summary.run.error).c_str());
  warn_of_empty_selection(summary);
  warn_of_unverified(summary);
  if (verified_nothing(summary)) {
    std::fprintf(stderr,
                 "dth: nothing was verified: %s objects were selected, and none was shown to be "
                 "the same at both sides\n",
                 options::format_count(summary.run.counts[object_copy::Counter::selected]).c_str());
  }
  const state::Counts& counts = summary.run.counts;
  if (summary.action == options::Action::verify && !summary.repairs &&
      counts[object_copy::Counter::differs] + counts[object_copy::Counter::missing] > 0) {
    std::fputs("dth: to copy what differs or is missing, give the same command with --repair\n",
               stderr);
  }
  // A dry run leaves nothing to resume.
  const std::string what_next =
      summary.dry_run ? "run the same command again" : going_on + " resumes the run";
  if (summary.interrupted) {
    std::fprintf(stderr, "dth: interrupted; %s\n", what_next.c_str());
  } else if (!summary.abandoned.empty()) {
    std::fprintf(stderr, "dth: stopped: %s. Once that is mended, %s\n",
                 printable(summary.abandoned).c_str(), what_next.c_str());
  }
  return exit_code(summary);
}

}  // namespace dth::cli

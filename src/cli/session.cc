#include "cli/session.h"

#include <algorithm>
#include <cstdio>

#include <unistd.h>

#include "base/encoding.h"
#include "base/ids.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "options/amounts.h"
#include "plugins/object_copy/counters.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;

// The first of them; `place` is null where the state is in memory, and nobody can ask it later.
void print_failures(state::State& state, const state::Run& run, const StatePlace* place) {
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
      place == nullptr ? "" : ": dth run failures " + run.id + database_argument(*place);
  std::fprintf(stderr, "dth: … and %s more%s\n", options::format_count(rest).c_str(), more.c_str());
}

}  // namespace

Session::Session(engine::Plugin& plugin)
    : plugin_(plugin), plugins_{&plugin}, process_(new_id("worker")) {}

void Session::take(std::unique_ptr<WorkingState> working) {
  working_ = std::move(working);
  service_ = std::make_unique<runs::RunService>(working_->state(), plugins_, clock_);
}

Result<std::unique_ptr<Session>> Session::open(engine::Plugin& plugin, const StatePlace& place,
                                               const LedgerPlaces& ledgers) {
  std::unique_ptr<Session> session(new Session(plugin));
  auto working = WorkingState::open(place, session->process_, ledgers);
  if (working.has_error()) return working.error();
  session->take(std::move(*working));
  // From now on this process is alive to others: what it is given nobody takes from it.
  auto registered = session->state().workers().register_worker(
      registration_of(session->process_, state::WorkerKind::command), session->clock_.now());
  if (registered.has_error()) return registered.error();
  session->is_registered_ = true;
  return session;
}

Session::~Session() {
  if (!is_registered_) return;
  // What cannot be said now is found out by others.
  auto removed = state().workers().remove(process_, clock_.now());
  (void)removed.has_error();
}

Result<std::unique_ptr<Session>> Session::open_in_memory(engine::Plugin& plugin) {
  std::unique_ptr<Session> session(new Session(plugin));
  auto working = WorkingState::open_in_memory();
  if (working.has_error()) return working.error();
  session->take(std::move(*working));
  return session;
}

Result<std::vector<state::Upload>> Session::tell_left_open(const std::string& run) {
  constexpr std::size_t shown_max = 10;
  auto open = state().uploads().open_uploads(run, "");
  if (open.has_error()) return open.error();
  auto left_open = left_open_of(std::move(*open));
  for (std::size_t i = 0; i < std::min(left_open.size(), shown_max); ++i) {
    std::fprintf(stderr, "dth: warning: %s\n", about_left_open(left_open[i]).c_str());
  }
  if (left_open.size() > shown_max) {
    std::fprintf(stderr, "dth: … and %zu more: dth run show %s%s\n", left_open.size() - shown_max,
                 run.c_str(), database_argument(*working_->place()).c_str());
  }
  return left_open;
}

Result<std::vector<std::string>> Session::tell_warnings(const std::string& run) {
  auto warnings = state().records().warnings(run);
  if (warnings.has_error()) return warnings.error();
  for (const std::string& text : *warnings)
    std::fprintf(stderr, "dth: warning: %s\n", printable(text).c_str());
  return warnings;
}

Result<state::Run> Session::create(const engine::Task& task, int weight) {
  const state::Placement here{state::Placement::Kind::process, process_};
  return service_->start(plugin_, task, {.placement = here, .weight = weight});
}

Result<void> Session::abandon(const std::string& id) {
  if (auto placed = service_->place(id, process_); placed.has_error()) return placed;
  if (auto cancelled = service_->cancel(id); cancelled.has_error()) return cancelled;
  auto run = state().runs().find_run(id);
  if (run.has_error()) return run.error();
  auto spec = engine::parse_task_spec(run->spec);
  if (spec.has_error()) return spec.error();
  auto task = plugin_.parse(std::move(*spec), run->created_at);
  if (task.has_error()) return task.error();
  ProgressView no_view(ProgressView::Style::none, clock_, false);
  auto done = drive(*run, *task, {.lanes = 1, .quiet = true}, &no_view);
  if (done.has_error()) return done.error();
  if (!is_over(done->progress.run.state)) {
    return Error{ErrorCode::unavailable,
                 "run " + id + " is told to end, and has not yet" +
                     (done->abandoned.empty() ? "" : ": " + done->abandoned) +
                     "; give the command again",
                 ""};
  }
  auto left_open = tell_left_open(id);
  return left_open.has_error() ? Result<void>(left_open.error()) : Result<void>();
}

Result<LocalRunResult> Session::drive(const state::Run& run,
                                      std::shared_ptr<const engine::Task> task,
                                      const ExecuteOptions& wanted, ProgressView* view) {
  LocalRunOptions options;
  options.run = run;
  options.task = task;
  options.process = process_;
  options.is_registered = is_registered_;
  options.lanes = std::min(lanes_wanted(wanted.lanes), task->traits().lanes_max);
  options.on_progress = [view](const state::Progress& progress,
                               const std::vector<std::string>& waiting) {
    view->show(progress, waiting);
  };
  options.on_interrupt = [view](std::chrono::seconds grace) {
    view->end();
    std::fprintf(stderr,
                 "dth: interrupting: what is in flight may end (%d s); once more to stop at once\n",
                 static_cast<int>(grace.count()));
  };
  options.on_note = [view](const std::string& line) {
    view->end();
    std::fprintf(stderr, "dth: %s\n", line.c_str());
  };
  auto done = execute_run({plugin_, state(), working_->ledger(), working_->sealer(), clock_},
                          std::move(options));
  view->end();
  return done;
}

Result<Summary> Session::execute(const state::Run& run, std::shared_ptr<const engine::Task> task,
                                 const ExecuteOptions& wanted) {
  ProgressView view(wanted.quiet ? ProgressView::Style::none : ProgressView::detect(), clock_,
                    task->action() == options::Action::sync);
  const MonotonicTime started = clock_.monotonic_now();
  auto done = drive(run, task, wanted, &view);
  if (done.has_error()) {
    return std::move(done.error())
        .with_context(is_kept()
                          ? "the run stopped; what is done is recorded, run the same command to "
                            "resume it"
                          : "the dry run stopped; run the same command again");
  }
  Summary summary;
  summary.run = done->progress.run;
  summary.before = run.counts;
  summary.seconds = std::chrono::duration<double>(clock_.monotonic_now() - started).count();
  summary.state_transactions = state().transactions();
  summary.action = task->action();
  summary.repairs = task->traits().repairs;
  summary.accepts_unverified = task->traits().accepts_unverified;
  summary.dry_run = !is_kept();
  if (PreviewLedger* preview = working_->preview()) summary.would_delete = preview->take();
  auto warnings = tell_warnings(run.id);
  if (warnings.has_error()) return warnings.error();
  summary.warnings = std::move(*warnings);
  // Before it was interrupted, if it was.
  if (runs::awaits_approval(summary.run)) summary.waits = summary.run.waiting->text;
  summary.interrupted = summary.waits.empty() && done->interrupted && !is_over(summary.run.state);
  if (!is_over(summary.run.state)) summary.abandoned = done->abandoned;
  print_failures(state(), summary.run, working_->place());
  if (is_kept()) summary.ledger = shown_ledger(task->spec().options, *working_->place(), run.id);
  if (is_kept() && is_over(summary.run.state)) {
    auto left_open = tell_left_open(summary.run.id);
    if (left_open.has_error()) return left_open.error();
    summary.left_open = std::move(*left_open);
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
  if (summary.run.state == state::RunState::cancelled)
    std::fprintf(stderr, "dth: run %s was cancelled\n", summary.run.id.c_str());
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
  if (summary.interrupted && summary.run.state == state::RunState::paused) {
    std::fprintf(stderr, "dth: the run was paused; %s\n", what_next.c_str());
  } else if (summary.interrupted) {
    std::fprintf(stderr, "dth: interrupted; %s\n", what_next.c_str());
  } else if (!summary.waits.empty()) {
    std::fprintf(stderr, "dth: run %s waits: %s. `dth run show %s` shows how to approve it\n",
                 summary.run.id.c_str(), summary.waits.c_str(), summary.run.id.c_str());
  } else if (!summary.abandoned.empty()) {
    std::fprintf(stderr, "dth: stopped: %s. Once that is mended, %s\n",
                 printable(summary.abandoned).c_str(), what_next.c_str());
  }
  return exit_code(summary);
}

}  // namespace dth::cli

#include "runs/run_progress.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/counters.h"

namespace dth::runs {
namespace {

using engine::Counter;
using engine::Phase;

constexpr std::chrono::seconds measured_after{30};
constexpr std::chrono::minutes recent_max{5};
constexpr double spread = 0.1;         // of an estimate, to either side
constexpr double seconds_max = 3.0e7;  // about a year: longer is no estimate

constexpr std::array all_phases = {Phase::list, Phase::copy, Phase::verify, Phase::remove,
                                   Phase::close};

std::int64_t counted(const RunView& view, std::string_view name) {
  return view.run.counts[state::counter_named(name)];
}

// A dry run counts what it would delete, and deletes nothing.
bool deletes(const RunView& view) {
  const std::string dry_run = view.spec.option("dry-run");
  const bool is_dry_run = !dry_run.empty() && dry_run != "false";
  return view.spec.action == options::Action::sync && !is_dry_run;
}

Phase phase_of(std::string_view kind, std::span<const engine::JobSlots> slots) {
  if (kind == state::close_job_kind) return Phase::close;
  const auto found = std::find_if(slots.begin(), slots.end(),
                                  [&](const engine::JobSlots& slot) { return slot.kind == kind; });
  return found == slots.end() ? Phase::copy : found->phase;
}

std::int64_t items_in(Phase phase, const RunView& view) {
  const state::Counts& counts = view.run.counts;
  switch (phase) {
    case Phase::list:
      return counts[Counter::scanned];
    case Phase::copy:
      return counts[Counter::copied];
    case Phase::verify:
      return view.spec.action == options::Action::verify
                 ? counted(view, "matched") + counted(view, "differs") + counted(view, "missing") +
                       counted(view, "undetermined")
                 : counts[Counter::copied] - counted(view, "proof_none");
    case Phase::remove:
      return counts[Counter::deleted];
    case Phase::close:
      return 0;
  }
  return 0;
}

PhaseState state_in(const PhaseProgress& phase, const RunView& view, bool was_listed) {
  if (view.is_over()) {
    const bool happened =
        phase.items > 0 || phase.phase == Phase::list || phase.phase == Phase::close;
    return happened ? PhaseState::done : PhaseState::skipped;
  }
  if (phase.pending_jobs > 0) return PhaseState::running;
  if (phase.phase == Phase::list) return was_listed ? PhaseState::done : PhaseState::pending;
  return PhaseState::pending;
}

std::chrono::seconds rounded(double seconds) {
  return std::chrono::seconds(static_cast<std::int64_t>(std::clamp(seconds, 0.0, seconds_max)));
}

bool is_listing(const std::vector<PhaseProgress>& phases) {
  return std::any_of(phases.begin(), phases.end(), [](const PhaseProgress& phase) {
    return phase.phase == Phase::list && phase.state != PhaseState::done;
  });
}

}  // namespace

std::int64_t ItemBalance::settled() const {
  return copied + unchanged + skipped + matched + undetermined + deleted_at_source + failed +
         deleted;
}

ItemBalance item_balance(const RunView& view) {
  const state::Counts& counts = view.run.counts;
  ItemBalance balance{.listed = counts[Counter::scanned],
                      .left_out = counts[Counter::scanned] - counts[Counter::selected],
                      .selected = counts[Counter::selected],
                      .to_delete = deletes(view) ? counted(view, "extra") : 0,
                      .copied = counts[Counter::copied],
                      .unchanged = counts[Counter::unchanged],
                      .skipped = counts[Counter::skipped],
                      .matched = counted(view, "matched"),
                      .undetermined = counted(view, "undetermined"),
                      .deleted_at_source = counts[Counter::deleted_at_source],
                      .failed = counts[Counter::failed],
                      .deleted = counts[Counter::deleted]};
  balance.pending = balance.known() - balance.settled();
  return balance;
}

std::string_view to_string(PhaseState state) {
  constexpr std::array<std::string_view, 4> names = {"pending", "running", "done", "skipped"};
  return names.at(static_cast<std::size_t>(state));
}

std::string_view to_string(Phase phase) {
  constexpr std::array<std::string_view, 5> names = {"list", "copy", "verify", "delete", "close"};
  return names.at(static_cast<std::size_t>(phase));
}

std::string_view to_string(TimeLeftKind kind) {
  constexpr std::array<std::string_view, 3> names = {"measured", "forecast", "floor"};
  return names.at(static_cast<std::size_t>(kind));
}

std::vector<PhaseProgress> phases_of(const RunView& view, std::span<const engine::JobSlots> slots) {
  std::vector<PhaseProgress> phases;
  for (const Phase phase : all_phases)
    phases.push_back({.phase = phase, .items = items_in(phase, view)});
  for (const auto& [kind, left] : view.backlog) {
    PhaseProgress& phase = phases.at(static_cast<std::size_t>(phase_of(kind, slots)));
    phase.pending_jobs += left.jobs;
    phase.pending_items += left.items;
  }
  // Without a job that lists, a run that has begun has listed: its first jobs did that.
  const bool was_listed = !view.backlog.empty() || view.run.counts[Counter::scanned] > 0;
  for (PhaseProgress& phase : phases) phase.state = state_in(phase, view, was_listed);
  return phases;
}

std::optional<ExpectedTotals> expected_totals(const std::optional<state::Run>& previous) {
  if (!previous) return std::nullopt;
  const state::Counts& counts = previous->counts;
  return ExpectedTotals{previous->id, counts[Counter::selected], counts[Counter::bytes]};
}

std::optional<Window> recent_window(const RunView& view, TimePoint now) {
  const TimePoint until = std::chrono::floor<std::chrono::minutes>(now);
  const TimePoint from = std::max<TimePoint>(
      until - recent_max, std::chrono::ceil<std::chrono::minutes>(view.run.created_at));
  if (from >= until) return std::nullopt;
  return Window{from, until};
}

Stretch add_up(const Window& window, const std::vector<state::SeriesPoint>& points) {
  Stretch stretch{.seconds = std::chrono::duration<double>(window.until - window.from).count()};
  for (const state::SeriesPoint& point : points) {
    stretch.items += point.items;
    stretch.bytes += point.bytes;
  }
  return stretch;
}

Rates rates_of(const RunView& view, const std::optional<Stretch>& recent, TimePoint now) {
  const TimePoint until = view.run.ended_at.value_or(now);
  const double lived = std::chrono::duration<double>(until - view.run.created_at).count();
  if (lived <= 0) return {};
  const auto bytes = static_cast<double>(view.run.counts[Counter::bytes]);
  Rates rates{.items_overall = static_cast<double>(item_balance(view).settled()) / lived,
              .bytes_recent = bytes / lived};
  rates.items_recent = rates.items_overall;
  // Points of none of these minutes: no hub was there to take them.
  if (!recent || recent->seconds <= 0 || (recent->items == 0 && recent->bytes == 0)) return rates;
  rates.items_recent = static_cast<double>(recent->items) / recent->seconds;
  rates.bytes_recent = static_cast<double>(recent->bytes) / recent->seconds;
  return rates;
}

std::optional<TimeLeft> time_left(const RunView& view, const std::vector<PhaseProgress>& phases,
                                  const std::optional<ExpectedTotals>& expected, const Rates& rates,
                                  TimePoint now) {
  if (view.status != RunStatus::running || now - view.run.created_at < measured_after)
    return std::nullopt;
  const double fast = std::max(rates.items_overall, rates.items_recent);
  const double slow = std::min(rates.items_overall, rates.items_recent);
  if (slow <= 0) return std::nullopt;
  const ItemBalance balance = item_balance(view);
  const auto pending = static_cast<double>(balance.pending);
  const auto between = [&](TimeLeftKind kind, double items) {
    return TimeLeft{kind, rounded(items / fast * (1 - spread)),
                    rounded(items / slow * (1 + spread))};
  };
  if (!is_listing(phases)) return between(TimeLeftKind::measured, pending);
  if (expected && expected->items > balance.selected) {
    const auto unseen = static_cast<double>(expected->items - balance.selected);
    return between(TimeLeftKind::forecast, pending + unseen);
  }
  const auto least = rounded(pending / fast * (1 - spread));
  return TimeLeft{TimeLeftKind::floor, least, least};
}

Result<ProgressReport> report_progress(state::State& state, const RunView& view,
                                       std::span<const engine::JobSlots> slots, TimePoint now) {
  ProgressReport report{.items = item_balance(view), .phases = phases_of(view, slots)};
  auto& control = state.control();
  if (!view.is_over()) {
    auto previous = control.run_lists().previous(view.run.id);
    if (previous.has_error()) return previous.error();
    report.expected = expected_totals(*previous);
  }
  std::optional<Stretch> recent;
  const auto window = recent_window(view, now);
  if (window && view.status == RunStatus::running) {
    auto points = control.run_series().points(view.run.id, state::SeriesStep::minute, window->from,
                                              window->until);
    if (points.has_error()) return points.error();
    recent = add_up(*window, *points);
  }
  report.rates = rates_of(view, recent, now);
  report.time_left = time_left(view, report.phases, report.expected, report.rates, now);
  return report;
}

}  // namespace dth::runs

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plugin.h"
#include "runs/run_view.h"
#include "state/control/run_series.h"

namespace dth::runs {

// How far a run is, from one transaction's counts and backlog. Pure functions: the hub and the
// command line show the same.

// What became of the items. Of every run, at every moment:
//   listed = left_out + selected
//   selected + to_delete = copied + unchanged + skipped + matched + undetermined +
//                          deleted_at_source + failed + deleted + pending
struct ItemBalance {
  std::int64_t listed = 0;
  std::int64_t left_out = 0;  // the task's rules select them not
  std::int64_t selected = 0;
  std::int64_t to_delete = 0;  // only at the destination, and to be deleted there
  std::int64_t copied = 0;
  std::int64_t unchanged = 0;
  std::int64_t skipped = 0;
  std::int64_t matched = 0;
  std::int64_t undetermined = 0;
  std::int64_t deleted_at_source = 0;
  std::int64_t failed = 0;
  std::int64_t deleted = 0;
  std::int64_t pending = 0;  // known, and not dealt with yet

  std::int64_t settled() const;
  std::int64_t known() const { return selected + to_delete; }
};
ItemBalance item_balance(const RunView& view);

enum class PhaseState {
  pending,  // it has not begun
  running,
  done,
  skipped,  // the run ended, and there was nothing to do in it
};
std::string_view to_string(PhaseState state);
std::string_view to_string(engine::Phase phase);

struct PhaseProgress {
  engine::Phase phase = engine::Phase::list;
  PhaseState state = PhaseState::pending;
  std::int64_t items = 0;          // dealt with in this phase
  std::int64_t pending_jobs = 0;   // ready or leased
  std::int64_t pending_items = 0;  // that these stand for
};
// All phases in their order. `slots`: of the run's plugin; jobs of kinds that are not there copy.
std::vector<PhaseProgress> phases_of(const RunView& view, std::span<const engine::JobSlots> slots);

enum class TimeLeftKind {
  measured,  // everything is listed: what is left, at the rate of late
  forecast,  // it is still being listed: what an earlier run came to stands for the rest
  floor,     // it is still being listed and nothing tells how much there is: at least this
};
std::string_view to_string(TimeLeftKind kind);

struct TimeLeft {
  TimeLeftKind kind = TimeLeftKind::floor;
  std::chrono::seconds low{0};
  std::chrono::seconds high{0};  // equal to low for a floor
};

// What a run of the same work came to before.
struct ExpectedTotals {
  std::string run;
  std::int64_t items = 0;
  std::int64_t bytes = 0;
};
std::optional<ExpectedTotals> expected_totals(const std::optional<state::Run>& previous);

// What was done within a stretch of time.
struct Stretch {
  double seconds = 0;
  std::int64_t items = 0;
  std::int64_t bytes = 0;
};
// The last whole minutes of a run's life before `now`, five at most: what the series has of them
// is its recent speed. Nothing where it has lived through none.
struct Window {
  TimePoint from{};
  TimePoint until{};
};
std::optional<Window> recent_window(const RunView& view, TimePoint now);
Stretch add_up(const Window& window, const std::vector<state::SeriesPoint>& points);

// How much a second: since the run was created, and of late.
struct Rates {
  double items_overall = 0;
  double items_recent = 0;  // the same as overall where nothing recent is known
  double bytes_recent = 0;
};
Rates rates_of(const RunView& view, const std::optional<Stretch>& recent, TimePoint now);

// Nothing where it cannot be said: the run does not run, has run for less than 30 seconds, or deals
// with nothing at the moment.
std::optional<TimeLeft> time_left(const RunView& view, const std::vector<PhaseProgress>& phases,
                                  const std::optional<ExpectedTotals>& expected, const Rates& rates,
                                  TimePoint now);

// All of it.
struct ProgressReport {
  ItemBalance items = {};
  std::vector<PhaseProgress> phases = {};
  std::optional<ExpectedTotals> expected = {};
  Rates rates = {};
  std::optional<TimeLeft> time_left = {};
};
// Of a view that has its backlog, with what else state has of the run. Blocks.
Result<ProgressReport> report_progress(state::State& state, const RunView& view,
                                       std::span<const engine::JobSlots> slots, TimePoint now);

}  // namespace dth::runs

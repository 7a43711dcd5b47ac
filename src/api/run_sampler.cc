#include "api/run_sampler.h"

#include <algorithm>

#include "engine/counters.h"

namespace dth::api {
namespace {

using engine::Counter;

constexpr int gap_intervals = 2;
constexpr double smoothing = 0.3;  // of the hub's rates: the share of the newest second

state::SeriesPoint sums_of(const state::Run& run) {
  const state::Counts& counts = run.counts;
  return {.bytes = counts[Counter::bytes],
          .items = counts[Counter::copied] + counts[Counter::unchanged] + counts[Counter::skipped] +
                   counts[Counter::deleted] + counts[Counter::failed] +
                   counts[state::counter_named("matched")] +
                   counts[state::counter_named("undetermined")] +
                   counts[Counter::deleted_at_source],
          .retries = counts[Counter::retries],
          .failures = counts[Counter::failed]};
}

state::SeriesPoint difference(const state::SeriesPoint& now, const state::SeriesPoint& before) {
  return {.bytes = now.bytes - before.bytes,
          .items = now.items - before.items,
          .retries = now.retries - before.retries,
          .failures = now.failures - before.failures};
}

bool is_quiet(const state::SeriesPoint& change) {
  return change.bytes == 0 && change.items == 0 && change.retries == 0 && change.failures == 0;
}

}  // namespace

void RunSampler::take(const std::vector<state::Run>& runs, TimePoint now) {
  for (auto& [id, seen] : seen_) seen.is_present = false;
  // After a while without a look nobody knows in which second what happened: the counts are the
  // beginning of what comes next, and no point.
  const bool is_gap = looked_at_ != TimePoint() &&
                      now - looked_at_ > gap_intervals * options_.interval + options_.interval / 2;
  state::SeriesPoint all;
  for (const state::Run& run : runs) {
    const state::SeriesPoint sums = sums_of(run);
    const auto [place, is_new] = seen_.try_emplace(run.id);
    // Of a run that is seen for the first time nobody knows when it did what it counts.
    if (!is_new && !is_gap) {
      state::SeriesPoint change = difference(sums, place->second.sums);
      change.at = now;
      all.bytes += change.bytes;
      all.items += change.items;
      totals_.bytes += change.bytes;
      totals_.items += change.items;
      totals_.retries += change.retries;
      totals_.failures += change.failures;
      int& quiet = place->second.quiet;
      quiet = is_quiet(change) ? quiet + 1 : 0;
      if (quiet <= options_.quiet_samples_max) pending_.push_back({run.id, change});
    }
    place->second.sums = sums;
    place->second.is_present = !state::is_over(run.state);
  }
  std::erase_if(seen_, [](const auto& entry) { return !entry.second.is_present; });
  const double seconds = std::chrono::duration<double>(now - looked_at_).count();
  if (looked_at_ != TimePoint() && seconds > 0 && !is_gap) {
    const auto smooth = [&](double& rate, std::int64_t change) {
      rate += smoothing * (static_cast<double>(change) / seconds - rate);
    };
    smooth(rates_.bytes_per_second, all.bytes);
    smooth(rates_.items_per_second, all.items);
  }
  if (runs.empty()) rates_ = {};
  looked_at_ = now;
}

Async<Result<std::size_t>> RunSampler::sample() {
  std::set<std::string> seen;
  for (const auto& [id, counts] : seen_) seen.insert(id);
  const auto work = [&](state::State& state) { return look(state, seen); };
  auto looked = co_await state_.read("", work);
  if (looked.has_error()) co_return looked.error();
  take(looked->runs, clock_.now());
  if (++looks_ >= options_.samples_kept || looked->unfinished == 0) {
    auto written = co_await flush();
    if (written.has_error()) co_return written.error();
  }
  co_return looked->unfinished;
}

// A run that has ended is read once more: what it did in its last second counts, too.
Result<RunSampler::Look> RunSampler::look(state::State& state, std::set<std::string> seen) const {
  auto unfinished = state.runs().unfinished_runs(options_.runs_max);
  if (unfinished.has_error()) return unfinished.error();
  Look look{.runs = std::move(*unfinished)};
  look.unfinished = look.runs.size();
  for (const state::Run& run : look.runs) seen.erase(run.id);
  std::size_t ended = 0;
  for (const std::string& id : seen) {
    if (++ended > options_.ended_max) break;
    auto run = state.runs().find_run(id);
    if (run.has_value()) look.runs.push_back(std::move(*run));
  }
  return look;
}

Async<Result<void>> RunSampler::flush() {
  looks_ = 0;
  if (pending_.empty()) co_return Result<void>();
  const auto samples = std::exchange(pending_, {});
  for (auto first = samples.begin(); first != samples.end();) {
    const auto count = std::min<std::ptrdiff_t>(
        samples.end() - first, static_cast<std::ptrdiff_t>(options_.written_together));
    const std::vector<state::SeriesSample> piece(first, first + count);
    const auto work = [&](state::State& state) { return state.control().run_series().add(piece); };
    auto written = co_await state_.read("", work);
    if (written.has_error()) co_return written.error();
    first += count;
  }
  co_return Result<void>();
}

Async<void> RunSampler::run() {
  for (;;) {
    // A state that cannot be read for a while leaves a gap in the series, and nothing else.
    auto unfinished = co_await sample();
    // A cancellation that came while the state was asked finds no wait to end.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return;
    const bool is_idle = unfinished.has_value() && *unfinished == 0;
    auto slept = co_await clock_.sleep_for(is_idle ? options_.idle_interval : options_.interval);
    if (slept.has_error()) co_return;
  }
}

}  // namespace dth::api

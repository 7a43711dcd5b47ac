#include "api/run_sampler.h"

#include <algorithm>

#include "engine/counters.h"

namespace dth::api {
namespace {

using engine::Counter;

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
  state::SeriesPoint all;
  for (const state::Run& run : runs) {
    const state::SeriesPoint sums = sums_of(run);
    const auto [place, is_new] = seen_.try_emplace(run.id);
    // Of a run that is seen for the first time nobody knows when it did what it counts.
    if (!is_new) {
      state::SeriesPoint change = difference(sums, place->second.sums);
      change.at = now;
      all.bytes += change.bytes;
      all.items += change.items;
      int& quiet = place->second.quiet;
      quiet = is_quiet(change) ? quiet + 1 : 0;
      if (quiet <= options_.quiet_samples_max) pending_.push_back({run.id, change});
    }
    place->second.sums = sums;
    place->second.is_present = true;
  }
  std::erase_if(seen_, [](const auto& entry) { return !entry.second.is_present; });
  const double seconds = std::chrono::duration<double>(now - looked_at_).count();
  if (looked_at_ != TimePoint() && seconds > 0) {
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
  const auto work = [&](state::State& state) {
    return state.runs().unfinished_runs(options_.runs_max);
  };
  auto runs = co_await state_.read("", work);
  if (runs.has_error()) co_return runs.error();
  take(*runs, clock_.now());
  if (++looks_ >= options_.samples_kept || runs->empty()) {
    auto written = co_await flush();
    if (written.has_error()) co_return written.error();
  }
  co_return runs->size();
}

Async<Result<void>> RunSampler::flush() {
  looks_ = 0;
  if (pending_.empty()) co_return Result<void>();
  const auto samples = std::exchange(pending_, {});
  const auto work = [&](state::State& state) { return state.control().run_series().add(samples); };
  co_return co_await state_.read("", work);
}

Async<void> RunSampler::run() {
  for (;;) {
    // A state that cannot be read for a while leaves a gap in the series, and nothing else.
    auto unfinished = co_await sample();
    const bool is_idle = unfinished.has_value() && *unfinished == 0;
    auto slept = co_await clock_.sleep_for(is_idle ? options_.idle_interval : options_.interval);
    if (slept.has_error()) co_return;
  }
}

}  // namespace dth::api

#include "engine/lane_runners.h"

namespace dth::engine {
namespace {

constexpr std::chrono::minutes idle_max{1};

}  // namespace

Async<Result<std::shared_ptr<SharedRun>>> LaneRunners::find_run(const state::Job* job) {
  if (auto known = runs_.find(job->run)) co_return known;
  auto run = co_await ask_state(
      services_, [&](state::State& state) { return state.runs().find_run(job->run); });
  if (run.has_error()) co_return run.error();
  co_return runs_.find_or_add(*run);
}

PluginLane& LaneRunners::lane_of(Plugin& plugin) {
  auto& lane = plugin_lanes_[&plugin];
  if (!lane) lane = plugin.open_lane(lane_);
  return *lane;
}

Async<Result<std::shared_ptr<JobRunner>>> LaneRunners::runner_for(const state::Job& job) {
  auto run = co_await find_run(&job);
  if (run.has_error()) co_return run.error();
  std::shared_ptr<Entry>& known = entries_[job.run];
  if (!known || known->run != *run) {
    known = std::make_shared<Entry>(lane_.executor);
    known->run = *run;
  }
  const std::shared_ptr<Entry> entry = known;
  entry->used_at = lane_.clock.monotonic_now();
  if (!entry->runner) {
    auto turn = co_await entry->opening.acquire(1);
    if (turn.has_error()) co_return turn.error();
    auto opened = co_await open(entry.get());
    entry->opening.release(1);
    if (opened.has_error()) co_return opened.error();
  }
  // Whoever has the runner keeps what it hangs on.
  co_return std::shared_ptr<JobRunner>(entry, entry->runner.get());
}

// Nothing to do where another job's call has opened it, and no second try where that failed.
Async<Result<void>> LaneRunners::open(Entry* entry) {
  if (entry->runner) co_return Result<void>();
  if (auto why = entry->run->stopped_by()) co_return *why;
  if (entry->run->is_stopped()) co_return cancelled_error();
  auto opened =
      co_await lane_of(entry->run->plugin()).open(entry->run->task(), &entry->run->outages());
  if (opened.has_error()) {
    if (opened.error().code != ErrorCode::cancelled) entry->run->stop(opened.error());
    co_return opened.error();
  }
  entry->runner = std::move(*opened);
  co_return Result<void>();
}

void LaneRunners::close_idle() {
  const MonotonicTime now = lane_.clock.monotonic_now();
  std::erase_if(entries_, [&](auto& named) {
    Entry& entry = *named.second;
    if (named.second.use_count() > 1) {
      entry.used_at = now;
      return false;
    }
    return entry.run->is_stopped() || now - entry.used_at >= idle_max;
  });
  for (const auto& [plugin, lane] : plugin_lanes_) lane->close_idle();
}

void LaneRunners::close_all() {
  entries_.clear();
  plugin_lanes_.clear();
}

}  // namespace dth::engine

#include "ledger/objects/run_ledgers.h"

#include <utility>

namespace dth::ledger {
namespace {

constexpr std::size_t places_open_max = 16;
constexpr std::size_t runs_known_max = 1'000;  // the rest is looked up again

}  // namespace

RunLedgers::RunLedgers(LedgerAccess access, std::shared_ptr<const PrivateKey> key,
                       RunLedgersOptions options)
    : access_(access), key_(std::move(key)), options_(std::move(options)) {}

Result<void> RunLedgers::check(const LedgerPlace& place) {
  auto opened = open_at(place);
  if (opened.has_error()) return opened.error();
  return (*opened)->check();
}

Result<state::Segment> RunLedgers::append(const std::string& run, const LineBuffer& lines) {
  auto opened = find(run);
  if (opened.has_error()) return opened.error();
  return (*opened)->ledger().append(run, lines);
}

Async<Result<state::Segment>> RunLedgers::write(std::string run, LineBuffer lines,
                                                BlockingExecutor& blocking) {
  Opened opened = known(run);
  if (!opened) {
    auto found = co_await find_off_lane(run, &blocking);
    if (found.has_error()) co_return found.error();
    opened = std::move(*found);
  }
  BlockingExecutor* const own = opened->blocking();
  co_return co_await run_blocking(own ? *own : blocking,
                                  [&] { return opened->ledger().append(run, lines); });
}

Result<void> RunLedgers::seal(const state::Run& run, std::vector<state::Segment> segments) {
  auto opened = find(run.id);
  if (opened.has_error()) return opened.error();
  auto sealed = (*opened)->seal(run, std::move(segments));
  if (sealed.has_value()) forget(run.id);
  return sealed;
}

Async<Result<void>> RunLedgers::seal_off_lane(state::Run run, std::vector<state::Segment> segments,
                                              BlockingExecutor& blocking) {
  auto opened = co_await find_off_lane(run.id, &blocking);
  if (opened.has_error()) co_return opened.error();
  BlockingExecutor* const own = (*opened)->blocking();
  auto sealed = co_await run_blocking(own ? *own : blocking,
                                      [&] { return (*opened)->seal(run, std::move(segments)); });
  if (sealed.has_value()) forget(run.id);
  co_return sealed;
}

void RunLedgers::request_stop() {
  const std::lock_guard lock(mutex_);
  is_stopping_ = true;
  for (const auto& [place, opened] : by_place_) opened->ledger().request_stop();
}

std::vector<std::string> RunLedgers::waiting() const {
  std::vector<std::string> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [place, opened] : by_place_) {
    for (std::string& what : opened->ledger().waiting()) all.push_back(std::move(what));
  }
  return all;
}

RunLedgers::Opened RunLedgers::known(const std::string& run) {
  const std::lock_guard lock(mutex_);
  const auto found = by_run_.find(run);
  return found == by_run_.end() ? nullptr : found->second;
}

Result<RunLedgers::Opened> RunLedgers::find(const std::string& run) {
  if (auto opened = known(run)) return opened;
  auto place = options_.find_place(run);
  if (place.has_error()) return place.error();
  auto opened = open_at(*place ? **place : options_.fallback);
  if (opened.has_error()) return opened.error();
  const std::lock_guard lock(mutex_);
  if (by_run_.size() >= runs_known_max) by_run_.clear();
  by_run_[run] = *opened;
  return opened;
}

Async<Result<RunLedgers::Opened>> RunLedgers::find_off_lane(std::string run,
                                                            BlockingExecutor* blocking) {
  co_return co_await run_blocking(*blocking, [&] { return find(run); });
}

Result<RunLedgers::Opened> RunLedgers::open_at(const LedgerPlace& place) {
  const std::lock_guard lock(mutex_);
  std::tuple key(place.to_string(), place.store.endpoint, place.unreachable_timeout);
  if (const auto found = by_place_.find(key); found != by_place_.end()) return found->second;
  if (by_place_.size() >= places_open_max)
    std::erase_if(by_place_, [](const auto& entry) { return entry.second.use_count() == 1; });
  auto opened = open_ledger(access_, place, next_worker_name(), key_);
  if (opened.has_error()) return opened.error();
  Opened shared = std::move(*opened);
  if (is_stopping_) shared->ledger().request_stop();
  by_place_.emplace(std::move(key), shared);
  return shared;
}

// A place that was closed and is opened again counts its files from 1. A store without conditional
// PUT would replace what is recorded, so every place that is opened has a name of its own.
std::string RunLedgers::next_worker_name() {
  const std::uint64_t count = ++places_opened_;
  return count == 1 ? options_.worker_name : options_.worker_name + "." + std::to_string(count);
}

void RunLedgers::forget(const std::string& run) {
  const std::lock_guard lock(mutex_);
  by_run_.erase(run);
}

}  // namespace dth::ledger

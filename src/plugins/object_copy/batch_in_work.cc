#include "plugins/object_copy/batch_in_work.h"

namespace dth::object_copy {
namespace {

// How long a crash may set a batch back.
constexpr std::chrono::seconds record_interval{2};

}  // namespace

BatchInWork::BatchInWork(LaneContext& lane, engine::JobContext& context, std::size_t size)
    : lane_(lane),
      context_(context),
      settled_(size),
      until_record_(lane.executor, context.clock()) {}

Async<Result<engine::Finished>> BatchInWork::work(std::uint32_t at_once_max) {
  if (failure_) co_return *failure_;
  AsyncScope keeper(lane_.executor);
  keeper.spawn(keep_record());
  AsyncScope workers(lane_.executor);
  const std::size_t count = std::min<std::size_t>(settled_.size(), at_once_max);
  for (std::size_t i = 0; i < count; ++i) workers.spawn(take_items());
  co_await workers.join();
  // What it records at this moment is not cut off: the state may be waited for.
  has_ended_ = true;
  until_record_.wake();
  co_await keeper.join();
  if (failure_) co_return *failure_;
  const std::vector<Left> left = rest(false);
  if (!left.empty()) finished_.effects.jobs.push_back(job_of(left));
  finished_.halt = std::move(halt_);
  co_return std::move(finished_);
}

std::vector<BatchInWork::Left> BatchInWork::rest(bool working) const {
  std::vector<Left> left;
  for (std::size_t i = 0; i < settled_.size(); ++i) {
    if (!settled_[i]) left.push_back({i, working && i < next_});
  }
  return left;
}

bool BatchInWork::may_go_on() const {
  return next_ < settled_.size() && !has_to_end() && !context_.stop_requested() &&
         context_.may_start();
}

bool BatchInWork::is_left(const Error& error, const RetryReport& report) {
  // First of all: a store that is given up ends what it cuts off with `cancelled`.
  if (engine::stops_run(error)) {
    if (!halt_) halt_ = error;
    return true;
  }
  return error.code == ErrorCode::cancelled || report.stopped == RetryStop::cancelled;
}

Async<void> BatchInWork::keep_record() {
  for (;;) {
    // A stop that came while a record was written finds no wait to end.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return;
    if (has_ended_) co_return;
    auto slept = co_await until_record_.sleep_for(record_interval);
    if (slept.has_error() || has_ended_) co_return;
    if (finished_.lines.empty() && finished_.effects.jobs.empty()) continue;
    engine::Finished part = std::exchange(finished_, {});
    std::string payload = job_of(rest(true)).payload;
    auto recorded =
        co_await advance_counted(&lane_, &context_, std::move(payload), std::move(part));
    if (recorded.has_error()) {
      failure_ = recorded.error();
      co_return;
    }
  }
}

Async<void> BatchInWork::take_items() {
  for (;;) {
    auto turn = lane_.in_flight.try_enter();
    if (!turn) turn = co_await lane_.in_flight.enter();
    if (turn->has_error()) co_return;
    // Asked now, and not before the wait: much may have happened meanwhile.
    if (!may_go_on()) {
      lane_.in_flight.leave(**turn, std::nullopt);
      co_return;
    }
    const std::size_t index = next_++;
    const bool settled = co_await settle(index);
    if (settled) settled_[index] = true;
    lane_.in_flight.leave(**turn, settled ? std::optional(bytes_of(index)) : std::nullopt);
  }
}

Async<void> BatchInWork::settle_next() {
  const std::size_t index = next_++;
  if (co_await settle(index)) settled_[index] = true;
}

}  // namespace dth::object_copy

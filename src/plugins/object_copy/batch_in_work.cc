#include "plugins/object_copy/batch_in_work.h"

namespace dth::object_copy {
namespace {

// How long a crash may set a batch back.
constexpr std::chrono::seconds record_interval{2};

}  // namespace

BatchInWork::BatchInWork(engine::JobContext& context, Executor executor,
                         engine::AdaptiveLimit& in_flight, std::size_t size)
    : context_(context), executor_(executor), in_flight_(in_flight), settled_(size) {}

Async<Result<engine::Finished>> BatchInWork::work(std::uint32_t at_once_max) {
  AsyncScope keeper(executor_);
  keeper.spawn(keep_record());
  AsyncScope workers(executor_);
  const std::size_t count = std::min<std::size_t>(settled_.size(), at_once_max);
  for (std::size_t i = 0; i < count; ++i) workers.spawn(take_items());
  co_await workers.join();
  co_await keeper.stop();
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

Async<void> BatchInWork::keep_record() {
  for (;;) {
    // A stop that came while a record was written finds no wait to end.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return;
    auto slept = co_await context_.clock().sleep_for(record_interval);
    if (slept.has_error()) co_return;
    if (finished_.lines.empty() && finished_.effects.jobs.empty()) continue;
    engine::Finished part = std::exchange(finished_, {});
    part.effects.counts += take_request_counts();
    std::string payload = job_of(rest(true)).payload;
    auto recorded = co_await context_.advance(std::move(payload), std::move(part.effects),
                                              std::move(part.lines));
    if (recorded.has_error()) {
      failure_ = recorded.error();
      co_return;
    }
  }
}

Async<void> BatchInWork::take_items() {
  for (;;) {
    auto turn = in_flight_.try_enter();
    if (!turn) turn = co_await in_flight_.enter();
    if (turn->has_error()) co_return;
    // Asked now, and not before the wait: much may have happened meanwhile.
    if (next_ >= settled_.size() || failure_ || halt_ || context_.stop_requested() ||
        !context_.may_start()) {
      in_flight_.leave(**turn, std::nullopt);
      co_return;
    }
    const std::size_t index = next_++;
    const bool settled = co_await settle(index);
    if (settled) settled_[index] = true;
    in_flight_.leave(**turn, settled ? std::optional<std::uint64_t>(0) : std::nullopt);
  }
}

}  // namespace dth::object_copy

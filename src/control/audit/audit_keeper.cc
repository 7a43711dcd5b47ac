#include "control/audit/audit_keeper.h"

namespace dth::control {
namespace {

constexpr std::chrono::seconds lease_time{60};
constexpr std::chrono::seconds lease_asked_every{20};
constexpr std::chrono::seconds between_turns{2};
constexpr std::size_t entries_max = 500;  // of one transaction

}  // namespace

Result<bool> AuditKeeper::turn() {
  const TimePoint now = clock_.now();
  if (auto asked = ask_for_lease(now); asked.has_error()) return asked.error();
  if (!lease_) return false;  // another hub's
  auto did = chain_and_drop(now);
  if (did.has_error() && did.error().code == ErrorCode::precondition_failed) {
    lease_.reset();
    ask_again_at_ = MonotonicTime::min();
  }
  return did;
}

// Each time is a write, which wakes all that wait for the state: so it is done rarely.
Result<void> AuditKeeper::ask_for_lease(TimePoint now) {
  const MonotonicTime time = clock_.monotonic_now();
  if (time < ask_again_at_) return {};
  auto lease = leases_.acquire(std::string(state::audit_lease), options_.holder, now, lease_time);
  if (lease.has_error()) return lease.error();
  lease_ = std::move(*lease);
  ask_again_at_ = time + lease_asked_every;
  return {};
}

// Writes only where there is something to chain or to drop.
Result<bool> AuditKeeper::chain_and_drop(TimePoint now) {
  auto chained = audit_.chain(*lease_, now, entries_max);
  if (chained.has_error()) return chained.error();
  std::size_t dropped = 0;
  if (options_.retention) {
    auto done = audit_.drop(*lease_, now - *options_.retention, now, entries_max);
    if (done.has_error()) return done.error();
    dropped = *done;
  }
  return *chained == entries_max || dropped == entries_max;
}

Async<void> AuditKeeper::run() {
  for (;;) {
    auto turned = co_await run_blocking(blocking_, [this] { return turn(); });
    if (turned.has_error() && options_.on_problem) options_.on_problem(turned.error());
    const bool has_more = turned.has_value() && *turned;
    const Duration pause =
        has_more ? Duration(std::chrono::milliseconds(1)) : Duration(between_turns);
    // A cancellation that came meanwhile finds no wait to end.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) break;
    auto slept = co_await clock_.sleep_for(pause);
    if (slept.has_error()) break;
  }
  co_await release();
}

Async<void> AuditKeeper::release() {
  if (!lease_) co_return;
  auto released = co_await run_blocking(blocking_, [this] { return leases_.release(*lease_); });
  if (released.has_error() && options_.on_problem) options_.on_problem(released.error());
}

}  // namespace dth::control

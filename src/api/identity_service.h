#pragma once

#include <new>

#include "api/authenticator.h"
#include "api/fair_queue.h"
#include "control/identity/accounts.h"

namespace dth::api {

// Whose turn to have a hash computed it is: strangers, by network, wait apart from those who have
// signed in, by user.
enum class HashFor { anybody, signed_in };

// What the resolvers of users and tokens work with. Hashes of passwords are computed on threads of
// their own, a few at a time, so that a flood of sign-ins holds up nobody who has signed in. For
// one executor's thread.
class IdentityService {
 public:
  // All must outlive this.
  IdentityService(Executor executor, state::ControlState& state, Clock& clock,
                  BlockingExecutor& blocking, FairQueue& state_reads, BlockingExecutor& hashing,
                  control::Accounts& accounts, Authenticator& authenticator)
      : state_(state),
        clock_(clock),
        blocking_(blocking),
        state_reads_(state_reads),
        hashing_(hashing),
        strangers_(executor, {2, 1, 32, 1, FairQueueLimits::WhenFull::refuse_anyone}),
        signed_in_(executor, {1, 1, 16, 2}),
        accounts_(accounts),
        authenticator_(authenticator) {}

  // work(accounts) on the threads for hashes. throttled where too many wait.
  template <class Work>
  auto hash(HashFor whom, std::string client, Work work) -> Async<std::invoke_result_t<Work&>> {
    FairQueue& queue = whom == HashFor::anybody ? strangers_ : signed_in_;
    auto place = co_await queue.enter(std::move(client));
    if (place.has_error()) co_return place.error();
    const auto caught = catching(work);
    co_return co_await run_blocking(hashing_, caught);
  }
  // Everything else that asks the state, in the client's turn.
  template <class Work>
  auto run(std::string client, Work work) -> Async<std::invoke_result_t<Work&>> {
    auto place = co_await state_reads_.enter(std::move(client));
    if (place.has_error()) co_return place.error();
    const auto caught = catching(work);
    co_return co_await run_blocking(blocking_, caught);
  }

  // Until cancelled: writes what refused attempts came to into the audit log.
  Async<void> keep_refusals() {
    for (;;) {
      auto slept = co_await clock_.sleep_for(control::RefusalTally::interval);
      if (slept.has_error()) co_return;
      const auto work = [this]() -> Result<void> {
        accounts_.write_refusals();
        return {};
      };
      // What could not be written is tried again.
      static_cast<void>(co_await run(std::string(), work));
      if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return;
    }
  }

  state::IdentityStore& store() { return state_.identity(); }
  control::Accounts& accounts() { return accounts_; }
  Authenticator& authenticator() { return authenticator_; }
  Clock& clock() { return clock_; }

 private:
  // Nothing may be thrown on the executors' threads.
  template <class Work>
  static auto catching(Work& work) {
    return [&work]() -> std::invoke_result_t<Work&> {
      try {
        return work();
      } catch (const std::bad_alloc&) {
        return Error{ErrorCode::throttled, "the hub has no memory left: try again in a moment", ""};
      }
    };
  }

  state::ControlState& state_;
  Clock& clock_;
  BlockingExecutor& blocking_;
  FairQueue& state_reads_;
  BlockingExecutor& hashing_;
  FairQueue strangers_;
  FairQueue signed_in_;
  control::Accounts& accounts_;
  Authenticator& authenticator_;
};

}  // namespace dth::api

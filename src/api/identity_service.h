#pragma once

#include <new>

#include "api/authenticator.h"
#include "api/fair_queue.h"
#include "control/identity/accounts.h"

namespace dth::api {

// What the resolvers of users and tokens work with. Hashes of passwords are computed on threads of
// their own, a few at a time, so that a flood of sign-ins holds up nobody who has signed in. For
// one executor's thread.
class IdentityService {
 public:
  // All must outlive this.
  IdentityService(Executor executor, state::ControlState& state, Clock& clock,
                  BlockingExecutor& blocking, BlockingExecutor& hashing,
                  control::Accounts& accounts, Authenticator& authenticator)
      : state_(state),
        clock_(clock),
        blocking_(blocking),
        hashing_(hashing),
        hashing_queue_(executor, {2, 1, 32, 4}),
        accounts_(accounts),
        authenticator_(authenticator) {}

  // work(accounts) on the threads for hashes. throttled where too many wait.
  template <class Work>
  auto hash(std::string client, Work work) -> Async<std::invoke_result_t<Work&>> {
    auto place = co_await hashing_queue_.enter(std::move(client));
    if (place.has_error()) co_return place.error();
    const auto caught = catching(work);
    co_return co_await run_blocking(hashing_, caught);
  }
  // Everything else that asks the state.
  template <class Work>
  auto run(Work work) -> Async<std::invoke_result_t<Work&>> {
    const auto caught = catching(work);
    co_return co_await run_blocking(blocking_, caught);
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
  BlockingExecutor& hashing_;
  FairQueue hashing_queue_;
  control::Accounts& accounts_;
  Authenticator& authenticator_;
};

}  // namespace dth::api

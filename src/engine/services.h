#pragma once

#include <functional>
#include <type_traits>

#include "base/async.h"
#include "base/blocking.h"
#include "base/clock.h"
#include "engine/job_use.h"
#include "engine/state_outage.h"
#include "ledger/ledger.h"
#include "state/state.h"

namespace dth::engine {

// What the engine works with: one process's share of it. All outlive the workers.
struct EngineServices {
  Clock& clock;
  state::State& state;
  ledger::Ledger& ledger;
  BlockingExecutor& blocking;  // where state and ledger are called
  // What the lanes of the process share. Null: each call asks by itself.
  StateOutage* outage = nullptr;
  // Called where a lane has recorded jobs that others may take. Null: nobody waits for them. On the
  // lane's thread.
  const std::function<void()>* on_new_jobs = nullptr;

  // Null: nobody wants to know.
  JobUse* use = nullptr;

  void tell_of(const state::Effects& effects) const {
    if (on_new_jobs && !(effects.jobs.empty() && effects.groups.empty())) (*on_new_jobs)();
  }
};

// How often a call that waits for the state looks whether it is its turn.
inline constexpr std::chrono::milliseconds state_look_interval{200};

// Returns `function(state)`, a Result, called off the lane. While the state is busy or cannot be
// reached it is called again, for state_wait_max at most, and until the caller is cancelled or
// `stops` says so; then the state's answer is returned. So `function` reads the clock itself.
template <class Function>
auto ask_state(EngineServices services, Function function, const bool* stops = nullptr)
    -> Async<std::invoke_result_t<Function&, state::State&>> {
  const MonotonicTime until = services.clock.monotonic_now() + state_wait_max;
  auto call = [&] { return function(services.state); };
  for (;;) {
    auto result = co_await run_blocking(
        services.blocking, [&] { return services.outage ? services.outage->ask(call) : call(); });
    if (result.has_value() || !is_state_away(result.error())) co_return result;
    if (services.clock.monotonic_now() >= until) {
      co_return std::move(result.error())
          .with_context("the state was waited for, " +
                        std::to_string(std::chrono::seconds(state_wait_max).count()) + " s");
    }
    if (stops && *stops) co_return result;
    // A cancellation that came while the state was called finds no wait to end.
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) co_return result;
    auto slept = co_await services.clock.sleep_for(state_look_interval);
    if (slept.has_error()) co_return result;
  }
}

}  // namespace dth::engine

#include "net/sweeper.h"

#include <boost/asio/steady_timer.hpp>

namespace dth::net {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::milliseconds granularity{250};

}  // namespace

struct Sweeper::State {
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer;
  std::function<bool()> sweep;  // empty once the owner has gone
  bool running = false;
};

Sweeper::Sweeper(Executor executor, std::function<bool()> sweep)
    : state_(std::make_shared<State>(State{{executor, MonotonicTime::max()}, std::move(sweep)})) {}

Sweeper::~Sweeper() {
  state_->sweep = nullptr;
  state_->timer.cancel();
}

void Sweeper::start() {
  if (state_->running) return;
  state_->running = true;
  arm(state_);
}

void Sweeper::arm(std::shared_ptr<State> state) {
  State& it = *state;
  it.timer.expires_after(granularity);
  // The handler holds the timer alive, and the context holds the handler: the circle ends when the
  // timer fires.
  it.timer.async_wait([state = std::move(state)](const boost::system::error_code&) {
    if (!state->sweep || !state->sweep()) {
      state->running = false;
    } else {
      arm(state);
    }
  });
}

}  // namespace dth::net

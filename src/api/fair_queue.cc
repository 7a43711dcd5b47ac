#include "api/fair_queue.h"

#include <algorithm>
#include <utility>

#include <boost/asio/redirect_error.hpp>

namespace dth::api {
namespace asio = boost::asio;
namespace {

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

Error too_many() {
  return {ErrorCode::throttled,
          "too many requests wait already: send fewer at once, and try again in a moment", ""};
}

MonotonicTime monotonic_now() { return std::chrono::steady_clock::now(); }

}  // namespace

struct FairQueue::Waiter {
  explicit Waiter(Executor executor) : timer(executor, Timer::time_point::max()) {}
  Timer timer;  // never expires: is woken
  enum class End { none, inside, displaced } end = End::none;
};

struct FairQueue::Client {
  std::string name;
  std::size_t inside = 0;
  std::list<Waiter*> waiting = {};
};

// Wakes the queue after a pause. Outlives it while its handler is under way.
struct FairQueue::Alarm {
  Alarm(Executor executor, FairQueue* queue) : timer(executor), queue(queue) {}
  Timer timer;
  FairQueue* queue;
  bool is_armed = false;
};

FairQueue::Place::Place(Place&& other) noexcept
    : queue_(std::exchange(other.queue_, nullptr)), client_(other.client_) {}

FairQueue::Place& FairQueue::Place::operator=(Place&& other) noexcept {
  if (this == &other) return *this;
  release();
  queue_ = std::exchange(other.queue_, nullptr);
  client_ = other.client_;
  return *this;
}

void FairQueue::Place::release() {
  if (queue_ != nullptr) std::exchange(queue_, nullptr)->leave(*client_);
}

FairQueue::FairQueue(Executor executor, FairQueueLimits limits)
    : executor_(executor), limits_(limits), alarm_(std::make_shared<Alarm>(executor, this)) {}

FairQueue::~FairQueue() {
  alarm_->queue = nullptr;
  alarm_->timer.cancel();
}

FairQueue::Client& FairQueue::client_of(const std::string& name) {
  auto& client = clients_[name];
  if (!client) client.reset(new Client{name});
  return *client;
}

void FairQueue::forget_if_unused(Client& client) {
  if (client.inside == 0 && client.waiting.empty()) clients_.erase(client.name);
}

bool FairQueue::may_enter(const Client& client) const {
  return inside_ < limits_.inside_max && client.inside < limits_.inside_per_client_max;
}

FairQueue::Place FairQueue::put_inside(Client& client) {
  ++client.inside;
  ++inside_;
  return Place(*this, client);
}

std::optional<FairQueue::Place> FairQueue::try_enter(const std::string& name) {
  // Others that wait and could come in are let in before this is asked.
  if (inside_ >= limits_.inside_max || waiting_ > 0) return std::nullopt;
  if (paused_until_ != MonotonicTime::min() && monotonic_now() < paused_until_) return std::nullopt;
  Client& client = client_of(name);
  if (!may_enter(client)) return std::nullopt;
  return put_inside(client);
}

Async<Result<FairQueue::Place>> FairQueue::enter(std::string name) {
  if (auto place = try_enter(name)) co_return std::move(*place);
  if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return cancelled_error();
  Client& client = client_of(name);
  if (is_full_for(client)) {
    ++refused_;
    forget_if_unused(client);
    co_return too_many();
  }
  Waiter waiter(executor_);
  if (client.waiting.empty()) in_turn_.push_back(&client);
  const auto at = client.waiting.insert(client.waiting.end(), &waiter);
  ++waiting_;
  let_in();
  if (waiter.end == Waiter::End::none) {
    boost::system::error_code woken;
    co_await waiter.timer.async_wait(asio::redirect_error(use_async, woken));
  }
  if (waiter.end == Waiter::End::inside) {
    Place place(*this, client);
    if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return cancelled_error();
    co_return std::move(place);
  }
  if (waiter.end == Waiter::End::none) {
    client.waiting.erase(at);
    --waiting_;
    ++dropped_;
    if (client.waiting.empty()) in_turn_.remove(&client);
  }
  forget_if_unused(client);
  if (waiter.end == Waiter::End::displaced) co_return too_many();
  co_return cancelled_error();
}

bool FairQueue::is_full_for(const Client& client) {
  if (client.waiting.size() >= limits_.waiting_per_client_max) return true;
  if (waiting_ < limits_.waiting_max) return false;
  return limits_.when_full == FairQueueLimits::WhenFull::refuse_newcomer || !displace_anyone();
}

// False where chance has it that the newcomer is refused.
bool FairQueue::displace_anyone() {
  std::size_t chosen = std::uniform_int_distribution<std::size_t>(0, waiting_)(random_);
  for (Client* client : in_turn_) {
    if (chosen >= client->waiting.size()) {
      chosen -= client->waiting.size();
      continue;
    }
    const auto at = std::next(client->waiting.begin(), static_cast<std::ptrdiff_t>(chosen));
    (*at)->end = Waiter::End::displaced;
    (*at)->timer.cancel();
    client->waiting.erase(at);
    --waiting_;
    ++refused_;
    if (client->waiting.empty()) in_turn_.remove(client);
    return true;
  }
  return false;
}

void FairQueue::leave(Client& client) {
  --client.inside;
  --inside_;
  forget_if_unused(client);
  let_in();
}

void FairQueue::pause_until(MonotonicTime time) { paused_until_ = std::max(paused_until_, time); }

void FairQueue::let_in() {
  if (waiting_ == 0) return;
  if (paused_until_ != MonotonicTime::min() && monotonic_now() < paused_until_) return arm();
  for (auto next = in_turn_.begin(); next != in_turn_.end() && inside_ < limits_.inside_max;) {
    Client& client = **next;
    if (!may_enter(client)) {
      ++next;
      continue;
    }
    next = in_turn_.erase(next);
    Waiter& waiter = *client.waiting.front();
    client.waiting.pop_front();
    --waiting_;
    if (!client.waiting.empty()) in_turn_.push_back(&client);
    ++client.inside;  // the waiter makes a place of it
    ++inside_;
    waiter.end = Waiter::End::inside;
    waiter.timer.cancel();
    if (next == in_turn_.end()) next = in_turn_.begin();
  }
}

void FairQueue::arm() {
  if (alarm_->is_armed) return;
  alarm_->is_armed = true;
  alarm_->timer.expires_at(paused_until_);
  alarm_->timer.async_wait([alarm = alarm_](const boost::system::error_code&) {
    alarm->is_armed = false;
    if (alarm->queue != nullptr) alarm->queue->let_in();
  });
}

}  // namespace dth::api

#include "api/run_watchers.h"

#include <list>

#include <boost/asio/redirect_error.hpp>

namespace dth::api {
namespace asio = boost::asio;
namespace {

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

}  // namespace

// What is known of one run, and who waits for more.
struct RunWatchers::Watch {
  std::string run;
  std::shared_ptr<const RunView> latest = {};
  std::uint64_t version = 0;  // of latest
  std::optional<Error> failure = {};
  bool has_ended = false;  // nothing comes after latest
  std::size_t subscribers = 0;
  std::list<Timer*> waiting = {};

  void wake() {
    for (Timer* timer : waiting) timer->cancel();
  }
  void publish(RunView view) {
    has_ended = view.is_over();
    latest = std::make_shared<const RunView>(std::move(view));
    ++version;
    wake();
  }
  void end(std::optional<Error> why) {
    failure = std::move(why);
    has_ended = true;
    wake();
  }
};

class RunWatchers::Stream final : public graphql::EventStream {
 public:
  Stream(Executor executor, std::shared_ptr<Watch> watch)
      : executor_(executor), watch_(std::move(watch)) {
    ++watch_->subscribers;
  }
  ~Stream() override { --watch_->subscribers; }

  Async<Result<std::optional<graphql::Resolved>>> next() override {
    using Event = std::optional<graphql::Resolved>;
    while (seen_ == watch_->version) {
      if (watch_->failure) co_return *watch_->failure;
      if (watch_->has_ended) co_return Event();
      if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return cancelled_error();
      Timer timer(executor_, Timer::time_point::max());
      const auto place = watch_->waiting.insert(watch_->waiting.end(), &timer);
      boost::system::error_code woken;
      co_await timer.async_wait(asio::redirect_error(use_async, woken));
      watch_->waiting.erase(place);
    }
    seen_ = watch_->version;
    co_return Event(graphql::Resolved::object(watch_->latest));
  }

 private:
  Executor executor_;
  std::shared_ptr<Watch> watch_;
  std::uint64_t seen_ = 0;
};

RunWatchers::RunWatchers(Executor executor, RunReader& reader, Clock& clock, WatchOptions options)
    : executor_(executor), reader_(reader), clock_(clock), options_(options), pollers_(executor) {}

RunWatchers::~RunWatchers() = default;

Async<Result<std::unique_ptr<graphql::EventStream>>> RunWatchers::watch(std::string run,
                                                                        std::string client) {
  using Events = std::unique_ptr<graphql::EventStream>;
  if (const auto found = watches_.find(run); found != watches_.end()) {
    co_return Events(std::make_unique<Stream>(executor_, found->second));
  }
  auto view = co_await reader_.progress(run, std::move(client));
  if (view.has_error()) co_return view.error();
  // Another may have come first while this one read.
  if (const auto found = watches_.find(run); found != watches_.end()) {
    co_return Events(std::make_unique<Stream>(executor_, found->second));
  }
  auto watch = std::make_shared<Watch>(Watch{.run = run});
  watch->publish(std::move(*view));
  auto stream = std::make_unique<Stream>(executor_, watch);
  if (!watch->has_ended) {
    if (watches_.size() >= options_.runs_max) {
      co_return Error{
          ErrorCode::throttled,
          "already " + std::to_string(options_.runs_max) +
              " runs are watched: end another subscription first, or ask again and again",
          ""};
    }
    watches_.emplace(run, watch);
    pollers_.spawn(poll(watch));
  }
  co_return Events(std::move(stream));
}

Async<void> RunWatchers::poll(std::shared_ptr<Watch> watch) {
  while (!watch->has_ended && watch->subscribers > 0) {
    auto slept = co_await clock_.sleep_for(options_.interval);
    // A cancellation that came while the state was read found no wait to end.
    if (slept.has_error() || is_cancelled(co_await boost::asio::this_coro::cancellation_state)) {
      watch->end(Error{ErrorCode::unavailable, "the hub stops: subscribe again in a moment", ""});
      break;
    }
    if (watch->subscribers == 0) break;
    auto view = co_await reader_.progress(watch->run);
    if (view.has_error()) {
      // A state that is busy or unreachable for a moment is looked at again.
      if (!is_retryable(view.error().code)) watch->end(view.error());
    } else if (!looks_same(*view, *watch->latest)) {
      watch->publish(std::move(*view));
    }
  }
  watches_.erase(watch->run);
}

Async<void> RunWatchers::stop() { co_await pollers_.stop(); }

}  // namespace dth::api

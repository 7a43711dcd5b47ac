#include "engine/lane_thread.h"

#include <boost/asio/post.hpp>

namespace dth::engine {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::seconds idle_look_interval{10};

}  // namespace

LaneThread::LaneThread(EngineServices services, SharedRuns& runs, LaneThreadOptions options)
    : services_(services),
      options_(std::move(options)),
      scope_(context_.get_executor()),
      upkeep_(context_.get_executor()),
      runners_(services,
               Lane{context_.get_executor(), services.clock, options_.lanes, options_.index}, runs),
      worker_(services, context_.get_executor(), runners_, options_.worker) {
  if (options_.housekeeper) housekeeper_.emplace(services, runs, *options_.housekeeper);
  scope_.spawn(serve());
  if (options_.has_thread) thread_ = std::thread([this] { context_.run(); });
}

LaneThread::~LaneThread() { join(); }

void LaneThread::join() {
  if (thread_.joinable()) thread_.join();
}

void LaneThread::request_stop() {
  asio::post(context_, [this] { worker_.request_stop(); });
}

void LaneThread::cancel() {
  asio::post(context_, [this] {
    worker_.cancel();
    scope_.request_stop();
  });
}

void LaneThread::request_stop_of(std::string run) {
  asio::post(context_, [this, run = std::move(run)] { worker_.request_stop_of(run); });
}

void LaneThread::cancel_run(std::string run) {
  asio::post(context_, [this, run = std::move(run)] { worker_.cancel_run(run); });
}

void LaneThread::wake() {
  if (worker_.take_wish()) asio::post(context_, [this] { worker_.wake(); });
}

Async<void> LaneThread::serve() {
  upkeep_.spawn(close_idle_runners());
  if (housekeeper_) upkeep_.spawn(keep_house());
  auto worked = co_await worker_.run();
  if (worked.has_error() && !failure_) failure_ = worked.error();
  co_await upkeep_.stop();
  runners_.close_all();
  ended_ = true;
  options_.on_end();
}

Async<void> LaneThread::close_idle_runners() {
  for (;;) {
    auto slept = co_await services_.clock.sleep_for(idle_look_interval);
    if (slept.has_error()) co_return;
    runners_.close_idle();
  }
}

Async<void> LaneThread::keep_house() {
  auto kept = co_await housekeeper_->run();
  if (kept.has_value() || kept.error().code == ErrorCode::cancelled) co_return;
  failure_ = kept.error();
  worker_.request_stop();
  options_.on_lost();
}

}  // namespace dth::engine

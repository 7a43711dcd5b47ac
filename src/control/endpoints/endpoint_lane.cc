#include "control/endpoints/endpoint_lane.h"

namespace dth::control {
namespace {

constexpr unsigned share_of_buffers = 16;  // of those of a process, which lanes divide

}  // namespace

EndpointLane::EndpointLane(objects::StoreOpener& opener, Clock& clock)
    : clock_(clock),
      work_(boost::asio::make_work_guard(context_)),
      lane_(opener.open_lane(context_.get_executor(), clock, share_of_buffers)),
      scope_(std::make_unique<AsyncScope>(context_.get_executor())),
      thread_([this] { context_.run(); }) {}

EndpointLane::~EndpointLane() {
  request_stop();
  work_.reset();
  thread_.join();
}

void EndpointLane::request_stop() {
  boost::asio::post(context_, [this] { scope_->request_stop(); });
}

Error EndpointLane::busy() {
  return {ErrorCode::throttled,
          "Too many endpoints are being tested or browsed at this moment. Try again in a while.",
          ""};
}

}  // namespace dth::control

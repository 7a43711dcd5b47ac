#include "api/polled_stream.h"

#include <optional>

#include "base/error.h"

namespace dth::api {
namespace {

using Event = std::optional<graphql::Resolved>;

class PolledStream final : public graphql::EventStream {
 public:
  PolledStream(Clock& clock, Poll poll, PollOptions options)
      : clock_(clock), poll_(std::move(poll)), options_(options) {}

  Async<Result<Event>> next() override {
    for (;;) {
      // One that came while it polled finds no wait to end.
      if (is_cancelled(co_await boost::asio::this_coro::cancellation_state))
        co_return cancelled_error();
      if (has_polled_) {
        auto slept = co_await clock_.sleep_for(options_.interval);
        if (slept.has_error()) co_return slept.error();
      }
      auto polled = co_await poll_();
      // A state that is busy or unreachable for a moment is asked again.
      const bool is_first = !std::exchange(has_polled_, true);
      if (polled.has_error()) {
        if (!is_retryable(polled.error().code)) co_return polled.error();
        continue;
      }
      const bool is_news = sent_ != polled->sign;
      sent_ = std::move(polled->sign);
      if (is_first ? options_.sends_first : is_news) co_return Event(std::move(polled->event));
    }
  }

 private:
  Clock& clock_;
  Poll poll_;
  PollOptions options_;
  bool has_polled_ = false;
  std::string sent_;
};

}  // namespace

std::unique_ptr<graphql::EventStream> poll_stream(Clock& clock, Poll poll, PollOptions options) {
  return std::make_unique<PolledStream>(clock, std::move(poll), options);
}

}  // namespace dth::api

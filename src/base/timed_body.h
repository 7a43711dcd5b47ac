#pragma once

#include "base/body.h"
#include "base/clock.h"

namespace dth {

// Another body that has to end in time, whose pieces have a timeout each: without it, who sends a
// byte now and then keeps its reader for ever. For answers that are small; what large bodies take
// depends on their size. Fails with `timeout` at the first piece after `until`.
class TimedBody final : public Body {
 public:
  // Both must outlive it.
  TimedBody(Body& body, Clock& clock, Duration time_max)
      : body_(body), clock_(clock), time_max_(time_max), until_(clock.monotonic_now() + time_max) {}

  std::uint64_t size() const override { return body_.size(); }
  Async<Result<Bytes>> next() override {
    if (auto late = is_late()) co_return *late;
    co_return co_await body_.next();
  }
  std::optional<Result<Bytes>> try_next() override {
    if (auto late = is_late()) return Result<Bytes>(*late);
    return body_.try_next();
  }
  bool is_at_end() const override { return body_.is_at_end(); }

 private:
  std::optional<Error> is_late() const {
    if (clock_.monotonic_now() <= until_) return std::nullopt;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time_max_).count();
    return Error{ErrorCode::timeout,
                 "the answer did not end within " + std::to_string(seconds) + " s", ""};
  }

  Body& body_;
  Clock& clock_;
  Duration time_max_;
  MonotonicTime until_;
};

}  // namespace dth

#include "base/timed_body.h"

#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "base/testing/run_for_test.h"

namespace dth {
namespace {

using namespace std::chrono_literals;

// A byte every ten seconds, without end.
class Drip final : public Body {
 public:
  explicit Drip(SimulatedClock& clock) : clock_(clock) {}
  std::uint64_t size() const override { return size_unknown; }
  Async<Result<Bytes>> next() override {
    clock_.advance(10s);
    ++given;
    co_return as_bytes(std::string_view("x"));
  }
  int given = 0;

 private:
  SimulatedClock& clock_;
};

TEST(TimedBody, ADripEndsWithItsTime) {
  SimulatedClock clock;
  boost::asio::io_context context;
  Drip drip(clock);
  TimedBody body(drip, clock, 60s);
  const auto text = run_for_test(context, read_all(body, 1 << 20));
  ASSERT_TRUE(text.has_error());
  EXPECT_EQ(text.error().code, ErrorCode::timeout);
  EXPECT_EQ(drip.given, 7);
}

TEST(TimedBody, WhatEndsInTimeIsWhole) {
  SimulatedClock clock;
  boost::asio::io_context context;
  BytesBody bytes(as_bytes(std::string_view("text")));
  TimedBody body(bytes, clock, 1s);
  EXPECT_EQ(run_for_test(context, read_all(body, 10)).value(), "text");
}

}  // namespace
}  // namespace dth

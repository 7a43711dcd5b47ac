#include "engine/state_outage.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/simulated_clock.h"

namespace dth::engine {
namespace {

using namespace std::chrono_literals;

class StateOutageTest : public ::testing::Test {
 protected:
  // Asks; was the state called?
  bool ask() {
    const int before = calls_;
    auto call = [this]() -> Result<void> {
      ++calls_;
      if (is_away_)
        return Error{ErrorCode::unavailable, ErrorReason::state_unreachable, "it is busy", ""};
      return {};
    };
    result_ = outage_.ask(call);
    return calls_ > before;
  }

  SimulatedClock clock_;
  std::vector<std::string> said_;
  StateOutage outage_{clock_, [this](const std::string& line) { said_.push_back(line); }};
  bool is_away_ = false;
  int calls_ = 0;
  Result<void> result_;
};

TEST_F(StateOutageTest, StateThatIsAwayIsAskedWithGrowingPausesOnly) {
  is_away_ = true;
  EXPECT_TRUE(ask());
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(ask());
    EXPECT_TRUE(is_state_away(result_.error())) << "why is told all the same";
  }
  for (int second = 0; second < 300; ++second) {
    clock_.advance(1s);
    ask();
    ask();
  }
  EXPECT_GE(calls_, 300 / 5);
  EXPECT_LE(calls_, 300 / 5 + 10);
}

TEST_F(StateOutageTest, BeginAndEndAreSaidOnce) {
  EXPECT_TRUE(ask());
  EXPECT_TRUE(said_.empty());
  is_away_ = true;
  for (int i = 0; i < 5; ++i) {
    ask();
    clock_.advance(10s);
  }
  EXPECT_EQ(said_, (std::vector<std::string>{"it is busy; waiting for it, 300 s at most"}));
  is_away_ = false;
  EXPECT_TRUE(ask());
  EXPECT_TRUE(result_.has_value());
  EXPECT_TRUE(ask());
  ASSERT_EQ(said_.size(), 2u);
  EXPECT_EQ(said_[1], "the state answers again, after 50 s; work resumes");
}

TEST_F(StateOutageTest, OneCallerAsksAtATime) {
  is_away_ = true;
  ask();
  clock_.advance(1s);
  bool asked_meanwhile = true;
  auto call = [&]() -> Result<void> {
    asked_meanwhile = ask();
    return {};
  };
  EXPECT_TRUE(outage_.ask(call).has_value());
  EXPECT_FALSE(asked_meanwhile);
}

TEST_F(StateOutageTest, OtherFailuresAreNoOutage) {
  auto call = []() -> Result<void> {
    return Error{ErrorCode::unavailable, ErrorReason::state_full, "full", ""};
  };
  EXPECT_EQ(outage_.ask(call).error().message, "full");
  EXPECT_EQ(outage_.ask(call).error().message, "full");
  EXPECT_TRUE(said_.empty());
  EXPECT_TRUE(ask());
}

}  // namespace
}  // namespace dth::engine

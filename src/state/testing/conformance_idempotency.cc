#include <thread>

#include "state/testing/state_conformance.h"

namespace dth::state::testing {
namespace {

using Kind = IdempotencyClaim::Kind;

IdempotentCall call(const std::string& hash = "h", const std::string& key = "k") {
  return {.principal = "user_1", .operation = "retryRun", .key = key, .input_hash = hash};
}

}  // namespace

TEST_P(StateConformance, SameKeyAnswersTheFirstAnswer) {
  auto& keys = state().control().idempotency();
  EXPECT_EQ(keys.begin(call(), at(0))->kind, Kind::mine);
  EXPECT_EQ(keys.begin(call(), at(1))->kind, Kind::in_progress);
  EXPECT_EQ(keys.begin(call("other"), at(1))->kind, Kind::reused);
  ASSERT_OK(keys.finish(call(), R"({"run":"run_1"})"));
  reopen();
  auto again = state().control().idempotency().begin(call(), at(60));
  ASSERT_OK(again);
  EXPECT_EQ(again->kind, Kind::answered);
  EXPECT_EQ(again->answer, R"({"run":"run_1"})");
  EXPECT_EQ(state().control().idempotency().begin(call("other"), at(60))->kind, Kind::reused);
}

TEST_P(StateConformance, KeyBelongsToItsCallerAndOperation) {
  auto& keys = state().control().idempotency();
  EXPECT_EQ(keys.begin(call(), at(0))->kind, Kind::mine);
  IdempotentCall others = call();
  others.principal = "user_2";
  EXPECT_EQ(keys.begin(others, at(0))->kind, Kind::mine);
  others = call();
  others.operation = "cancelRun";
  EXPECT_EQ(keys.begin(others, at(0))->kind, Kind::mine);
}

TEST_P(StateConformance, KeyThatDidNothingIsNewAgain) {
  auto& keys = state().control().idempotency();
  EXPECT_EQ(keys.begin(call(), at(0))->kind, Kind::mine);
  ASSERT_OK(keys.abandon(call()));
  ASSERT_OK(keys.abandon(call()));
  EXPECT_EQ(keys.begin(call("other"), at(0))->kind, Kind::mine);
  ASSERT_OK(keys.finish(call("other"), "done"));
  ASSERT_OK(keys.abandon(call("other")));
  EXPECT_EQ(keys.begin(call("other"), at(0))->kind, Kind::answered) << "an answer stays";
}

TEST_P(StateConformance, KeyIsForgottenAfterADayAndACallThatWasLostEarlier) {
  auto& keys = state().control().idempotency();
  EXPECT_EQ(keys.begin(call("h", "lost"), at(0))->kind, Kind::mine);
  EXPECT_EQ(keys.begin(call("h", "lost"), at(599))->kind, Kind::in_progress);
  EXPECT_EQ(keys.begin(call("h", "lost"), at(601))->kind, Kind::mine) << "its hub died";
  EXPECT_EQ(keys.begin(call(), at(0))->kind, Kind::mine);
  ASSERT_OK(keys.finish(call(), "a"));
  EXPECT_EQ(keys.begin(call(), at(86'399))->kind, Kind::answered);
  EXPECT_EQ(keys.begin(call("other"), at(86'401))->kind, Kind::mine);
}

TEST_P(StateConformance, KeysHaveALength) {
  auto& keys = state().control().idempotency();
  EXPECT_CODE(keys.begin(call("h", ""), at(0)), invalid_argument);
  EXPECT_CODE(keys.begin(call("h", std::string(256, 'k')), at(0)), invalid_argument);
  EXPECT_EQ(keys.begin(call("h", std::string(255, 'k')), at(0))->kind, Kind::mine);
  EXPECT_CODE(keys.finish(call(), std::string(idempotency_answer_bytes_max + 1, 'a')),
              invalid_argument);
}

TEST_P(StateConformance, OfTwoCallsAtOnceOneIsCarriedOut) {
  const auto other = open_another();
  int mine = 0, others = 0;
  for (int i = 0; i < 20; ++i) {
    const IdempotentCall one = call("h", "k" + std::to_string(i));
    Kind kinds[2] = {};
    std::thread second([&] { kinds[1] = other->control().idempotency().begin(one, at(0))->kind; });
    kinds[0] = state().control().idempotency().begin(one, at(0))->kind;
    second.join();
    for (const Kind kind : kinds) ++(kind == Kind::mine ? mine : others);
  }
  EXPECT_EQ(mine, 20);
  EXPECT_EQ(others, 20);
}

}  // namespace dth::state::testing

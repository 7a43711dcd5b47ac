#include "cloud/aws/renewing.h"

#include <gmock/gmock.h>

#include "cloud/aws/testing/scripted_identity.h"

namespace dth::aws {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Shared = std::shared_ptr<const Credentials>;

// Gives "1", "2", ... that live for `lifetime`; takes `time` for each.
class CountingSource final : public CredentialSource {
 public:
  explicit CountingSource(Clock& clock) : clock_(clock) {}
  Async<Result<Fetched>> fetch() override {
    ++asked;
    auto slept = co_await clock_.sleep_for(time);
    if (slept.has_error()) co_return slept.error();
    if (failure) co_return *failure;
    co_return Fetched{{std::to_string(asked), "secret", "token"}, lifetime};
  }
  int asked = 0;
  std::chrono::milliseconds time{10};
  std::optional<std::chrono::microseconds> lifetime = 1h;
  std::optional<Error> failure;

 private:
  Clock& clock_;
};

class RenewingTest : public ::testing::Test {
 protected:
  RenewingTest() : source(std::make_shared<CountingSource>(clock)) {}

  std::shared_ptr<CredentialProvider> make(std::shared_ptr<SharedCredentials> shared = {}) {
    return make_renewing_provider(source, context.get_executor(), clock, std::move(shared));
  }
  Result<Shared> get_result() { return run_for_test(context, provider->get(), &clock); }
  std::string get() {
    auto got = get_result();
    return got.has_value() ? (*got)->access_key_id : got.error().to_string();
  }

  boost::asio::io_context context;
  SimulatedClock clock;
  std::shared_ptr<CountingSource> source;
  std::shared_ptr<CredentialProvider> provider = make();
};

TEST_F(RenewingTest, WhatLastsIsAskedForOnce) {
  source->lifetime.reset();
  EXPECT_EQ(get(), "1");
  clock.advance(24h * 365);
  EXPECT_EQ(get(), "1");
  EXPECT_EQ(source->asked, 1);
}

TEST_F(RenewingTest, WhatEndsIsRenewedFiveMinutesBefore) {
  EXPECT_EQ(get(), "1");
  clock.advance(54min);
  EXPECT_EQ(get(), "1");
  clock.advance(1min);
  EXPECT_EQ(get(), "2");
  clock.advance(1min);
  EXPECT_EQ(get(), "2");
}

TEST_F(RenewingTest, WhatLivesShortlyIsRenewedHalfway) {
  source->lifetime = 2min;
  EXPECT_EQ(get(), "1");
  clock.advance(59s);
  EXPECT_EQ(get(), "1");
  clock.advance(1s);
  EXPECT_EQ(get(), "2");
}

TEST_F(RenewingTest, ARenewalThatFailsHarmsNobodyBeforeTheEnd) {
  EXPECT_EQ(get(), "1");
  source->failure = Error{ErrorCode::unavailable, "no answer", ""};
  clock.advance(56min);
  EXPECT_EQ(get(), "1");
  EXPECT_EQ(source->asked, 2);
  EXPECT_EQ(get(), "1");
  EXPECT_EQ(source->asked, 2);  // not again at once
  clock.advance(30s);
  EXPECT_EQ(get(), "1");
  EXPECT_EQ(source->asked, 3);
  clock.advance(4min);
  auto ended = get_result();
  EXPECT_EQ(ended.error().code, ErrorCode::unauthenticated);
  EXPECT_THAT(ended.error().message, AllOf(HasSubstr("come to their end"), HasSubstr("no answer")));
  source->failure.reset();
  clock.advance(1s);
  EXPECT_EQ(get(), "5");
}

TEST_F(RenewingTest, AFirstFailureIsToldAsItIs) {
  source->failure = Error{ErrorCode::not_found, "nothing there", "detail"};
  EXPECT_EQ(get_result().error().code, ErrorCode::not_found);
  EXPECT_EQ(get(), "nothing there (detail)");
  EXPECT_EQ(source->asked, 1);  // the same failure for whoever asks in the same moment
  clock.advance(1s);
  EXPECT_EQ(get(), "nothing there (detail)");
  EXPECT_EQ(source->asked, 2);
}

TEST_F(RenewingTest, WhatIsRefusedIsForgotten) {
  Shared first = *get_result();
  provider->forget(first);
  Shared second = *get_result();
  EXPECT_EQ(second->access_key_id, "2");
  provider->forget(first);  // somebody whose request took longer
  EXPECT_EQ(get(), "2");
}

TEST_F(RenewingTest, AClockThatIsWrongIsNoReasonToAskBeforeEveryRequest) {
  source->lifetime = -1h;
  EXPECT_EQ(get(), "1");
  EXPECT_EQ(get(), "1");
  clock.advance(5min);
  EXPECT_EQ(get(), "2");
}

Async<void> get_into(std::shared_ptr<CredentialProvider> provider, std::vector<std::string>* got) {
  auto credentials = co_await provider->get();
  got->push_back(credentials.has_value() ? (*credentials)->access_key_id
                                         : std::string(to_string(credentials.error().code)));
}

class ManyTest : public RenewingTest {
 protected:
  void poll() {
    context.restart();
    while (context.poll() > 0) context.restart();
  }
  void finish() {
    for (;;) {
      poll();
      if (!clock.wake_next()) break;
    }
  }
};

TEST_F(ManyTest, WhoComesWhileOneAsksWaitsForTheSameAnswer) {
  std::vector<std::string> got;
  AsyncScope scope(context.get_executor());
  for (int i = 0; i < 10; ++i) scope.spawn(get_into(provider, &got));
  finish();
  EXPECT_EQ(got, std::vector<std::string>(10, "1"));
  EXPECT_EQ(source->asked, 1);
}

TEST_F(ManyTest, WhileOneRenewsTheOthersGoOnWithWhatIsGood) {
  EXPECT_EQ(get(), "1");
  clock.advance(56min);
  std::vector<std::string> got;
  AsyncScope scope(context.get_executor());
  for (int i = 0; i < 3; ++i) scope.spawn(get_into(provider, &got));
  poll();
  EXPECT_EQ(got, std::vector<std::string>(2, "1"));
  finish();
  EXPECT_EQ(got.back(), "2");
  EXPECT_EQ(source->asked, 2);
}

TEST_F(ManyTest, WhoIsCancelledWhileItAsksLeavesTheTurnToTheNext) {
  std::vector<std::string> cancelled, got;
  AsyncScope first(context.get_executor()), second(context.get_executor());
  first.spawn(get_into(provider, &cancelled));
  poll();
  second.spawn(get_into(provider, &got));
  poll();
  first.request_stop();
  finish();
  EXPECT_EQ(cancelled, std::vector<std::string>{"cancelled"});
  EXPECT_EQ(got, std::vector<std::string>{"2"});
}

TEST_F(ManyTest, LanesShareWhatOneOfThemGot) {
  auto shared = std::make_shared<SharedCredentials>();
  provider = make(shared);
  auto other = make(shared);
  Shared first = *get_result();
  auto second = run_for_test(context, other->get(), &clock);
  EXPECT_EQ(*second, first);
  EXPECT_EQ(source->asked, 1);
  other->forget(first);
  EXPECT_EQ((*run_for_test(context, other->get(), &clock))->access_key_id, "2");
  provider->forget(first);
  EXPECT_EQ(get(), "2");
}

}  // namespace
}  // namespace dth::aws

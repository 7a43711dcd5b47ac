#include "api/testing/transport_fixture.h"

namespace dth::api::testing {
namespace {

using ::testing::HasSubstr;

class EventStreamTest : public TransportTest {
 protected:
  void end_run_later(int seconds) {
    scope_.spawn([](EventStreamTest* test, int after) -> Async<void> {
      auto slept = co_await test->clock_.sleep_for(std::chrono::seconds(after));
      if (slept.has_error()) co_return;
      test->finish_job("r1", {});
      test->end_run("r1", 9);
    }(this, seconds));
  }
  AsyncScope scope_{context_.get_executor()};
};

TEST_F(EventStreamTest, AQueryIsOneEvent) {
  FakeExchange exchange(get("query={hub{version}}", "text/event-stream"));
  handle(serve_event_stream(&service_, exchange));
  ASSERT_TRUE(exchange.answered);
  EXPECT_EQ(exchange.answered->status, 200u);
  EXPECT_EQ(exchange.header("Content-Type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(exchange.stream,
            ":\n\nevent: next\ndata: {\"data\":{\"hub\":{\"version\":\"1.2.3\"}}}\n\nevent: "
            "complete\ndata:\n\n");
}

TEST_F(EventStreamTest, ASubscriptionGoesOnUntilItsEndAndIsKeptAlive) {
  create_run("r1");
  end_run_later(40);
  FakeExchange exchange(post(R"({"query": "subscription { runProgress(id: \"r1\") { state } }"})"));
  handle(serve_event_stream(&service_, exchange));
  const auto event = [](const char* state) {
    return std::string("event: next\ndata: {\"data\":{\"runProgress\":{\"state\":\"") + state +
           "\"}}}\n\n";
  };
  EXPECT_EQ(exchange.stream, ":\n\n" + event("INTERRUPTED") + ":\n\n:\n\n" + event("SUCCEEDED") +
                                 "event: complete\ndata:\n\n");
}

TEST_F(EventStreamTest, WhatCannotBeExecutedIsToldInTheStream) {
  FakeExchange exchange(get("query={nope}"));
  handle(serve_event_stream(&service_, exchange));
  EXPECT_EQ(exchange.answered->status, 200u);
  EXPECT_THAT(exchange.stream, HasSubstr("Cannot query field"));
  EXPECT_THAT(exchange.stream, HasSubstr("event: complete\n"));
  FakeExchange missing(get("query=subscription{runProgress(id:1){id}}"));
  handle(serve_event_stream(&service_, missing));
  EXPECT_THAT(missing.stream, HasSubstr("\"code\":\"NOT_FOUND\""));
}

TEST_F(EventStreamTest, WhatIsNoRequestIsRefused) {
  FakeExchange type(get("query={hub{version}}", "application/json"));
  handle(serve_event_stream(&service_, type));
  EXPECT_EQ(type.answered->status, 406u);
  FakeExchange query(get("", "text/event-stream"));
  handle(serve_event_stream(&service_, query));
  EXPECT_EQ(query.answered->status, 400u);
}

TEST_F(EventStreamTest, TheEndOfASessionEndsTheStream) {
  create_run("r1");
  auto principal = std::make_shared<Principal>(*administrator());
  net::ServerRequest request = get("query=subscription{runProgress(id:%22r1%22){state}}");
  request.context = std::shared_ptr<const Principal>(principal);
  FakeExchange exchange(std::move(request));
  scope_.spawn([](Clock* clock, std::shared_ptr<Principal> whose) -> Async<void> {
    auto slept = co_await clock->sleep_for(std::chrono::seconds(2));
    if (!slept.has_error()) whose->has_ended = true;
  }(&clock_, principal));
  const MonotonicTime begun = clock_.monotonic_now();
  handle(serve_event_stream(&service_, exchange));
  EXPECT_LT(clock_.monotonic_now() - begun, std::chrono::seconds(3));
  EXPECT_THAT(exchange.stream, HasSubstr("INTERRUPTED"));
  EXPECT_THAT(exchange.stream, ::testing::Not(HasSubstr("complete")));
}

TEST_F(EventStreamTest, OnlyAdministratorsAreToldWhereFilesAre) {
  GraphqlService service{*engine_,   *engine_, metrics_,
                         admission_, clock_,   {.host_places = {"/srv/state"}}};
  for (const state::Role role : {state::Role::admin, state::Role::operator_}) {
    auto principal = std::make_shared<Principal>(*administrator());
    principal->role = role;
    net::ServerRequest request = get("query=subscription{runProgress(id:%22/srv/state%22){id}}");
    request.context = std::shared_ptr<const Principal>(principal);
    FakeExchange exchange(std::move(request));
    handle(serve_event_stream(&service, exchange));
    EXPECT_THAT(exchange.stream, HasSubstr("NOT_FOUND"));
    EXPECT_EQ(exchange.stream.find("/srv/state") != std::string::npos, role == state::Role::admin);
  }
}

TEST_F(EventStreamTest, AClientThatIsGoneEndsTheStream) {
  create_run("r1");
  FakeExchange exchange(get("query=subscription{runProgress(id:%22r1%22){state}}"));
  exchange.stream_bytes_max = 100;
  end_run_later(1000);
  handle(serve_event_stream(&service_, exchange));
  EXPECT_THAT(exchange.stream, HasSubstr("INTERRUPTED"));
  EXPECT_THAT(exchange.stream, ::testing::Not(HasSubstr("complete")));
  scope_.request_stop();
}

}  // namespace
}  // namespace dth::api::testing

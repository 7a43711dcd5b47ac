#include "api/testing/transport_fixture.h"

namespace dth::api::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr const char* init = R"({"type":"connection_init"})";
constexpr const char* ack = R"({"type":"connection_ack"})";

std::string subscribe(const std::string& id, const std::string& query) {
  return R"({"type":"subscribe","id":")" + id + R"(","payload":{"query":)" +
         boost::json::serialize(boost::json::string(query)) + "}}";
}
std::string complete(const std::string& id) {
  return R"({"type":"complete","id":")" + id + R"("})";
}

class WebSocketSessionTest : public TransportTest {
 protected:
  // What the client of that script was sent.
  std::vector<std::string> serve(std::vector<FakeWebSocket::Step> script) {
    FakeWebSocket socket(clock_, std::move(script));
    socket.takes_nothing = takes_nothing_;
    FakeExchange exchange(get(""), &socket);
    handle(serve_websocket(&service_, exchange));
    code_ = socket.code.value_or(0);
    return socket.sent;
  }
  unsigned code_ = 0;  // of the close frame; 0: none was sent
  bool takes_nothing_ = false;
};

TEST_F(WebSocketSessionTest, AQueryIsAnsweredAndCompleted) {
  EXPECT_THAT(
      serve({init, subscribe("1", "{ hub { version } }"), 1s}),
      ElementsAre(ack, R"({"id":"1","type":"next","payload":{"data":{"hub":{"version":"1.2.3"}}}})",
                  R"({"id":"1","type":"complete"})"));
  EXPECT_EQ(code_, 0u) << "the client closed the socket";
  EXPECT_THAT(metrics_.text(), HasSubstr("dth_websockets 0\n"));
}

TEST_F(WebSocketSessionTest, ASubscriptionLastsUntilTheClientCompletesIt) {
  create_run("r1");
  const auto sent =
      serve({init, subscribe("a", "subscription { runProgress(id: \"r1\") { state } }"), 3s,
             complete("a"), 3s, subscribe("a", "{ hub { version } }"), 1s});
  EXPECT_THAT(
      sent,
      ElementsAre(
          ack,
          R"({"id":"a","type":"next","payload":{"data":{"runProgress":{"state":"INTERRUPTED"}}}})",
          R"({"id":"a","type":"next","payload":{"data":{"hub":{"version":"1.2.3"}}}})",
          R"({"id":"a","type":"complete"})"));
  EXPECT_EQ(watchers_.watched(), 0u) << "nobody watches any more";
}

TEST_F(WebSocketSessionTest, WhatCannotBeExecutedIsAnErrorOfItsOperation) {
  const auto sent = serve({init, subscribe("1", "{ nope }"),
                           subscribe("2", "subscription { runProgress(id: \"x\") { id } }"),
                           subscribe("3", "{ hub { version } }"), 1s});
  ASSERT_EQ(sent.size(), 5u);
  EXPECT_THAT(sent, ::testing::Contains(HasSubstr(
                        R"({"id":"1","type":"error","payload":[{"message":"Cannot query field)")));
  EXPECT_THAT(sent, ::testing::Contains(::testing::AllOf(HasSubstr(R"("id":"2","type":"error")"),
                                                         HasSubstr("NOT_FOUND"))));
}

TEST_F(WebSocketSessionTest, WhoDoesNotInitialiseIsClosed) {
  EXPECT_THAT(serve({60s}), ElementsAre());
  EXPECT_EQ(code_, 4408u);
  EXPECT_THAT(serve({init, 60s, R"({"type":"ping"})"}), ElementsAre(ack, R"({"type":"pong"})"));
  EXPECT_EQ(code_, 0u);
}

TEST_F(WebSocketSessionTest, NothingIsReadAfterABreachOfTheProtocol) {
  EXPECT_THAT(serve({init, "no message", R"({"type":"ping"})"}), ElementsAre(ack));
  EXPECT_EQ(code_, 4400u);
  EXPECT_THAT(serve({subscribe("1", "{ hub { version } }")}), ElementsAre());
  EXPECT_EQ(code_, 4401u);
  EXPECT_THAT(serve({init, init}), ElementsAre(ack));
  EXPECT_EQ(code_, 4429u);
}

TEST_F(WebSocketSessionTest, OperationsInUseEndWithTheirSocket) {
  create_run("r1");
  const std::string watch = "subscription { runProgress(id: \"r1\") { state } }";
  const auto sent =
      serve({init, subscribe("1", watch), subscribe("2", watch), subscribe("3", watch),
             subscribe("4", watch), 1s, subscribe("1", watch)});
  EXPECT_EQ(code_, 4409u);
  EXPECT_EQ(sent.size(), 5u);
  EXPECT_THAT(sent, ::testing::Contains(HasSubstr("THROTTLED")));
  auto slept = run(clock_.sleep_for(2s));
  ASSERT_TRUE(slept.has_value());
  EXPECT_EQ(watchers_.watched(), 0u);
}

TEST_F(WebSocketSessionTest, AClientThatDoesNotReadIsGivenUp) {
  takes_nothing_ = true;
  EXPECT_THAT(serve({init, 3600s}), ElementsAre());
  EXPECT_EQ(code_, 0u);
}

}  // namespace
}  // namespace dth::api::testing

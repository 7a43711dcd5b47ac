#include "api/websocket_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::api {
namespace {

using Protocol = WebSocketProtocol;
using testing::HasSubstr;

class WebSocketProtocolTest : public testing::Test {
 protected:
  // What is to be done, in a word.
  std::string tell(const Protocol::Action& action) {
    if (const auto* send = std::get_if<Protocol::Send>(&action)) return "send " + send->text;
    if (const auto* begin = std::get_if<Protocol::Begin>(&action))
      return "begin " + std::to_string(begin->operation) + " " + begin->request.query;
    if (const auto* stop = std::get_if<Protocol::Stop>(&action))
      return "stop " + std::to_string(stop->operation);
    if (const auto* close = std::get_if<Protocol::Close>(&action)) {
      EXPECT_LE(close->reason.size(), Protocol::reason_bytes_max);
      return "close " + std::to_string(close->code) + " " + close->reason;
    }
    return "nothing";
  }
  std::string on(std::string_view text) { return tell(protocol_.on_message(text)); }
  std::string subscribe(const std::string& id, const std::string& query = "{a}") {
    return on(R"({"id":")" + id + R"(","type":"subscribe","payload":{"query":")" + query +
              R"("}})");
  }
  void initialise() {
    ASSERT_EQ(on(R"({"type":"connection_init"})"), R"(send {"type":"connection_ack"})");
  }

  Protocol protocol_{3};
};

TEST_F(WebSocketProtocolTest, AnOperationFromItsBeginningToItsEnd) {
  initialise();
  EXPECT_EQ(subscribe("x"), "begin 1 {a}");
  graphql::Response response{boost::json::value(boost::json::object{{"a", 1}}), {}};
  EXPECT_EQ(protocol_.next(1, graphql::to_json_text(response)),
            R"({"id":"x","type":"next","payload":{"data":{"a":1}}})");
  EXPECT_EQ(protocol_.complete(1), R"({"id":"x","type":"complete"})");
  EXPECT_EQ(protocol_.next(1, graphql::to_json_text(response)), std::nullopt) << "it is over";
  EXPECT_EQ(protocol_.complete(1), std::nullopt);
  EXPECT_EQ(protocol_.operations(), 0u);
}

TEST_F(WebSocketProtocolTest, AnErrorEndsAnOperation) {
  initialise();
  subscribe("x\\\"\\u0001");
  const auto text = protocol_.error(1, {{"wrong"}});
  ASSERT_TRUE(text);
  const auto message = boost::json::parse(*text).as_object();
  EXPECT_EQ(message.at("id"), "x\"\x01");
  EXPECT_EQ(message.at("type"), "error");
  EXPECT_EQ(message.at("payload").at(0).at("message"), "wrong");
  EXPECT_EQ(message.at("payload").at(0).at("extensions").at("code"), "BAD_USER_INPUT");
  EXPECT_EQ(protocol_.complete(1), std::nullopt) << "no complete follows";
}

TEST_F(WebSocketProtocolTest, AClientCompletesAndUsesTheIdAgain) {
  initialise();
  subscribe("x");
  EXPECT_EQ(on(R"({"id":"x","type":"complete"})"), "stop 1");
  EXPECT_FALSE(protocol_.is_active(1));
  EXPECT_EQ(on(R"({"id":"x","type":"complete"})"), "nothing") << "as both may complete at once";
  EXPECT_EQ(subscribe("x"), "begin 2 {a}");
  EXPECT_EQ(protocol_.next(1, {}), std::nullopt)
      << "the old operation says nothing under the new one's id";
  EXPECT_TRUE(protocol_.complete(2));
}

TEST_F(WebSocketProtocolTest, Initialisation) {
  EXPECT_EQ(subscribe("x"), "close 4401 Unauthorized");
  EXPECT_EQ(tell(protocol_.on_initialisation_timeout()),
            "close 4408 Connection initialisation timeout");
  EXPECT_EQ(on(R"({"type":"connection_init","payload":{"token":"t"}})"),
            R"(send {"type":"connection_ack"})");
  EXPECT_EQ(tell(protocol_.on_initialisation_timeout()), "nothing");
  EXPECT_EQ(on(R"({"type":"connection_init"})"), "close 4429 Too many initialisation requests");
}

TEST_F(WebSocketProtocolTest, PingsAreAnsweredAlsoBeforeInitialisation) {
  EXPECT_EQ(on(R"({"type":"ping"})"), R"(send {"type":"pong"})");
  EXPECT_EQ(on(R"({"type":"ping","payload":null})"), R"(send {"type":"pong"})");
  EXPECT_EQ(on(R"({"type":"pong","payload":{}})"), "nothing");
}

TEST_F(WebSocketProtocolTest, WhatIsNoMessageClosesTheSocket) {
  initialise();
  for (const char* bad : {"", "x", "[]", "7", "{}", R"({"type":1})", R"({"type":"start"})",
                          R"({"type":"next","id":"1"})", R"({"type":"ping","payload":1})",
                          R"({"type":"subscribe"})", R"({"type":"subscribe","id":"1"})",
                          R"({"type":"subscribe","id":1,"payload":{"query":"{a}"}})",
                          R"({"type":"subscribe","id":"","payload":{"query":"{a}"}})",
                          R"({"type":"subscribe","id":"1","payload":null})",
                          R"({"type":"subscribe","id":"1","payload":{"query":1}})",
                          R"({"type":"complete"})", "{\"type\":\"ping\"}\xff"}) {
    EXPECT_THAT(on(bad), HasSubstr("close 4400 ")) << bad;
  }
  EXPECT_THAT(subscribe(std::string(1000, 'x')), HasSubstr("close 4400 "));
}

TEST_F(WebSocketProtocolTest, AnIdInUseClosesTheSocket) {
  initialise();
  subscribe("x");
  EXPECT_EQ(subscribe("x"), "close 4409 Subscriber for x already exists");
  subscribe(std::string(200, 'y'));
  EXPECT_THAT(subscribe(std::string(200, 'y')), HasSubstr("close 4409 "));
}

TEST_F(WebSocketProtocolTest, OperationsAreBounded) {
  initialise();
  for (const char* id : {"1", "2", "3"}) EXPECT_THAT(subscribe(id), HasSubstr("begin"));
  const std::string refused = subscribe("4");
  EXPECT_THAT(refused, HasSubstr(R"(send {"id":"4","type":"error")"));
  EXPECT_THAT(refused, HasSubstr("THROTTLED"));
  protocol_.complete(2);
  EXPECT_THAT(subscribe("4"), HasSubstr("begin"));
}

}  // namespace
}  // namespace dth::api

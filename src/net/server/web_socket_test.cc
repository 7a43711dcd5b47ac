#include <sys/resource.h>

#include "net/server/testing/running_server.h"
#include "net/server/web_socket_frames.h"

namespace dth::net {
namespace {

using testing::echo_route;
using testing::eventually;
using ::testing::HasSubstr;
using testing::RawClient;
using testing::RunningServer;

constexpr std::size_t message_bytes_max = 100'000;

// Sends back what comes; "close" closes, "throw" throws; what ended it goes to /last.
class EchoSocket {
 public:
  Route route() {
    return {"/ws", false, {"GET"}, [this](ServerExchange& exchange) { return serve(exchange); }, 0};
  }
  std::string end() {
    const std::lock_guard lock(mutex_);
    return end_;
  }

 private:
  void keep(std::string end) {
    const std::lock_guard lock(mutex_);
    end_ = std::move(end);
  }
  Async<void> serve(ServerExchange& exchange) {
    std::vector<std::string> subprotocols{"echo", "echo-2"};
    auto socket = co_await exchange.accept_websocket(std::move(subprotocols), message_bytes_max);
    if (socket == nullptr) co_return;
    for (;;) {
      auto message = co_await socket->receive();
      if (message.has_error()) {
        keep(std::string(to_string(message.error().code)));
        co_return;
      }
      if (!*message) {
        keep("closed");
        co_return;
      }
      if (**message == "close") co_await socket->close(4000, "as you like");
      if (**message == "throw") throw std::runtime_error("thrown");
      if (**message == "return") co_return;
      if (**message == "protocol") *message = std::string(socket->subprotocol());
      static_cast<void>(co_await socket->send(std::move(**message)));
    }
  }
  std::mutex mutex_;
  std::string end_;
};

class WebSocketTest : public ::testing::Test {
 protected:
  ServerOptions options() {
    ServerOptions options;
    options.routes = {echo_.route(), echo_route("/a")};
    return options;
  }
  RawClient open(RunningServer& server,
                 std::string_view lines = "Sec-WebSocket-Protocol: echo\r\n") {
    RawClient client(server.port());
    EXPECT_EQ(client.open_websocket("/ws", lines).status, 101u);
    return client;
  }
  // What a client that sends `bytes` is told at the end.
  std::uint16_t close_code_after(const std::string& bytes) {
    RunningServer server(options());
    RawClient client = open(server);
    client.send(bytes);
    const auto frame = client.read_frame();
    EXPECT_EQ(frame.opcode, 8u);
    EXPECT_TRUE(client.is_closed());
    server.access(0);
    return frame.close_code();
  }
  EchoSocket echo_;
};

TEST_F(WebSocketTest, EchoesTexts) {
  RunningServer server(options());
  RawClient client(server.port());
  const auto answer = client.open_websocket("/ws", "Sec-WebSocket-Protocol: other, echo-2\r\n");
  EXPECT_EQ(answer.status, 101u);
  EXPECT_EQ(answer.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(answer.header("Sec-WebSocket-Protocol"), "echo-2");
  EXPECT_EQ(answer.header("Upgrade"), "websocket");
  EXPECT_FALSE(answer.has_header("Sec-WebSocket-Extensions"));
  EXPECT_FALSE(answer.has_header("Content-Length"));
  for (const std::string& text : {std::string("hello"), std::string(), std::string(125, 'a'),
                                  std::string(126, 'b'), std::string(70'000, 'c')}) {
    client.send(RawClient::frame(1, text));
    const auto frame = client.read_frame();
    EXPECT_EQ(frame.opcode, 1u);
    EXPECT_TRUE(frame.final);
    EXPECT_EQ(frame.payload, text);
  }
  client.send(RawClient::frame(1, "in ", false) + RawClient::frame(9, "ping") +
              RawClient::frame(0, "parts"));
  const auto pong = client.read_frame();
  EXPECT_EQ(pong.opcode, 10u);
  EXPECT_EQ(pong.payload, "ping");
  EXPECT_EQ(client.read_frame().payload, "in parts");
  client.send(RawClient::frame(1, "protocol"));
  EXPECT_EQ(client.read_frame().payload, "echo-2");
}

TEST_F(WebSocketTest, FramesMayComeWithTheHandshake) {
  RunningServer server(options());
  RawClient client(server.port());
  client.send(
      "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: "
      "Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: echo\r\n\r\n" +
      RawClient::frame(1, "early"));
  EXPECT_EQ(client.read_answer().status, 101u);
  EXPECT_EQ(client.read_frame().payload, "early");
}

TEST_F(WebSocketTest, WhoIsNoWebSocketIsRefused) {
  RunningServer server(options());
  RawClient client(server.port());
  EXPECT_EQ(client.exchange("GET /ws HTTP/1.1\r\nHost: h\r\n\r\n").status, 400u);
  EXPECT_EQ(client.open_websocket("/ws", "Sec-WebSocket-Protocol: strange\r\n").status, 400u);
  EXPECT_EQ(client.open_websocket("/ws").status, 400u);
  EXPECT_EQ(
      client
          .exchange(
              "GET /a HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
          .body,
      "GET /a");
}

TEST_F(WebSocketTest, ClosingIsAnswered) {
  RunningServer server(options());
  RawClient client = open(server);
  client.send(RawClient::frame(8,
                               "\x0f\xa1"
                               "bye"));
  const auto frame = client.read_frame();
  EXPECT_EQ(frame.opcode, 8u);
  EXPECT_EQ(frame.close_code(), 4001u);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(server.access(0).status, 101u);
  EXPECT_EQ(echo_.end(), "closed");
}

TEST_F(WebSocketTest, HandlersClose) {
  RunningServer server(options());
  const auto closed_with = [&](const char* wish) {
    RawClient client = open(server);
    client.send(RawClient::frame(1, wish));
    const auto frame = client.read_frame();
    EXPECT_EQ(frame.opcode, 8u);
    client.send(RawClient::frame(1, "too late") + RawClient::frame(8, frame.payload));
    EXPECT_TRUE(client.is_closed());
    return frame.close_code();
  };
  EXPECT_EQ(closed_with("close"), 4000u);
  EXPECT_EQ(closed_with("return"), 1000u);
  EXPECT_EQ(closed_with("throw"), 1011u);
  server.access(2);
  EXPECT_THAT(server.problems().at(0), HasSubstr("thrown"));
}

TEST_F(WebSocketTest, BrokenFramesEndIt) {
  EXPECT_EQ(close_code_after("\x81\x05hello"), close_code::protocol_error);
  EXPECT_EQ(echo_.end(), "invalid_argument");
  EXPECT_EQ(close_code_after("\xc1" + RawClient::frame(1, "a").substr(1)),
            close_code::protocol_error);
  EXPECT_EQ(close_code_after(RawClient::frame(0, "a")), close_code::protocol_error);
  EXPECT_EQ(close_code_after(RawClient::frame(9, "a", false)), close_code::protocol_error);
  EXPECT_EQ(close_code_after(RawClient::frame(2, "binary")), close_code::unsupported_data);
  EXPECT_EQ(close_code_after(RawClient::frame(1, "\xc0\xaf")), close_code::bad_payload);
  EXPECT_EQ(close_code_after(RawClient::frame(1, std::string(message_bytes_max + 1, 'a'))),
            close_code::too_big);
  EXPECT_EQ(close_code_after("GET / HTTP/1.1\r\n\r\n"), close_code::protocol_error);
}

TEST_F(WebSocketTest, WhoAnswersNoPingsIsLeft) {
  ServerOptions options = this->options();
  options.limits.ping_interval = std::chrono::milliseconds(1000);
  RunningServer server(std::move(options));
  RawClient client = open(server);
  int pings = 0;
  while (client.read_frame().opcode == 9) {
    if (++pings == 1) client.send(RawClient::frame(10, ""));
  }
  EXPECT_EQ(pings, 3);
  EXPECT_TRUE(client.is_closed());
  server.access(0);
  EXPECT_EQ(echo_.end(), "timeout");
}

TEST_F(WebSocketTest, WhoVanishesIsNoticed) {
  RunningServer server(options());
  RawClient client = open(server);
  client.reset();
  server.access(0);
  EXPECT_EQ(echo_.end(), "closed");
  EXPECT_TRUE(eventually(server, [](HttpServer& it) { return it.connections() == 0; }));
}

TEST_F(WebSocketTest, WhoDoesNotReadIsLeft) {
  ServerOptions options = this->options();
  options.limits.write_timeout = std::chrono::milliseconds(30);
  RunningServer server(std::move(options));
  RawClient client = open(server);
  client.receive_little();
  // Echoes that nobody takes, until the server has enough.
  const std::string frame = RawClient::frame(1, std::string(90'000, 'x'));
  while (client.send(frame)) {
  }
  EXPECT_EQ(server.access(0).status, 101u);
}

TEST_F(WebSocketTest, StoppingSaysGoodbye) {
  ServerOptions options = this->options();
  options.limits.stop_timeout = std::chrono::milliseconds(300);
  RunningServer server(std::move(options));
  RawClient answering = open(server), silent = open(server);
  server.request_stop();
  const auto frame = answering.read_frame();
  EXPECT_EQ(frame.close_code(), close_code::going_away);
  answering.send(RawClient::frame(8, frame.payload));
  EXPECT_TRUE(answering.is_closed());
  EXPECT_EQ(silent.read_frame().close_code(), close_code::going_away);
  server.join();  // the silent one is not waited for without end
}

TEST_F(WebSocketTest, AThousandIdleSocketsAndOthersBeside) {
  // Both ends are in this process.
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  RunningServer server(options());
  std::vector<RawClient> idle;
  for (int i = 0; i < 1000; ++i) idle.push_back(open(server));
  RawClient other(server.port());
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(other.exchange("GET /a HTTP/1.1\r\nHost: h\r\n\r\n").body, "GET /a");
  for (std::size_t i = 0; i < idle.size(); i += 100) {
    idle[i].send(RawClient::frame(1, "awake"));
    EXPECT_EQ(idle[i].read_frame().payload, "awake");
  }
  EXPECT_TRUE(eventually(server, [](HttpServer& it) { return it.connections() == 1001; }));
  idle.clear();
  EXPECT_TRUE(eventually(server, [](HttpServer& it) { return it.connections() == 1; }));
}

}  // namespace
}  // namespace dth::net

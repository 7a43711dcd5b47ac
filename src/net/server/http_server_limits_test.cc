#include <atomic>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/server/http_server.h"
#include "net/server/testing/running_server.h"

namespace dth::net {
namespace {

using testing::echo_route;
using testing::eventually;
using testing::RawClient;
using testing::RunningServer;

constexpr std::chrono::milliseconds tiny{30};
// For what a client has to do something in.
constexpr std::chrono::milliseconds one_second{1000};
const std::string request = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

std::atomic<int> waiting{0};

// Waits until it is cancelled.
Async<void> wait_for_ever() {
  ++waiting;
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                  std::chrono::steady_clock::time_point::max());
  boost::system::error_code ignored;
  co_await timer.async_wait(boost::asio::redirect_error(use_async, ignored));
  --waiting;
}

// Until so many handlers wait.
bool wait_for_handlers(RunningServer& server, int count) {
  return eventually(server, [count](HttpServer&) { return waiting == count; });
}

Async<void> answer_never(ServerExchange& exchange) {
  co_await wait_for_ever();
  ServerResponse answer{200, {}, exchange.is_stopping() ? "stopping" : "cancelled"};
  static_cast<void>(co_await exchange.answer(std::move(answer)));
}

Async<void> stream_for_ever(ServerExchange& exchange) {
  ServerResponse answer{200, {}, "begun"};
  static_cast<void>(co_await exchange.begin_stream(std::move(answer)));
  co_await wait_for_ever();
  static_cast<void>(co_await exchange.write(exchange.is_stopping() ? "stopping" : "cancelled"));
}

Async<void> stream_without_end(ServerExchange& exchange) {
  ServerResponse answer;
  static_cast<void>(co_await exchange.begin_stream(std::move(answer)));
  for (;;) {
    const auto written = co_await exchange.write(std::string(256 * 1024, 'x'));
    if (written.has_error()) co_return;
  }
}

Async<void> receive_one(ServerExchange& exchange) {
  std::vector<std::string> none;
  auto socket = co_await exchange.accept_websocket(std::move(none), 1000);
  if (socket) static_cast<void>(co_await socket->receive());
}

ServerOptions limited() {
  ServerOptions options;
  options.routes = {echo_route("/a"), echo_route("/post", {"POST"}, 1000),
                    Route{"/never", false, {"GET"}, answer_never},
                    Route{"/stream", false, {"GET"}, stream_for_ever},
                    Route{"/flood", false, {"GET"}, stream_without_end}};
  return options;
}

TEST(HttpServerLimitsTest, SlowHeadsAreRefused) {
  ServerOptions options = limited();
  options.limits.head_timeout = one_second;
  RunningServer server(std::move(options));
  RawClient client(server.port());
  client.send("GET /a HTTP/1.1\r\nHos");
  EXPECT_EQ(client.read_answer().status, 408u);
  EXPECT_TRUE(client.is_closed());
  RawClient silent(server.port());
  EXPECT_TRUE(silent.is_closed());
  EXPECT_EQ(server.access(0).status, 408u);
  EXPECT_EQ(server.access_count(), 1u);
}

TEST(HttpServerLimitsTest, AHeadInDripsHasNoMoreTime) {
  ServerOptions options = limited();
  options.limits.head_timeout = one_second;
  RunningServer server(std::move(options));
  RawClient client(server.port());
  // Until the server has enough of it; each line comes within the time for all.
  const auto dripping = [&] { return client.send("X-A: b\r\n"); };
  client.send("GET /a HTTP/1.1\r\n");
  while (server.access_count() == 0 && dripping()) std::this_thread::yield();
  const unsigned status = server.access(0).status;
  EXPECT_TRUE(status == 408 || status == 431) << status;
}

TEST(HttpServerLimitsTest, SlowBodiesAreRefused) {
  ServerOptions options = limited();
  options.limits.body_timeout = tiny;
  RunningServer server(std::move(options));
  RawClient client(server.port());
  EXPECT_EQ(
      client.exchange("POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc").status,
      408u);
  EXPECT_TRUE(client.is_closed());
  RawClient chunked(server.port());
  EXPECT_EQ(
      chunked
          .exchange("POST /post HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
          .status,
      408u);
}

TEST(HttpServerLimitsTest, IdleConnectionsAreClosedWithoutAWord) {
  ServerOptions options = limited();
  options.limits.idle_timeout = tiny;
  RunningServer server(std::move(options));
  RawClient client(server.port());
  EXPECT_EQ(client.exchange(request).status, 200u);
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(server.access_count(), 1u);
}

TEST(HttpServerLimitsTest, WhoDoesNotReadIsLeft) {
  ServerOptions options = limited();
  options.limits.write_timeout = tiny;
  RunningServer server(std::move(options));
  RawClient client(server.port());
  client.receive_little();
  client.send("GET /flood HTTP/1.1\r\nHost: h\r\n\r\n");
  const AccessRecord record = server.access(0);
  EXPECT_EQ(record.path, "/flood");
  EXPECT_LT(record.body_bytes, 64u << 20);  // no more than kernels hold
  EXPECT_TRUE(eventually(server, [](HttpServer& it) { return it.connections() == 0; }));
}

TEST(HttpServerLimitsTest, AConnectionServesSoManyRequests) {
  ServerOptions options = limited();
  options.limits.requests_per_connection_max = 2;
  RunningServer server(std::move(options));
  RawClient client(server.port());
  client.send(request + request + request);
  EXPECT_FALSE(client.read_answer().has_header("Connection"));
  EXPECT_EQ(client.read_answer().header("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(HttpServerLimitsTest, TooManyConnectionsAreTurnedAway) {
  ServerOptions options = limited();
  options.limits.connections_max = 2;
  RunningServer server(std::move(options));
  RawClient first(server.port()), second(server.port());
  EXPECT_EQ(first.exchange(request).status, 200u);
  EXPECT_EQ(second.exchange(request).status, 200u);
  RawClient third(server.port());
  EXPECT_EQ(third.exchange(request).status, 503u);
  EXPECT_TRUE(third.is_closed());
  { RawClient leaving(std::move(second)); }
  EXPECT_TRUE(eventually(server, [](HttpServer& it) { return it.connections() == 1; }));
  RawClient fourth(server.port());
  EXPECT_EQ(fourth.exchange(request).status, 200u);
}

TEST(HttpServerLimitsTest, TooManyConnectionsOfOneAddress) {
  ServerOptions options = limited();
  options.limits.connections_per_client_max = 1;
  RunningServer server(std::move(options));
  {
    RawClient first(server.port());
    EXPECT_EQ(first.exchange(request).status, 200u);
    RawClient second(server.port());
    EXPECT_EQ(second.exchange(request).status, 503u);
  }
  EXPECT_TRUE(eventually(server, [](HttpServer& it) { return it.connections() == 0; }));
  RawClient third(server.port());
  EXPECT_EQ(third.exchange(request).status, 200u);
}

TEST(HttpServerLimitsTest, AHandlerIsCancelledWhenItsClientGoes) {
  RunningServer server(limited());
  RawClient gone(server.port()), reset(server.port()), streaming(server.port());
  for (RawClient* client : {&gone, &reset}) client->send("GET /never HTTP/1.1\r\nHost: h\r\n\r\n");
  streaming.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(streaming.read_until("begun\r\n"), "");
  EXPECT_TRUE(wait_for_handlers(server, 3));
  { RawClient leaving(std::move(gone)); }
  reset.reset();
  { RawClient leaving(std::move(streaming)); }
  EXPECT_TRUE(eventually(server, [](HttpServer& it) { return it.connections() == 0; }));
  EXPECT_EQ(server.access_count(), 3u);
}

TEST(HttpServerLimitsTest, StoppingEndsIdleConnectionsAndStreamsAtOnce) {
  RunningServer server(limited());
  RawClient idle(server.port()), fresh(server.port()), streaming(server.port());
  EXPECT_EQ(idle.exchange(request).status, 200u);
  streaming.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(streaming.read_until("begun\r\n"), "");
  EXPECT_TRUE(eventually(server, [](HttpServer& it) { return it.connections() == 3; }));
  server.request_stop();
  EXPECT_TRUE(idle.is_closed());
  EXPECT_TRUE(fresh.is_closed());
  EXPECT_EQ(streaming.read_to_end(), "8\r\nstopping\r\n0\r\n\r\n");
  server.join();
}

TEST(HttpServerLimitsTest, StoppingLetsRequestsEnd) {
  RunningServer server(limited());
  RawClient client(server.port());
  client.send(
      "POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  server.request_stop();
  const std::uint16_t port = server.port();
  client.send("body" + request);
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.body, "POST /post body");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
  server.join();
  EXPECT_THROW(RawClient{port}, std::runtime_error);
}

TEST(HttpServerLimitsTest, StoppingCutsOffWhatDoesNotEnd) {
  ServerOptions options = limited();
  options.limits.stop_timeout = tiny;
  RunningServer server(std::move(options));
  RawClient client(server.port()), flooded(server.port());
  client.send("GET /never HTTP/1.1\r\nHost: h\r\n\r\n");
  flooded.send("GET /flood HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(flooded.read_exactly(1000), "");
  EXPECT_TRUE(wait_for_handlers(server, 1));
  server.request_stop();
  server.join();
  EXPECT_EQ(server.access_count(), 2u);
}

TEST(HttpServerLimitsTest, ReservedRoutesAreServedBeyondTheLimits) {
  ServerOptions options = limited();
  options.limits.connections_per_client_max = 2;
  options.limits.connections_reserved = 2;
  options.routes.push_back(echo_route("/health"));
  options.routes.back().is_reserved = true;
  RunningServer server(std::move(options));
  RawClient first(server.port()), second(server.port());
  EXPECT_EQ(first.exchange(request).status, 200u);
  EXPECT_EQ(second.exchange(request).status, 200u);
  const std::string health = "GET /health HTTP/1.1\r\nHost: h\r\n\r\n";
  for (int i = 0; i < 5; ++i) {
    RawClient looking(server.port());
    const auto answer = looking.exchange(health);
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(looking.is_closed());
  }
  // Those that say nothing give way, the oldest first.
  RawClient silent(server.port()), silent_too(server.port()), third(server.port());
  EXPECT_TRUE(silent.is_closed());
  EXPECT_EQ(third.exchange(health).status, 200u);
  RawClient other(server.port());
  const auto refused = other.exchange(request);
  EXPECT_EQ(refused.status, 503u);
  EXPECT_EQ(refused.header("Retry-After"), "1");
}

TEST(HttpServerLimitsTest, BodiesThatDoNotFitIntoTheMemoryAreRefused) {
  ByteBudget budget(256 * 1024);
  const auto share = std::make_shared<ByteBudget::Share>();
  ServerOptions options = limited();
  options.routes.push_back(echo_route("/large", {"POST"}, 1 << 20));
  options.memory_of = [&](const std::string&) { return ByteOwner{&budget, share}; };
  RunningServer server(std::move(options));
  RawClient client(server.port());
  const std::string body(500'000, 'x');
  client.send("POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\n" + body);
  EXPECT_EQ(client.read_answer().status, 503u);
  EXPECT_TRUE(client.is_closed());
  RawClient small(server.port());
  EXPECT_EQ(
      small.exchange("POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody").status,
      200u);
  EXPECT_GT(budget.peak_bytes(), 16u * 1024);
}

TEST(HttpServerLimitsTest, AMessageThatIsNotWholeInTimeEndsItsSocket) {
  ServerOptions options = limited();
  options.limits.body_timeout = tiny;
  options.routes.push_back(Route{
      "/socket", false, {"GET"}, [](ServerExchange& exchange) { return receive_one(exchange); }});
  RunningServer server(std::move(options));
  RawClient client(server.port());
  EXPECT_EQ(client.open_websocket("/socket").status, 101u);
  client.send(std::string("\x01\x85\0\0\0\0ab", 8));  // two bytes of five, and not the last frame
  EXPECT_EQ(client.read_frame().close_code(), 1008u);
}

}  // namespace
}  // namespace dth::net

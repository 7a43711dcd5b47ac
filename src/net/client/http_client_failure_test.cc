#include <future>

#include <boost/asio/redirect_error.hpp>
#include <gmock/gmock.h>

#include "base/async_scope.h"
#include "net/client/proxy.h"
#include "net/client/testing/client_fixture.h"

namespace dth::net {
namespace {

using testing::ClientTest;
using ::testing::HasSubstr;
using testing::ok;
using testing::Peer;
using testing::PiecesBody;
using testing::ScriptedServer;
using namespace std::chrono_literals;

class FailureTest : public ClientTest {
 protected:
  static void stall(Peer& peer) { peer.wait_for_close(); }

  static Async<void> fetch_into(HttpClient& client, HttpOrigin origin, Body* body,
                                std::optional<Error>* failure, boost::asio::io_context* context) {
    HttpRequest request;
    if (body != nullptr) request.method = "PUT";
    auto answer = co_await fetch(client, origin, request, body);
    if (answer.has_error()) *failure = answer.error();
    context->stop();
  }

  // Runs a request that is cancelled when `when` is ready.
  std::optional<Error> cancelled_fetch(HttpOrigin origin, Body* body, std::future<void> when) {
    AsyncScope scope(context.get_executor());
    std::optional<Error> failure;
    scope.spawn(fetch_into(client(), std::move(origin), body, &failure, &context));
    std::thread canceller([&] {
      when.wait();
      boost::asio::post(context, [&] { scope.request_stop(); });
    });
    context.restart();
    context.run();
    canceller.join();
    return failure;
  }
};

TEST_F(FailureTest, NobodyListens) {
  std::uint16_t port = 0;
  {
    ScriptedServer server({});
    port = server.port();
  }
  auto answer = fetch(plain(port));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_THAT(answer.error().message,
              HasSubstr("cannot connect to http://127.0.0.1:" + std::to_string(port)));
  EXPECT_THAT(answer.error().message, HasSubstr("refused"));
  EXPECT_EQ(answer.error().reason, ErrorReason::unreachable);
}

TEST_F(FailureTest, AnUnknownNameSaysToCheckTheUrl) {
  auto answer = fetch(HttpOrigin{"no-such-host.invalid", 80, false});
  ASSERT_TRUE(answer.has_error());
  EXPECT_TRUE(answer.error().code == ErrorCode::unavailable) << answer.error().to_string();
  EXPECT_THAT(answer.error().message, HasSubstr("no-such-host.invalid"));
  EXPECT_THAT(answer.error().message, HasSubstr("endpoint URL"));
}

TEST_F(FailureTest, GarbageInsteadOfHttp) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send("SSH-2.0-OpenSSH_9.2\r\nthis is no HTTP\r\n\r\n");
    peer.wait_for_close();
  }});
  auto answer = fetch(plain(server.port()));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::data_corrupted);
}

TEST_F(FailureTest, HeadersTooLong) {
  options.header_size_max = 8192;
  const auto one_long = [](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nx-long: " + std::string(100'000, 'x') + "\r\n\r\n");
    peer.wait_for_close();
  };
  const auto many = [](Peer& peer) {
    peer.read_head();
    std::string head = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 10'000; ++i) head += "x-header: value\r\n";
    peer.send(head + "\r\n");
    peer.wait_for_close();
  };
  ScriptedServer server({one_long, many});
  EXPECT_EQ(fetch(plain(server.port())).error().code, ErrorCode::data_corrupted);
  EXPECT_EQ(fetch(plain(server.port())).error().code, ErrorCode::data_corrupted);
}

TEST_F(FailureTest, LongHeadersWithinTheLimitArrive) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nx-long: " + std::string(30'000, 'x') +
              "\r\nx-longer: " + std::string(30'000, 'y') + "\r\nContent-Length: 4\r\n\r\nbody");
    peer.wait_for_close();
  }});
  auto answer = fetch(plain(server.port()));
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->headers[1].value, std::string(30'000, 'y'));
  EXPECT_EQ(answer->body, "body");
}

TEST_F(FailureTest, InterimAnswersWithoutEnd) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    while (peer.send("HTTP/1.1 102 Processing\r\n\r\n")) {
    }
  }});
  EXPECT_EQ(fetch(plain(server.port())).error().code, ErrorCode::data_corrupted);
}

TEST_F(FailureTest, NoFirstByte) {
  options.first_byte_timeout = 50ms;
  ScriptedServer server({stall});
  auto answer = fetch(plain(server.port()));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::timeout);
  EXPECT_THAT(answer.error().message, HasSubstr("no answer within 50 ms"));
}

TEST_F(FailureTest, AHeadThatNeverEnds) {
  options.first_byte_timeout = 50ms;
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nx-a: ");
    peer.wait_for_close();
  }});
  EXPECT_EQ(fetch(plain(server.port())).error().code, ErrorCode::timeout);
}

TEST_F(FailureTest, ABodyThatStalls) {
  options.stall_timeout = 50ms;
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789");
    peer.wait_for_close();
  }});
  EXPECT_EQ(fetch(plain(server.port())).error().code, ErrorCode::timeout);
  EXPECT_EQ(buffers.bytes_on_loan(), 0u);
}

TEST_F(FailureTest, AnUploadThatStalls) {
  options.stall_timeout = 50ms;
  std::promise<void> over;
  ScriptedServer server({[&](Peer&) { over.get_future().wait(); }});
  const std::string large(32 << 20, 'x');
  BytesBody body(as_bytes(large));
  auto answer = put(server.port(), body);
  over.set_value();
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::timeout);
}

TEST_F(FailureTest, AHandshakeThatStalls) {
  options.connect_timeout = 50ms;
  auto context = make_tls_client_context({});
  ASSERT_TRUE(context.has_value());
  options.tls = *context;
  ScriptedServer server({stall});
  auto answer = fetch(HttpOrigin{"127.0.0.1", server.port(), true});
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::timeout);
}

TEST_F(FailureTest, AResetIsUnavailable) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.reset();
  }});
  EXPECT_EQ(fetch(plain(server.port())).error().code, ErrorCode::unavailable);
}

TEST_F(FailureTest, CancelledWhileWaitingForTheAnswer) {
  std::promise<void> received;
  ScriptedServer server({[&](Peer& peer) {
    peer.read_head();
    received.set_value();
    peer.wait_for_close();
  }});
  auto failure = cancelled_fetch(plain(server.port()), nullptr, received.get_future());
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->code, ErrorCode::cancelled);
}

TEST_F(FailureTest, CancelledWhileReadingTheBody) {
  std::promise<void> sent;
  ScriptedServer server({[&](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789");
    sent.set_value();
    peer.wait_for_close();
  }});
  auto failure = cancelled_fetch(plain(server.port()), nullptr, sent.get_future());
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->code, ErrorCode::cancelled);
}

TEST_F(FailureTest, CancelledWhileTheUploadIsStuck) {
  std::promise<void> begun, over;
  ScriptedServer server({[&](Peer& peer) {
    peer.read_head();
    begun.set_value();
    over.get_future().wait();
  }});
  const std::string large(32 << 20, 'x');
  BytesBody body(as_bytes(large));
  auto failure = cancelled_fetch(plain(server.port()), &body, begun.get_future());
  over.set_value();
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->code, ErrorCode::cancelled);
}

TEST_F(FailureTest, CancelledWhileWaitingForAConnection) {
  options.connections_per_origin_max = 1;
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send(ok("held"));
    peer.wait_for_close();
  }});
  auto held = testing::await(context, client().send(plain(server.port()), {}, nullptr));
  ASSERT_TRUE(held.has_value());
  std::promise<void> now;
  now.set_value();
  auto failure = cancelled_fetch(plain(server.port()), nullptr, now.get_future());
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->code, ErrorCode::cancelled);
}

Async<void> clean_up(HttpClient& client, HttpOrigin origin, std::optional<int>* status,
                     boost::asio::io_context* context) {
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      cancelled(context->get_executor(), MonotonicTime::max());
  boost::system::error_code ignored;
  co_await cancelled.async_wait(boost::asio::redirect_error(use_async, ignored));
  // Cancelled already: what is begun now runs to its end all the same.
  EXPECT_TRUE(is_cancelled(co_await boost::asio::this_coro::cancellation_state));
  HttpRequest request;
  request.method = "DELETE";
  auto response = co_await client.send(origin, request, nullptr);
  EXPECT_TRUE(response.has_value()) << response.error().to_string();
  if (response.has_value()) *status = response->status;
  context->stop();
}

TEST_F(FailureTest, CleanUpAfterACancellationStillWorks) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 204 No Content\r\n\r\n");
    peer.wait_for_close();
  }});
  std::optional<int> status;
  AsyncScope scope(context.get_executor());
  scope.spawn(clean_up(client(), plain(server.port()), &status, &context));
  context.poll();
  scope.request_stop();
  context.restart();
  context.run();
  EXPECT_EQ(status, 204);
}

TEST_F(FailureTest, AddressThatIsNotAllowedIsNotConnectedTo) {
  // By any of its names: the address is what counts.
  ScriptedServer server({});
  options.addresses =
      std::make_shared<const AddressPolicy>(AddressPolicy{true, /*allows_loopback=*/false});
  for (const char* host : {"localhost", "127.0.0.1", "127.1", "2130706433", "::ffff:127.0.0.1"}) {
    auto answer = fetch(HttpOrigin{host, server.port(), false});
    ASSERT_TRUE(answer.has_error()) << host;
    EXPECT_EQ(answer.error().code, ErrorCode::permission_denied) << host;
    EXPECT_THAT(answer.error().message, HasSubstr(host));
    EXPECT_THAT(answer.error().message, HasSubstr("name another host"));
  }
  EXPECT_EQ(client().counters().connections_opened, 0u);
}

TEST_F(FailureTest, MetadataIsNotReachedThroughAProxyEither) {
  ScriptedServer proxy({});
  options.addresses = std::make_shared<const AddressPolicy>();
  options.proxies = std::make_shared<const ProxyRules>(
      ProxyRules::always({.origin = plain(proxy.port()), .authorization = {}}));
  for (const char* host : {"fd00:ec2::254", "100.100.100.200", "0xa9fea9fe"}) {
    auto answer = fetch(HttpOrigin{host, 80, false});
    ASSERT_TRUE(answer.has_error()) << host;
    EXPECT_EQ(answer.error().code, ErrorCode::permission_denied) << answer.error().to_string();
  }
}

TEST_F(FailureTest, TheProxysAddressIsCheckedToo) {
  ScriptedServer proxy({});
  options.addresses = std::make_shared<const AddressPolicy>(AddressPolicy{true, false});
  options.proxies = std::make_shared<const ProxyRules>(
      ProxyRules::always({.origin = plain(proxy.port()), .authorization = {}}));
  auto answer = fetch(HttpOrigin{"s3.example", 80, false});
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::permission_denied);
  EXPECT_THAT(answer.error().message, HasSubstr("proxy"));
}

}  // namespace
}  // namespace dth::net

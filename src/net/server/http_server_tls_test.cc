#include <fstream>

#include "net/server/http_server.h"
#include "net/server/testing/running_server.h"
#include "net/testing/certificates.h"

namespace dth::net {
namespace {

using testing::echo_route;
using ::testing::HasSubstr;
using testing::RawClient;
using testing::RunningServer;
using testing::TemporaryFile;
using testing::TestAuthority;

const std::string request = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

void replace(const TemporaryFile& file, const std::string& content) {
  std::ofstream(file.path()) << content;
}

class HttpServerTlsTest : public ::testing::Test {
 protected:
  ServerOptions options() {
    ServerOptions options;
    options.routes = {echo_route("/a"), echo_route("/post", {"POST"}, 4 << 20)};
    options.tls = ServerTls{certificate.path(), key.path()};
    return options;
  }
  Error fault() {
    boost::asio::io_context context;
    auto server = HttpServer::listen(context.get_executor(), options());
    return server.has_error() ? server.error() : Error{};
  }
  TestAuthority authority;
  TestAuthority::ServerPem first = authority.server_pem("first");
  TestAuthority::ServerPem second = authority.server_pem("second");
  TemporaryFile certificate{first.certificate + authority.certificate_pem()};
  TemporaryFile key{first.key};
};

TEST_F(HttpServerTlsTest, ServesOverTls) {
  RunningServer server(options());
  RawClient client(server.port());
  ASSERT_TRUE(client.start_tls("http/1.1"));
  EXPECT_EQ(client.alpn(), "http/1.1");
  const auto answer = client.exchange(request);
  EXPECT_EQ(answer.body, "GET /a");
  EXPECT_EQ(answer.header("Strict-Transport-Security"), "max-age=31536000");
  const std::string body(3'000'000, 'b');
  EXPECT_EQ(
      client.exchange("POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n" + body)
          .body,
      "POST /post " + body);
}

TEST_F(HttpServerTlsTest, OtherProtocolsAreRefused) {
  RunningServer server(options());
  RawClient http_2(server.port());
  EXPECT_FALSE(http_2.start_tls("h2"));
  RawClient without(server.port());
  ASSERT_TRUE(without.start_tls());
  EXPECT_EQ(without.exchange(request).status, 200u);
}

TEST_F(HttpServerTlsTest, SessionsAreResumed) {
  RunningServer server(options());
  RawClient one(server.port());
  ASSERT_TRUE(one.start_tls());
  EXPECT_EQ(one.exchange(request).status, 200u);
  SSL_SESSION* session = one.session();
  RawClient two(server.port());
  two.resume(session);
  ASSERT_TRUE(two.start_tls());
  EXPECT_TRUE(two.session_resumed());
  EXPECT_EQ(two.exchange(request).status, 200u);
  SSL_SESSION_free(session);
}

TEST_F(HttpServerTlsTest, GarbageHarmsNobody) {
  RunningServer server(options());
  RawClient good(server.port());
  ASSERT_TRUE(good.start_tls());
  RawClient plain(server.port());
  EXPECT_EQ(plain.exchange(request).status, 400u);
  EXPECT_TRUE(plain.is_closed());
  for (const std::string& bytes :
       {std::string(5000, '\0'), std::string("\x16\x03\x01\x00\x05hello"), std::string("\xff"),
        std::string()}) {
    RawClient garbage(server.port());
    garbage.send(bytes);
    garbage.end_writing();
    garbage.read_to_end();
  }
  RawClient cut(server.port());
  cut.send("\x16\x03\x01");
  cut.reset();
  EXPECT_EQ(good.exchange(request).status, 200u);
  // And after the handshake.
  RawClient late(server.port());
  ASSERT_TRUE(late.start_tls());
  EXPECT_EQ(late.exchange("nonsense\r\n\r\n").status, 400u);
}

TEST_F(HttpServerTlsTest, CertificatesAreRenewedWithoutLosingConnections) {
  RunningServer server(options());
  RawClient old(server.port());
  ASSERT_TRUE(old.start_tls());
  EXPECT_EQ(old.peer_name(), "first");
  const auto reload = [&] {
    Result<void> result;
    server.call([&](HttpServer& it) { result = it.reload_tls(); });
    return result;
  };
  replace(certificate, second.certificate);
  EXPECT_THAT(reload().error().message, HasSubstr("not the key of the certificate"));
  RawClient still(server.port());
  ASSERT_TRUE(still.start_tls());
  EXPECT_EQ(still.peer_name(), "first");
  replace(key, second.key);
  ASSERT_TRUE(reload().has_value());
  RawClient renewed(server.port());
  ASSERT_TRUE(renewed.start_tls());
  EXPECT_EQ(renewed.peer_name(), "second");
  for (RawClient* client : {&old, &still, &renewed})
    EXPECT_EQ(client->exchange(request).status, 200u);
}

TEST_F(HttpServerTlsTest, WhatIsWrongWithACertificateIsSaid) {
  replace(key, second.key);
  EXPECT_THAT(fault().message,
              HasSubstr("it is not the key of the certificate in " + certificate.path()));
  replace(key, "no key");
  EXPECT_THAT(fault().message, HasSubstr("cannot use " + key.path() + " as the server's key"));
  replace(certificate, "no certificate");
  EXPECT_THAT(fault().message,
              HasSubstr("cannot use " + certificate.path() + " as the server's certificate"));
  EXPECT_EQ(fault().code, ErrorCode::invalid_argument);
  ServerOptions missing = options();
  missing.tls->certificate_file = "/nonexistent/server.pem";
  boost::asio::io_context context;
  EXPECT_THAT(HttpServer::listen(context.get_executor(), missing).error().to_string(),
              HasSubstr("/nonexistent/server.pem"));
}

TEST_F(HttpServerTlsTest, APlainServerHasNothingToReload) {
  ServerOptions plain = options();
  plain.tls.reset();
  RunningServer server(std::move(plain));
  server.call(
      [](HttpServer& it) { EXPECT_EQ(it.reload_tls().error().code, ErrorCode::invalid_argument); });
}

TEST_F(HttpServerTlsTest, StoppingClosesProperly) {
  RunningServer server(options());
  RawClient client(server.port());
  ASSERT_TRUE(client.start_tls());
  EXPECT_EQ(client.exchange(request).status, 200u);
  server.request_stop();
  EXPECT_TRUE(client.is_closed());
  server.join();
}

}  // namespace
}  // namespace dth::net

#include <gmock/gmock.h>

#include "net/client/testing/client_fixture.h"
#include "net/testing/certificates.h"

namespace dth::net {
namespace {

using testing::ClientTest;
using ::testing::HasSubstr;
using testing::ok;
using testing::Peer;
using testing::ScriptedServer;
using testing::TemporaryFile;
using testing::TestAuthority;

class TlsTest : public ClientTest {
 protected:
  void trust(const TestAuthority& authority) {
    const TemporaryFile bundle(authority.certificate_pem());
    auto context = make_tls_client_context({bundle.path()});
    ASSERT_TRUE(context.has_value()) << context.error().to_string();
    options.tls = *context;
  }
  static HttpOrigin secure(std::uint16_t port, std::string host = "127.0.0.1") {
    return HttpOrigin{std::move(host), port, true};
  }
  static void answer_once(Peer& peer) {
    peer.read_head();
    peer.send(ok("secret"));
    peer.wait_for_close();
  }
  TestAuthority authority_;
};

TEST_F(TlsTest, ACertificateOfTheBundleIsAcceptedAndTheConnectionReused) {
  trust(authority_);
  auto tls = authority_.server_context("IP:127.0.0.1");
  ScriptedServer server({[](Peer& peer) {
                          for (int i = 0; i < 3; ++i) {
                            peer.read_head();
                            peer.send(ok("secret"));
                          }
                          peer.wait_for_close();
                        }},
                        tls.get());
  for (int i = 0; i < 3; ++i) {
    auto answer = fetch(secure(server.port()));
    ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
    EXPECT_EQ(answer->body, "secret");
  }
  EXPECT_EQ(client().counters().connections_opened, 1u);
}

TEST_F(TlsTest, AHostNameIsVerifiedAndSentAsServerName) {
  trust(authority_);
  auto tls = authority_.server_context("DNS:localhost");
  std::string name;
  SSL_CTX_set_tlsext_servername_arg(tls.get(), &name);
  SSL_CTX_set_tlsext_servername_callback(
      tls.get(), +[](SSL* ssl, int*, void* seen) {
        const char* sent = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
        *static_cast<std::string*>(seen) = sent == nullptr ? "" : sent;
        return SSL_TLSEXT_ERR_OK;
      });
  ScriptedServer server({answer_once}, tls.get());
  auto answer = fetch(secure(server.port(), "localhost"));
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->body, "secret");
  EXPECT_EQ(name, "localhost");
}

TEST_F(TlsTest, AnUnknownAuthorityIsRefused) {
  const TestAuthority other;
  trust(other);
  auto tls = authority_.server_context("IP:127.0.0.1");
  ScriptedServer server({answer_once}, tls.get());
  auto answer = fetch(secure(server.port()));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::permission_denied);
  EXPECT_THAT(answer.error().message, HasSubstr("--source-ca-bundle"));
  EXPECT_THAT(answer.error().message,
              HasSubstr("https://127.0.0.1:" + std::to_string(server.port())));
}

TEST_F(TlsTest, TheSystemsAuthoritiesDoNotKnowTheTests) {
  auto context = make_tls_client_context({});
  ASSERT_TRUE(context.has_value());
  options.tls = *context;
  auto tls = authority_.server_context("IP:127.0.0.1");
  ScriptedServer server({answer_once}, tls.get());
  EXPECT_EQ(fetch(secure(server.port())).error().code, ErrorCode::permission_denied);
}

TEST_F(TlsTest, AWrongNameIsRefused) {
  trust(authority_);
  auto named = authority_.server_context("DNS:other.example");
  ScriptedServer by_name({answer_once}, named.get());
  auto answer = fetch(secure(by_name.port(), "localhost"));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::permission_denied);
  EXPECT_THAT(answer.error().message, HasSubstr("hostname mismatch"));

  auto numbered = authority_.server_context("IP:127.0.0.2");
  ScriptedServer by_address({answer_once}, numbered.get());
  EXPECT_EQ(fetch(secure(by_address.port())).error().code, ErrorCode::permission_denied);
}

TEST_F(TlsTest, LargeBodiesGoBothWays) {
  trust(authority_);
  auto tls = authority_.server_context("IP:127.0.0.1");
  std::string large(3'500'000, 'x');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7919 >> 5);
  std::string received;
  ScriptedServer server({[&](Peer& peer) {
                          peer.read_head();
                          received = peer.read_exactly(large.size());
                          peer.send(ok(large));
                          peer.wait_for_close();
                        }},
                        tls.get());
  BytesBody body(as_bytes(large));
  HttpRequest request;
  request.method = "PUT";
  auto answer = fetch(secure(server.port()), request, &body);
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_TRUE(received == large);
  EXPECT_TRUE(answer->body == large);
  EXPECT_EQ(answer->spans,
            (std::vector<std::size_t>{1 << 20, 1 << 20, 1 << 20, 3'500'000 - (3 << 20)}));
}

TEST_F(TlsTest, SessionsAreResumed) {
  trust(authority_);
  auto tls = authority_.server_context("IP:127.0.0.1");
  const auto script = [](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
    peer.wait_for_close();
  };
  ScriptedServer server({script, script}, tls.get());
  EXPECT_EQ(fetch(secure(server.port()))->body, "x");
  EXPECT_EQ(fetch(secure(server.port()))->body, "x");
  EXPECT_EQ(SSL_CTX_sess_hits(tls.get()), 1);
}

TEST_F(TlsTest, AnEndWithoutCloseNotifyIsNoEndOfABody) {
  trust(authority_);
  auto tls = authority_.server_context("IP:127.0.0.1");
  ScriptedServer server({[](Peer& peer) {
                           peer.read_head();
                           peer.send("HTTP/1.1 200 OK\r\n\r\nup to the end");
                         },
                         [](Peer& peer) {
                           peer.read_head();
                           peer.send("HTTP/1.1 200 OK\r\n\r\ncut off");
                           peer.close_abruptly();
                         }},
                        tls.get());
  auto whole = fetch(secure(server.port()));
  ASSERT_TRUE(whole.has_value()) << whole.error().to_string();
  EXPECT_EQ(whole->body, "up to the end");
  auto cut = fetch(secure(server.port()));
  ASSERT_TRUE(cut.has_error());
  EXPECT_EQ(cut.error().code, ErrorCode::unavailable);
}

TEST_F(TlsTest, APlainServerIsNoTlsServer) {
  trust(authority_);
  ScriptedServer server({[](Peer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_for_close();
  }});
  auto answer = fetch(secure(server.port()));
  ASSERT_TRUE(answer.has_error());
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("TLS handshake"));
}

TEST_F(TlsTest, ABundleThatIsNoneIsNamed) {
  auto missing = make_tls_client_context({"/nonexistent/bundle.pem"});
  ASSERT_TRUE(missing.has_error());
  EXPECT_EQ(missing.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(missing.error().message, HasSubstr("/nonexistent/bundle.pem"));
  const TemporaryFile empty("no certificate in here\n");
  EXPECT_EQ(make_tls_client_context({empty.path()}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dth::net

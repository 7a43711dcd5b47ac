#include "net/client/proxy.h"

#include <gmock/gmock.h>

#include "net/client/testing/client_fixture.h"
#include "net/testing/certificates.h"

namespace dth::net {
namespace {

using ::testing::AllOf;
using testing::ClientTest;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ok;
using testing::Peer;
using testing::ScriptedServer;
using testing::TemporaryFile;
using testing::TestAuthority;

HttpOrigin secure(std::string host, std::uint16_t port = 443) {
  return HttpOrigin{std::move(host), port, true};
}
HttpOrigin open(std::string host) { return HttpOrigin{std::move(host), 80, false}; }

// "host:port" of the proxy, or "straight".
std::string way(const ProxyRules& rules, const HttpOrigin& origin) {
  auto found = rules.find(origin);
  if (found.has_error()) return found.error().to_string();
  return *found ? (*found)->origin.host + ":" + std::to_string((*found)->origin.port) : "straight";
}

TEST(ProxyTest, UrlsAreUnderstood) {
  auto proxy = parse_proxy("http://us%40er:p%3Ass@proxy.example:3128/");
  ASSERT_TRUE(proxy.has_value()) << proxy.error().to_string();
  EXPECT_EQ(proxy->origin, (HttpOrigin{"proxy.example", 3128, false}));
  EXPECT_EQ(proxy->authorization, "Basic dXNAZXI6cDpzcw==");
  EXPECT_EQ(parse_proxy("proxy.example:8080")->origin.port, 8080);
  EXPECT_EQ(parse_proxy("http://proxy.example")->origin.port, 80);
  EXPECT_EQ(parse_proxy("http://[::1]:3128")->origin.host, "::1");
  EXPECT_EQ(parse_proxy("proxy.example:8080")->authorization, "");
}

TEST(ProxyTest, WhatIsNoHttpProxyIsRefused) {
  EXPECT_THAT(parse_proxy("https://proxy.example").error().message,
              HasSubstr("TLS to the proxy itself"));
  EXPECT_THAT(parse_proxy("socks5h://proxy.example").error().message, HasSubstr("SOCKS"));
  for (const char* url :
       {"", "http://", "ftp://proxy", "http://proxy:0", "http://proxy/path", "http://a%zz@proxy"}) {
    EXPECT_EQ(parse_proxy(url).error().code, ErrorCode::invalid_argument) << url;
  }
}

TEST(ProxyTest, ErrorsDoNotShowThePassword) {
  for (const char* url : {"https://user:s3cret@proxy", "http://user:s3cret@proxy:99999",
                          "http://user:s3cret%@proxy"}) {
    EXPECT_THAT(parse_proxy(url).error().to_string(), Not(HasSubstr("s3cret"))) << url;
  }
}

TEST(ProxyTest, TheEnvironmentIsReadAsCurlDoes) {
  const auto rules = ProxyRules::of_environment({{"HTTPS_PROXY", "http://upper:1"},
                                                 {"https_proxy", "http://lower:2"},
                                                 {"HTTP_PROXY", "http://cgi:3"}});
  EXPECT_EQ(way(rules, secure("s3.example")), "lower:2");
  EXPECT_EQ(way(rules, open("s3.example")), "straight");
  const auto all =
      ProxyRules::of_environment({{"ALL_PROXY", "http://all:4"}, {"http_proxy", "http://plain:5"}});
  EXPECT_EQ(way(all, secure("s3.example")), "all:4");
  EXPECT_EQ(way(all, open("s3.example")), "plain:5");
  EXPECT_EQ(way(ProxyRules::of_environment({{"HTTPS_PROXY", ""}}), secure("s3.example")),
            "straight");
  EXPECT_EQ(way(ProxyRules(), secure("s3.example")), "straight");
}

TEST(ProxyTest, AWrongVariableIsNamedOnlyWhereItMatters) {
  const auto rules =
      ProxyRules::of_environment({{"ALL_PROXY", "socks5://proxy"}, {"NO_PROXY", "inside.example"}});
  EXPECT_THAT(way(rules, secure("s3.example")), AllOf(HasSubstr("ALL_PROXY"), HasSubstr("SOCKS")));
  EXPECT_EQ(way(rules, secure("inside.example")), "straight");
}

TEST(ProxyTest, LoopbackAndMetadataAreReachedStraight) {
  const auto rules = ProxyRules::of_environment({{"all_proxy", "http://proxy:1"}});
  const auto always = ProxyRules::always(*parse_proxy("http://proxy:1"));
  for (const char* host :
       {"localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.8.9.1", "::1"}) {
    EXPECT_EQ(way(rules, open(host)), "straight") << host;
    EXPECT_EQ(way(always, open(host)), "proxy:1")
        << host;  // somebody named it for exactly this side
  }
  for (const char* host : {"169.254.169.254", "169.254.170.2", "fe80::1", "fd00:ec2::254"}) {
    EXPECT_EQ(way(rules, open(host)), "straight") << host;
    EXPECT_EQ(way(always, secure(host)), "straight") << host;
  }
  for (const char* host : {"128.0.0.1", "169.253.0.1", "notlocalhost", "fd01:ec2::254"}) {
    EXPECT_EQ(way(rules, open(host)), "proxy:1") << host;
  }
}

TEST(ProxyTest, Exceptions) {
  const struct {
    const char* host;
    const char* entry;
    bool matches;
  } cases[] = {
      {"s3.example", "*", true},          {"example", "example", true},
      {"S3.Example.", "example", true},   {"s3.example", ".example", true},
      {"example", ".example", true},      {"notexample", "example", false},
      {"example.org", "example", false},  {"s3.example", "", false},
      {"s3.example", "*.example", false},  // "*" is no wildcard within a name
      {"10.1.2.3", "10.1.2.3", true},     {"10.1.2.3", "2.3", false},
      {"10.1.2.3", "10.0.0.0/8", true},   {"10.1.2.3", "10.1.3.0/24", false},
      {"10.1.2.3", "10.1.2.3/33", false}, {"10.1.2.3", "0.0.0.0/0", true},
      {"fd12::1", "fd12::1", true},       {"fd12::1", "[fd12::1]", true},
      {"fd12::1", "fd00::/8", true},      {"fd12::1", "10.0.0.0/8", false},
  };
  for (const auto& c : cases)
    EXPECT_EQ(is_proxy_exception(c.host, c.entry), c.matches) << c.host << " " << c.entry;
  const auto rules = ProxyRules::of_environment(
      {{"https_proxy", "http://proxy:1"}, {"NO_PROXY", " Inside.Example, 10.0.0.0/8 ,,other"}});
  EXPECT_EQ(way(rules, secure("s3.inside.example")), "straight");
  EXPECT_EQ(way(rules, secure("10.9.9.9")), "straight");
  EXPECT_EQ(way(rules, secure("s3.other")), "straight");
  EXPECT_EQ(way(rules, secure("outside.example")), "proxy:1");
}

class ProxiedClientTest : public ClientTest {
 protected:
  // Everything goes through a proxy at `port`.
  void use_proxy(std::uint16_t port, const std::string& user = "") {
    const std::string at = user.empty() ? "" : user + "@";
    auto proxy = parse_proxy("http://" + at + "127.0.0.1:" + std::to_string(port));
    ASSERT_TRUE(proxy.has_value());
    options.proxies = std::make_shared<const ProxyRules>(ProxyRules::always(*proxy));
  }
  void trust(const TestAuthority& authority) {
    const TemporaryFile bundle(authority.certificate_pem());
    auto context = make_tls_client_context({bundle.path()});
    ASSERT_TRUE(context.has_value()) << context.error().to_string();
    options.tls = *context;
  }
  TestAuthority authority_;
};

TEST_F(ProxiedClientTest, TlsGoesThroughATunnelThatSeesNothingOfIt) {
  auto tls = authority_.server_context("DNS:storage.example");
  std::string connect, request;
  ScriptedServer proxy({[&](Peer& peer) {
    connect = peer.read_head();
    peer.send("HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n");
    peer.start_tls(tls.get());
    for (int i = 0; i < 2; ++i) {
      request = peer.read_head();
      peer.send(ok("secret"));
    }
    peer.wait_for_close();
  }});
  trust(authority_);
  use_proxy(proxy.port(), "user:pass");
  HttpRequest signed_request;
  signed_request.headers = {{"Authorization", "AWS4-HMAC-SHA256 ..."}};
  for (int i = 0; i < 2; ++i) {
    auto answer = fetch(secure("storage.example", 9443), signed_request);
    ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
    EXPECT_EQ(answer->body, "secret");
  }
  EXPECT_EQ(connect,
            "CONNECT storage.example:9443 HTTP/1.1\r\nHost: storage.example:9443\r\n"
            "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n");
  EXPECT_THAT(request, AllOf(HasSubstr("GET / HTTP/1.1\r\nHost: storage.example:9443\r\n"),
                             Not(HasSubstr("Proxy"))));
  EXPECT_EQ(client().counters().connections_opened, 1u);
}

TEST_F(ProxiedClientTest, ACertificateOfAnotherHostIsRefusedThroughAProxyToo) {
  auto tls = authority_.server_context("DNS:other.example");
  ScriptedServer proxy({[&](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\n\r\n");
    peer.start_tls(tls.get());
    peer.wait_for_close();
  }});
  trust(authority_);
  use_proxy(proxy.port());
  EXPECT_EQ(fetch(secure("storage.example")).error().code, ErrorCode::permission_denied);
}

TEST_F(ProxiedClientTest, PlainRequestsAreAskedInAbsoluteForm) {
  std::string seen;
  ScriptedServer proxy({[&](Peer& peer) {
    seen = peer.read_head();
    peer.send(ok("hello"));
    peer.wait_for_close();
  }});
  use_proxy(proxy.port(), "user:pass");
  HttpRequest request;
  request.target = "/bucket/a%20b?x=1";
  auto answer = fetch(HttpOrigin{"storage.example", 8080, false}, request);
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->body, "hello");
  EXPECT_EQ(
      seen,
      "GET http://storage.example:8080/bucket/a%20b?x=1 HTTP/1.1\r\nHost: storage.example:8080\r\n"
      "User-Agent: dth/" DTH_VERSION
      "\r\n"
      "Proxy-Authorization: Basic dXNlcjpwYXNz\r\n\r\n");
}

TEST_F(ProxiedClientTest, AProxyThatWantsAPasswordSaysSo) {
  const auto refuse = [](Peer& peer) {
    peer.read_head();
    peer.send(
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: "
        "Basic\r\nContent-Length: 3\r\n\r\nno!");
    peer.wait_for_close();
  };
  ScriptedServer proxy({refuse, refuse});
  trust(authority_);
  use_proxy(proxy.port());
  for (const HttpOrigin& origin : {secure("storage.example"), open("storage.example")}) {
    const Error error = fetch(origin).error();
    EXPECT_EQ(error.code, ErrorCode::unauthenticated);
    EXPECT_THAT(error.message,
                AllOf(HasSubstr("storage.example"), HasSubstr("wants a user and a password"),
                      HasSubstr("DTH_SOURCE_PROXY"),
                      HasSubstr("127.0.0.1:" + std::to_string(proxy.port()))));
  }
}

TEST_F(ProxiedClientTest, APasswordThatIsRefusedIsNotShown) {
  ScriptedServer proxy({[](Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 407 No\r\n\r\n");
  }});
  trust(authority_);
  use_proxy(proxy.port(), "user:s3cret");
  const Error error = fetch(secure("storage.example")).error();
  EXPECT_THAT(error.to_string(), AllOf(HasSubstr("does not accept"), Not(HasSubstr("s3cret")),
                                       Not(HasSubstr("czNjcmV0"))));
}

TEST_F(ProxiedClientTest, OtherRefusals) {
  const auto answer = [](std::string text) {
    return [text](Peer& peer) {
      peer.read_head();
      peer.send(text);
      peer.wait_for_close();
    };
  };
  ScriptedServer proxy({answer("HTTP/1.1 403 Forbidden\r\n\r\n"),
                        answer("HTTP/1.1 502 Bad Gateway\r\n\r\n"),
                        answer("SSH-2.0-OpenSSH_9.2\r\n"), answer("HTTP/1.1 200 OK\r\n\r\nunasked"),
                        answer("HTTP/1.1 200 OK\r\nx: " + std::string(20'000, 'y') + "\r\n\r\n"),
                        [](Peer& peer) { peer.read_head(); }});
  trust(authority_);
  use_proxy(proxy.port());
  for (ErrorCode code :
       {ErrorCode::permission_denied, ErrorCode::unavailable, ErrorCode::data_corrupted,
        ErrorCode::data_corrupted, ErrorCode::data_corrupted, ErrorCode::unavailable}) {
    const Error error = fetch(secure("storage.example")).error();
    EXPECT_EQ(error.code, code) << error.to_string();
    EXPECT_THAT(error.message, AllOf(HasSubstr("proxy"), HasSubstr("storage.example")));
  }
}

TEST_F(ProxiedClientTest, AProxyThatStallsIsGivenUp) {
  ScriptedServer proxy({[](Peer& peer) { peer.wait_for_close(); }});
  trust(authority_);
  use_proxy(proxy.port());
  options.connect_timeout = std::chrono::milliseconds(300);
  const Error error = fetch(secure("storage.example")).error();
  EXPECT_EQ(error.code, ErrorCode::timeout);
  EXPECT_THAT(error.message, HasSubstr("did not answer in time"));
}

TEST_F(ProxiedClientTest, AProxyThatIsNotThereIsNamed) {
  std::uint16_t port = 0;
  { port = ScriptedServer({}).port(); }
  trust(authority_);
  use_proxy(port);
  const Error error = fetch(secure("storage.example")).error();
  EXPECT_EQ(error.code, ErrorCode::unavailable);
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("127.0.0.1:" + std::to_string(port)),
                    HasSubstr("the proxy on the way to"), HasSubstr("--source-proxy")));
}

TEST_F(ProxiedClientTest, LoopbackIsReachedStraightThoughTheEnvironmentNamesAProxy) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send(ok("straight"));
    peer.wait_for_close();
  }});
  options.proxies = std::make_shared<const ProxyRules>(
      ProxyRules::of_environment({{"http_proxy", "http://127.0.0.1:1"}}));
  auto answer = fetch(plain(server.port()));
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->body, "straight");
}

}  // namespace
}  // namespace dth::net

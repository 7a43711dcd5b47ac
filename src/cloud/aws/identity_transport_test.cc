#include "cloud/aws/identity_transport.h"

#include <gmock/gmock.h>

#include "base/testing/run_for_test.h"
#include "cloud/aws/metadata_sources.h"
#include "net/client/testing/client_fixture.h"

namespace dth::aws {
namespace {

using net::testing::ok;
using net::testing::Peer;
using net::testing::ScriptedServer;
using ::testing::HasSubstr;

class TransportTest : public ::testing::Test {
 protected:
  Result<IdentityTransport::Answer> ask_it(
      std::uint16_t port, std::string body = "",
      IdentityTransport::Patience patience = IdentityTransport::Patience::service) {
    net::HttpRequest request;
    request.method = body.empty() ? "GET" : "POST";
    return run_for_test(context, ask({*transport, clock}, net::HttpOrigin{"127.0.0.1", port, false},
                                     std::move(request), std::move(body), patience));
  }

  boost::asio::io_context context{1};
  SystemClock clock;
  IdentityTransportOptions options;
  std::unique_ptr<IdentityTransport> transport =
      make_identity_transport(context.get_executor(), clock, options);
};

TEST_F(TransportTest, AskedAndAnswered) {
  std::string seen;
  ScriptedServer server({[&](Peer& peer) {
    seen = peer.read_head();
    seen += peer.read_exactly(5);
    peer.send(
        "HTTP/1.1 400 Bad\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nContent-Length: 2\r\n\r\nno");
    peer.wait_for_close();
  }});
  auto answer = ask_it(server.port(), "a=b+c");
  ASSERT_TRUE(answer.has_value()) << answer.error().to_string();
  EXPECT_EQ(answer->status, 400);
  EXPECT_EQ(answer->text, "no");
  EXPECT_EQ(answered_at(*answer, clock), *parse_time("2026-11-23T12:00:00Z"));
  EXPECT_THAT(seen, HasSubstr("Content-Length: 5\r\n\r\na=b+c"));
}

TEST_F(TransportTest, AnAnswerThatIsTooLongIsNone) {
  const auto flood = [](Peer& peer) {
    peer.read_head();
    peer.send(ok(std::string(IdentityTransport::answer_size_max + 1, 'x')));
    peer.wait_for_close();
  };
  ScriptedServer server({flood});
  EXPECT_EQ(ask_it(server.port()).error().code, ErrorCode::data_corrupted);
}

TEST_F(TransportTest, MetadataThatDoesNotAnswerIsGivenUpAfterTwoSeconds) {
  const auto silence = [](Peer& peer) { peer.wait_for_close(); };
  ScriptedServer server({silence, silence, silence});
  const auto began = std::chrono::steady_clock::now();
  auto source = make_instance_source(
      {*transport, clock},
      {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:" + std::to_string(server.port())}});
  EXPECT_EQ(run_for_test(context, source->fetch()).error().code, ErrorCode::not_found);
  EXPECT_LT(std::chrono::steady_clock::now() - began,
            std::chrono::seconds(8));  // two of a second each, on a busy machine
}

TEST_F(TransportTest, ServicesGoThroughTheProxyAndMetadataDoesNot) {
  std::string seen;
  ScriptedServer proxy({[&](Peer& peer) {
    seen = peer.read_head();
    peer.send(ok("by proxy"));
    peer.wait_for_close();
  }});
  ScriptedServer server({[](Peer& peer) {
    peer.read_head();
    peer.send(ok("straight"));
    peer.wait_for_close();
  }});
  auto named = net::parse_proxy("127.0.0.1:" + std::to_string(proxy.port()));
  options.proxies = std::make_shared<const net::ProxyRules>(net::ProxyRules::always(*named));
  transport = make_identity_transport(context.get_executor(), clock, options);
  EXPECT_EQ(ask_it(server.port())->text, "by proxy");
  EXPECT_THAT(seen, HasSubstr("GET http://127.0.0.1:"));
  EXPECT_EQ(ask_it(server.port(), "", IdentityTransport::Patience::metadata)->text, "straight");
}

}  // namespace
}  // namespace dth::aws

#include "api/host_check.h"

#include <gtest/gtest.h>

namespace dth::api {
namespace {

net::ServerRequest request(const char* host, const char* origin = nullptr) {
  net::ServerRequest request;
  if (host != nullptr) request.headers.add("Host", host);
  if (origin != nullptr) request.headers.add("Origin", origin);
  return request;
}

TEST(HostCheck, OnLoopbackTakesItsOwnNamesOnly) {
  const HostCheck hosts({"Hub.example.org"}, false);
  for (const char* ours :
       {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:80", "127.9.9.9:1", "[::1]",
        "[::1]:8080", "hub.example.org:443", "hub.EXAMPLE.org."}) {
    EXPECT_TRUE(hosts.allows_host(request(ours))) << ours;
  }
  for (const char* other : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                            "127.evil", "[::2]", "[::1", "xhub.example.org", "10.0.0.1"}) {
    EXPECT_FALSE(hosts.allows_host(request(other))) << other;
  }
  EXPECT_FALSE(hosts.allows_host(request(nullptr)));
}

TEST(HostCheck, FromThisHostIsWhatTheConnectionSaysAndNoProxyForwarded) {
  const auto from = [](const char* address, const char* host, const char* origin = nullptr) {
    net::ServerRequest made = request(host, origin);
    made.remote_address = address;
    return made;
  };
  EXPECT_TRUE(is_from_this_host(from("127.0.0.1", "localhost:8080")));
  EXPECT_TRUE(is_from_this_host(from("::1", "[::1]:80", "http://localhost:80")));
  EXPECT_TRUE(is_from_this_host(from("::ffff:127.0.0.1", "127.0.0.1")));
  EXPECT_FALSE(is_from_this_host(from("192.0.2.1", "localhost"))) << "Host is the client's word";
  EXPECT_FALSE(is_from_this_host(from("::ffff:192.0.2.1", "localhost")));
  EXPECT_FALSE(is_from_this_host(from("127.0.0.1", "hub.example.org")));
  EXPECT_FALSE(is_from_this_host(from("127.0.0.1", "localhost", "http://hub.example.org")));
  EXPECT_FALSE(is_from_this_host(from("127.0.0.1", "localhost", "null")));
  for (const char* header : {"X-Forwarded-For", "x-forwarded-proto", "Forwarded"}) {
    net::ServerRequest forwarded = from("127.0.0.1", "localhost");
    forwarded.headers.add(header, "x");
    EXPECT_FALSE(is_from_this_host(forwarded)) << header;
  }
}

TEST(HostCheck, ElsewhereTakesAnyNameWhereNoneAreGiven) {
  EXPECT_TRUE(HostCheck({}, true).allows_host(request("hub.example.org")));
}

TEST(HostCheck, ElsewhereTakesTheNamesThatAreGivenAndAddresses) {
  const HostCheck hosts({"hub.example.org"}, true);
  for (const char* ours : {"hub.example.org:8443", "localhost", "10.0.0.1:8443", "[2001:db8::1]:8"})
    EXPECT_TRUE(hosts.allows_host(request(ours))) << ours;
  for (const char* other : {"evil.example", "10.0.0.1.evil.example", "1.2.3.x", "", "[x]"})
    EXPECT_FALSE(hosts.allows_host(request(other))) << other;
}

TEST(HostCheck, PagesOfOtherSitesAreToldByFetchMetadata) {
  const HostCheck hosts({"hub.example.org"}, false);
  for (const auto& [site, allowed] : {std::pair("cross-site", false), std::pair("same-site", false),
                                      std::pair("same-origin", true), std::pair("none", true)}) {
    net::ServerRequest from = request("localhost:8080");
    from.headers.add("Sec-Fetch-Site", site);
    EXPECT_EQ(hosts.allows_origin(from), allowed) << site;
  }
}

TEST(HostCheck, SocketsComeFromOurOwnPagesOrFromNone) {
  const HostCheck hosts({"hub.example.org"}, false);
  EXPECT_TRUE(hosts.allows_origin(request("localhost:8080")));
  EXPECT_TRUE(hosts.allows_origin(request("localhost:8080", "http://localhost:8080")));
  EXPECT_TRUE(hosts.allows_origin(request("127.0.0.1:8080", "https://hub.example.org")))
      << "a proxy in front";
  EXPECT_TRUE(hosts.allows_origin(request("hub.example.org", "https://hub.example.org:443")));
  EXPECT_TRUE(hosts.allows_origin(request("hub.example.org:443", "https://Hub.example.org")));
  EXPECT_TRUE(hosts.allows_origin(request("hub.example.org:8443", "https://hub.example.org:8443")));
  EXPECT_FALSE(hosts.allows_origin(request("localhost:8080", "http://localhost:3000")));
  EXPECT_FALSE(hosts.allows_origin(request("localhost:8080", "https://evil.example")));
  EXPECT_FALSE(hosts.allows_origin(request("localhost:8080", "null")));
  EXPECT_FALSE(hosts.allows_origin(request("", "https://")));
  EXPECT_FALSE(hosts.allows_origin(request("localhost:8080", "")));
}

// Cookies are sent to all ports of a host.
TEST(HostCheck, PagesOfOtherPortsAreNotTheHubs) {
  const HostCheck hosts({"hub.example.org"}, true);
  for (const char* origin : {"http://hub.example.org:9999", "https://hub.example.org:9999",
                             "http://hub.example.org:443", "https://hub.example.org:80"})
    EXPECT_FALSE(hosts.allows_origin(request("hub.example.org", origin))) << origin;
  net::ServerRequest from = request("hub.example.org", "https://hub.example.org");
  from.headers.add("Sec-Fetch-Site", "same-site");
  EXPECT_FALSE(hosts.allows_origin(from));
}

}  // namespace
}  // namespace dth::api

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
  const auto hosts = HostCheck::only({"Hub.example.org"});
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

TEST(HostCheck, ElsewhereTakesAnyName) {
  EXPECT_TRUE(HostCheck::any({}).allows_host(request("hub.example.org")));
}

TEST(HostCheck, SocketsComeFromOurOwnPagesOrFromNone) {
  const auto hosts = HostCheck::only({"hub.example.org"});
  EXPECT_TRUE(hosts.allows_origin(request("localhost:8080")));
  EXPECT_TRUE(hosts.allows_origin(request("localhost:8080", "http://localhost:8080")));
  EXPECT_TRUE(hosts.allows_origin(request("127.0.0.1:8080", "https://hub.example.org")))
      << "a proxy in front";
  EXPECT_FALSE(hosts.allows_origin(request("localhost:8080", "http://localhost:3000")));
  EXPECT_FALSE(hosts.allows_origin(request("localhost:8080", "https://evil.example")));
  EXPECT_FALSE(hosts.allows_origin(request("localhost:8080", "null")));
  EXPECT_FALSE(hosts.allows_origin(request("", "https://")));
  EXPECT_FALSE(hosts.allows_origin(request("localhost:8080", "")));
}

}  // namespace
}  // namespace dth::api

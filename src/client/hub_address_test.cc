#include "client/hub_address.h"

#include <gtest/gtest.h>

namespace dth::client {
namespace {

TEST(HubAddress, OneHubHasOneText) {
  for (const char* text : {"https://hub.example.org", "https://hub.example.org/"})
    EXPECT_EQ(parse_hub_address(text)->url(), parse_hub_address("https://hub.example.org")->url());
  EXPECT_EQ(parse_hub_address("https://hub.example.org/dth/")->graphql_target(), "/dth/graphql");
}

TEST(HubAddress, PlainHttpIsForThisMachineOnly) {
  for (const char* text : {"http://localhost:8080", "http://127.0.0.1:8080", "http://127.8.9.1",
                           "http://[::1]:8080", "http://LOCALHOST"})
    EXPECT_TRUE(parse_hub_address(text).has_value()) << text;
  for (const char* text :
       {"http://hub.example.org", "http://10.0.0.1", "http://127.0.0.1.example.org",
        "http://localhost.example.org", "http://0.0.0.0"})
    EXPECT_TRUE(parse_hub_address(text).has_error()) << text;
}

TEST(HubAddress, WhatIsNoAddressIsRefused) {
  for (const char* text : {"", "hub.example.org", "ftp://x", "https://", "https://user:pw@host"})
    EXPECT_TRUE(parse_hub_address(text).has_error()) << text;
}

}  // namespace
}  // namespace dth::client

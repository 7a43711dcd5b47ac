#include <gtest/gtest.h>

#include "net/client/http_client.h"

namespace dth::net {
namespace {

TEST(OriginTest, UrlsAreTakenApart) {
  EXPECT_EQ(*parse_origin("https://s3.eu-west-1.amazonaws.com"),
            (HttpOrigin{"s3.eu-west-1.amazonaws.com", 443, true}));
  EXPECT_EQ(*parse_origin("http://localhost:9000/"), (HttpOrigin{"localhost", 9000, false}));
  EXPECT_EQ(*parse_origin("https://S3.EU-West-1.AmazonAWS.com"),
            (HttpOrigin{"s3.eu-west-1.amazonaws.com", 443, true}));
  EXPECT_EQ(*parse_origin("HTTP://127.0.0.1"), (HttpOrigin{"127.0.0.1", 80, false}));
  EXPECT_EQ(*parse_origin("http://127.0.0.1"), (HttpOrigin{"127.0.0.1", 80, false}));
  EXPECT_EQ(*parse_origin("https://[::1]:8443"), (HttpOrigin{"::1", 8443, true}));
  EXPECT_EQ(*parse_origin("https://[2001:db8::1]"), (HttpOrigin{"2001:db8::1", 443, true}));
}

TEST(OriginTest, TheAuthorityNamesAPortOnlyWhereItIsUnusual) {
  EXPECT_EQ((HttpOrigin{"example.com", 443, true}).authority(), "example.com");
  EXPECT_EQ((HttpOrigin{"example.com", 80, false}).authority(), "example.com");
  EXPECT_EQ((HttpOrigin{"example.com", 80, true}).authority(), "example.com:80");
  EXPECT_EQ((HttpOrigin{"::1", 443, true}).authority(), "[::1]");
  EXPECT_EQ((HttpOrigin{"::1", 9000, false}).authority(), "[::1]:9000");
  EXPECT_EQ((HttpOrigin{"::1", 443, true}).url(), "https://[::1]:443");
}

TEST(OriginTest, WhatIsNoOriginIsRefused) {
  for (const char* url : {"",
                          "localhost",
                          "ftp://a",
                          "https://",
                          "https:///",
                          "https://:80",
                          "https://a:",
                          "https://a:0",
                          "https://a:65536",
                          "https://a:8o",
                          "https://a:-1",
                          "https://a/b",
                          "https://a//",
                          "https://a?b",
                          "https://a#b",
                          "https://u:p@a",
                          "https://a b",
                          "https://a\r\n",
                          "https://[::1",
                          "https://[]",
                          "https://[a]",
                          "https://[::1]x",
                          "https://::1",
                          "https://[::1]:",
                          "https://a_\xc3\xa4",
                          "https://[fe80::1%eth0]"}) {
    auto origin = parse_origin(url);
    ASSERT_TRUE(origin.has_error()) << url;
    EXPECT_EQ(origin.error().code, ErrorCode::invalid_argument) << url;
    EXPECT_EQ(origin.error().message.find("u:p@"), std::string::npos) << "a password is shown";
  }
}

TEST(HttpEndpoint, MayHaveAPath) {
  const auto path_of = [](std::string_view url) {
    auto endpoint = parse_endpoint(url);
    return endpoint.has_value() ? endpoint->origin.host + " " + endpoint->path : "refused";
  };
  EXPECT_EQ(path_of("https://store.example.com"), "store.example.com ");
  EXPECT_EQ(path_of("https://store.example.com/"), "store.example.com ");
  EXPECT_EQ(path_of("http://store.example.com:9000/s3/v1/"), "store.example.com /s3/v1");
  EXPECT_EQ(path_of("https://[::1]:9000/a%20b"), "::1 /a%20b");
  for (const char* url :
       {"https://h/a//b", "https://h/a/../b", "https://h/.", "https://h/a?b", "https://h/a#b",
        "https://h/a b", "h/a", "https:///a", "https://user@h/a", "ftp://h/a"}) {
    EXPECT_EQ(path_of(url), "refused") << url;
  }
}

}  // namespace
}  // namespace dth::net

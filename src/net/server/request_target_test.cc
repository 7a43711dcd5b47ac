#include "net/server/request_target.h"

#include <gtest/gtest.h>

namespace dth::net {
namespace {

TEST(RequestTargetTest, PathsAreDecoded) {
  const auto target = parse_request_target("/a%20b/%C3%A4%3F?q=%20&r", false);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a b/\xc3\xa4?");
  EXPECT_EQ(target->query, "q=%20&r");
  EXPECT_EQ(target->authority, "");
  EXPECT_EQ(parse_request_target("/?", false)->query, "");
  EXPECT_EQ(parse_request_target("/...", false)->path, "/...");
  EXPECT_EQ(parse_request_target("/.hidden", false)->path, "/.hidden");
  EXPECT_EQ(parse_request_target("//a", false)->path, "//a");
}

TEST(RequestTargetTest, AbsoluteTargetsNameTheirHost) {
  const auto target = parse_request_target("http://example.com:8080/a?b=://c", false);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->authority, "example.com:8080");
  EXPECT_EQ(target->path, "/a");
  EXPECT_EQ(target->query, "b=://c");
  EXPECT_EQ(parse_request_target("HTTPS://[::1]", false)->path, "/");
  EXPECT_EQ(parse_request_target("http://h?q", false)->query, "q");
}

TEST(RequestTargetTest, AnAsteriskIsForOptions) {
  EXPECT_EQ(parse_request_target("*", true)->path, "*");
  EXPECT_FALSE(parse_request_target("*", false));
}

TEST(RequestTargetTest, WhatCouldMeanTwoThingsIsRefused) {
  for (const char* target : {"",
                             "a",
                             "example.com:443",
                             "ftp://h/",
                             "http:///a",
                             "http://user@h/",
                             "http://h:123456/",
                             "http://h:x/",
                             "/..",
                             "/../a",
                             "/a/..",
                             "/a/../b",
                             "/./a",
                             "/a/.",
                             "/%2e%2e/a",
                             "/%2E./a",
                             "/.%2e",
                             "/a%2fb",
                             "/a%2Fb",
                             "/a%5cb",
                             "/a%5Cb",
                             "/a\\b",
                             "/a%00b",
                             "/a%0ab",
                             "/a%0d%0ab",
                             "/a%7f",
                             "/a%",
                             "/a%4",
                             "/a%zz",
                             "/a#b",
                             "/a\"b",
                             "/a<b",
                             "/a b",
                             "/%ff",
                             "/%c0%ae%c0%ae/",
                             "/a\tb",
                             "/\x80",
                             "*a",
                             "?q"}) {
    EXPECT_FALSE(parse_request_target(target, true)) << target;
  }
}

TEST(RequestTargetTest, HostsAreNamesOrAddresses) {
  for (const char* host : {"h", "a.example.com", "127.0.0.1:80", "[::1]", "[::1]:443", "a_b", "h:"})
    EXPECT_TRUE(is_host(host)) << host;
  for (const char* host : {"", ":80", "a b", "a/b", "a@b", "h:80:90", "h:123456", "[::1", "[]",
                           "[::1]x", "a,b", "h:8a", "<h>"}) {
    EXPECT_FALSE(is_host(host)) << host;
  }
}

}  // namespace
}  // namespace dth::net

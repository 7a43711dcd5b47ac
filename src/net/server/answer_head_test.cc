#include "net/server/answer_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_date.h"
#include "net/server/router.h"

namespace dth::net {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr TimePoint now{std::chrono::seconds(784111777)};

class AnswerHeadTest : public ::testing::Test {
 protected:
  std::string write(HttpHeaders headers, bool secure = false,
                    AnswerFraming framing = {.length = 3}) {
    AnswerHeads heads("default-src 'none'", secure);
    auto written = heads.write(200, headers, framing, "id-1", now, &text);
    return written.has_error() ? "error: " + written.error().message : text;
  }
  std::string text;
};

TEST_F(AnswerHeadTest, EachAnswerIsDatedNamedAndGuarded) {
  const std::string head = write({{"Content-Type", "text/plain"}});
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"))
      << head;
  for (const char* line :
       {"Content-Type: text/plain", "X-Request-Id: id-1", "Content-Length: 3",
        "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "X-Frame-Options: DENY",
        "Cross-Origin-Opener-Policy: same-origin", "Content-Security-Policy: default-src 'none'"}) {
    EXPECT_THAT(head, HasSubstr("\r\n" + std::string(line) + "\r\n"));
  }
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Strict-Transport-Security")));
  EXPECT_THAT(head, Not(HasSubstr("Server:")));
  EXPECT_THAT(write({}, true), HasSubstr("\r\nStrict-Transport-Security: max-age=31536000\r\n"));
}

TEST_F(AnswerHeadTest, AnAnswerMayStateItsOwn) {
  const std::string head = write(
      {{"content-security-policy", "default-src 'self'"}, {"X-FRAME-OPTIONS", "SAMEORIGIN"}}, true);
  EXPECT_THAT(head, HasSubstr("content-security-policy: default-src 'self'\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("default-src 'none'")));
  EXPECT_THAT(head, Not(HasSubstr("DENY")));
  EXPECT_THAT(head, HasSubstr("X-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(head, HasSubstr("Strict-Transport-Security: "));
}

TEST_F(AnswerHeadTest, WhatWouldBeginAnotherLineIsNotWritten) {
  using namespace std::string_literals;
  for (const std::string& value : {"a\r\nSet-Cookie: b"s, "a\nb"s, "a\rb"s, "a\0b"s, "\n"s}) {
    EXPECT_THAT(write({{"X-A", value}}), HasSubstr("error: the value of the header X-A"));
  }
  for (const std::string& name : {"X-A\r\nB"s, "X A"s, "X-A:"s, ""s, "X\0A"s, "X\xc3\xa4"s}) {
    EXPECT_THAT(write({{name, "v"}}), HasSubstr("error: a header's name"));
  }
  for (const char* name :
       {"content-length", "Transfer-Encoding", "Connection", "Date", "X-Request-Id", "Upgrade"}) {
    EXPECT_THAT(write({{name, "1"}}), HasSubstr("is the server's own"));
  }
}

TEST_F(AnswerHeadTest, FramingIsStated) {
  EXPECT_THAT(write({}, false, {.chunked = true}), HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_THAT(write({}, false, {.close = true}), HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(write({}, false, {.keep_alive_1_0 = true}),
              HasSubstr("\r\nConnection: keep-alive\r\n"));
  EXPECT_THAT(write({}, false, {.upgrade = true}),
              HasSubstr("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"));
}

TEST(HttpDateTest, ADateComesBack) {
  for (const std::int64_t seconds : {0, 784111777, 951782400, 1735689599}) {
    const TimePoint time{std::chrono::seconds(seconds)};
    EXPECT_EQ(parse_http_date(format_http_date(time)), time) << format_http_date(time);
  }
}

Async<void> nothing(ServerExchange&) { co_return; }
Route route(std::string path, bool prefix, std::vector<std::string> methods) {
  return {std::move(path), prefix, std::move(methods), nothing};
}

TEST(RouterTest, ExactPathsComeFirstThenTheLongestPrefix) {
  auto router = Router::make({route("/", true, {"GET"}), route("/a", false, {"GET"}),
                              route("/a", false, {"POST", "PUT"}), route("/a/", true, {"GET"}),
                              route("/a/b/", true, {"GET"})});
  ASSERT_TRUE(router.has_value());
  const auto path_of = [&](std::string_view path, std::string_view method = "GET") {
    const auto match = router->match(path, method);
    return match.route == nullptr ? "none" : match.route->path;
  };
  EXPECT_EQ(path_of("/"), "/");
  EXPECT_EQ(path_of("/x/y"), "/");
  EXPECT_EQ(path_of("/a"), "/a");
  EXPECT_EQ(path_of("/ab"), "/");
  EXPECT_EQ(path_of("/a/"), "/a/");
  EXPECT_EQ(path_of("/a/b"), "/a/");
  EXPECT_EQ(path_of("/a/b/c/d"), "/a/b/");
  EXPECT_EQ(path_of("/a", "PUT"), "/a");
  EXPECT_EQ(path_of("/a", "HEAD"), "/a");
  EXPECT_EQ(path_of("/a", "DELETE"), "none");
  EXPECT_EQ(path_of("/a", "get"), "none");
  EXPECT_EQ(router->match("/a", "DELETE").allow, "GET, HEAD, POST, PUT, OPTIONS");
  EXPECT_TRUE(router->match("/a", "DELETE").found_path);
  EXPECT_FALSE(router->match("*", "GET").found_path);
}

TEST(RouterTest, RoutesThatCannotBeAreNamed) {
  const auto fault = [](std::vector<Route> routes) {
    auto router = Router::make(std::move(routes));
    return router.has_error() ? router.error().message : "none";
  };
  EXPECT_THAT(fault({route("a", false, {"GET"})}), HasSubstr("slash"));
  EXPECT_THAT(fault({route("/a", true, {"GET"})}), HasSubstr("prefix"));
  EXPECT_THAT(fault({route("/a", false, {})}), HasSubstr("methods"));
  EXPECT_THAT(fault({route("/a", false, {"GE T"})}), HasSubstr("methods"));
  EXPECT_THAT(fault({Route{"/a", false, {"GET"}, {}, {}, 0}}), HasSubstr("handler"));
  EXPECT_THAT(fault({route("/a", false, {"GET"}), route("/a", false, {"PUT", "GET"})}),
              HasSubstr("two routes"));
}

}  // namespace
}  // namespace dth::net

#include "net/response_parser.h"

#include <gtest/gtest.h>

namespace dth::net {
namespace {

// Feeds `text` in pieces of `step` bytes, as a socket would; how many bytes the head took.
Result<std::size_t> feed(ResponseParser& parser, std::string_view text, std::size_t step) {
  std::size_t begin = 0;
  for (std::size_t end = 0; end < text.size() && !parser.head_done();) {
    end = std::min(text.size(), end + step);
    auto taken = parser.feed_head(as_bytes(text.substr(begin, end - begin)));
    if (taken.has_error()) return taken.error();
    begin += *taken;
  }
  return begin;
}

TEST(ResponseParserTest, AHeadMayComeInAnyPieces) {
  constexpr std::string_view text = "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Length: 12\r\n\r\n";
  for (const std::size_t step : {1u, 2u, 3u, 7u, 64u, 1000u}) {
    ResponseParser parser;
    parser.reset(false, 1000);
    auto taken = feed(parser, std::string(text) + "body", step);
    ASSERT_TRUE(taken.has_value()) << step;
    EXPECT_EQ(*taken, text.size());
    EXPECT_TRUE(parser.head_done());
    EXPECT_EQ(parser.status(), 206);
    EXPECT_EQ(parser.framing(), ResponseParser::Framing::length);
    EXPECT_EQ(parser.content_length(), 12u);
    EXPECT_TRUE(parser.keep_alive());
    const auto headers = parser.take_headers();
    ASSERT_EQ(headers.size(), 2u) << step;
    EXPECT_EQ(headers[0].value, "\"a\"");
  }
}

TEST(ResponseParserTest, WhatIsNotHttpIsRefused) {
  for (const char* text :
       {"\r\n\r\nmore than a version\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/0.9 200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\na b: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: c\r\n\r\n", "HTTP/1.1 200 OK\nA: b\n\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1,\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 2\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.12 200 OK\r\n\r\n",
        "HTTP/1.1 200 O\x01K\r\n\r\n", "HTTP/1.1 200 OK\r\n a: b\r\n\r\n", "HTTP/1.1 200 OK\r\na : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nabc\r\n\r\n", "HTTP/1.1 200 OK\r\na: b\rc\r\n\r\n", "HTTP/1.1 200 OK\r\na: b\x7f\r\n\r\n",
        "HTTP/1.1 200 OK\r\na: 12345678\x1f\r\n\r\n", "HTTP/1.1 200 OK\r\na: b\r\n c\x02\r\n\r\n"}) {
    ResponseParser parser;
    parser.reset(false, 1000);
    auto taken = feed(parser, text, 1000);
    ASSERT_TRUE(taken.has_error()) << text;
    EXPECT_EQ(taken.error().code, ErrorCode::data_corrupted);
  }
}

TEST(ResponseParserTest, TheLimitIsForAllLinesTogetherHoweverTheyCome) {
  std::string text = "HTTP/1.1 200 OK\r\n";
  while (text.size() < 2000) text += "x-header: some value\r\n";
  text += "\r\n";
  for (const std::size_t step : {1u, 50u, 5000u}) {
    ResponseParser parser;
    parser.reset(false, 1000);
    EXPECT_TRUE(feed(parser, text, step).has_error()) << step;
    parser.reset(false, 4000);
    EXPECT_TRUE(feed(parser, text, step).has_value()) << step;
  }
}

TEST(ResponseParserTest, BodiesAreFramed) {
  const auto framing = [](std::string_view text, bool is_head) {
    ResponseParser parser;
    parser.reset(is_head, 1000);
    EXPECT_TRUE(feed(parser, text, 1000).has_value());
    return parser.framing();
  };
  using Framing = ResponseParser::Framing;
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true), Framing::none);
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true), Framing::none);
  EXPECT_EQ(framing("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false), Framing::none);
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false), Framing::none);
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false), Framing::chunked);
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\n\r\n", false), Framing::until_close);
}

TEST(ResponseParserTest, LinesThatGoOnAreOneValue) {
  constexpr std::string_view text =
      "HTTP/1.1 200 OK\r\na: 1\r\n \t2\t\r\n\t\r\n 3\r\nb:\r\n  x\r\nc: y \r\n \r\nConnection: a,\r\n close\r\n\r\n";
  for (const std::size_t step : {1u, 5u, 1000u}) {
    ResponseParser parser;
    parser.reset(false, 1000);
    ASSERT_TRUE(feed(parser, text, step).has_value()) << step;
    EXPECT_FALSE(parser.keep_alive());
    const auto headers = parser.take_headers();
    ASSERT_EQ(headers.size(), 4u);
    EXPECT_EQ(headers[0].value, "1   \t2\t  \t   3");
    EXPECT_EQ(headers[1].value, "x");
    EXPECT_EQ(headers[2].value, "y");
  }
}

TEST(ResponseParserTest, AReasonMayBeMissing) {
  for (const char* text : {"HTTP/1.1 404\r\n\r\n", "HTTP/1.1 404 \r\n\r\n", "HTTP/1.0 404 N\xc3\xb6\r\n\r\n"}) {
    ResponseParser parser;
    parser.reset(false, 1000);
    ASSERT_TRUE(feed(parser, text, 1000).has_value()) << text;
    EXPECT_EQ(parser.status(), 404);
  }
}

TEST(ResponseParserTest, TheConnectionIsKeptWhereBothSidesCan) {
  const auto keep_alive = [](std::string_view head) {
    ResponseParser parser;
    parser.reset(false, 1000);
    EXPECT_TRUE(feed(parser, std::string(head) + "\r\n", 1000).has_value()) << head;
    return parser.keep_alive();
  };
  EXPECT_TRUE(keep_alive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"));
  EXPECT_TRUE(keep_alive("HTTP/1.1 204 No Content\r\n"));
  EXPECT_TRUE(keep_alive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n"));
  EXPECT_TRUE(keep_alive("HTTP/1.1 200 OK\r\nContent-Length: 1 , 1\r\nConnection: closed\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nconnection: x, Close\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nProxy-Connection: close\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n"));
  EXPECT_TRUE(keep_alive("HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n"));
}

// Who speaks something else may never end a line.
TEST(ResponseParserTest, WhatIsNotHttpIsRefusedBeforeItsLineEnds) {
  ResponseParser parser;
  parser.reset(false, 1000);
  EXPECT_TRUE(parser.feed_head(as_bytes("HTTP/")).has_value());
  EXPECT_FALSE(parser.head_begun());
  EXPECT_TRUE(parser.feed_head(as_bytes("HTTP/2")).has_error());
  parser.reset(false, 1000);
  EXPECT_TRUE(parser.feed_head(as_bytes("\x15\x03")).has_error());
}

}  // namespace
}  // namespace dth::net

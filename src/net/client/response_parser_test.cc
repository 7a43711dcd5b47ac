#include "net/client/response_parser.h"

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
  constexpr std::string_view text =
      "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Length: 12\r\n\r\n";
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

TEST(ResponseParserTest, AStatusLineMayLackItsSpace) {
  constexpr std::string_view text = "HTTP/1.1 200\r\nETag: \"a\"\r\nContent-Length: 12\r\n\r\n";
  for (const std::size_t step : {1u, 2u, 13u, 1000u}) {
    ResponseParser parser;
    parser.reset(false, 1000);
    auto taken = feed(parser, std::string(text) + "body", step);
    ASSERT_TRUE(taken.has_value()) << step;
    EXPECT_EQ(*taken, text.size());
    EXPECT_EQ(parser.status(), 200);
    EXPECT_EQ(parser.content_length(), 12u);
    EXPECT_EQ(parser.take_headers().value_of("etag"), "\"a\"");
  }
}

TEST(ResponseParserTest, MetadataMayHaveNamesThatNoHeaderMayHave) {
  constexpr std::string_view text =
      "HTTP/1.1 200 OK\r\nx-amz-meta-my name: one \r\nContent-Length: 12\r\nX-Amz-Meta-(b): "
      "two\r\nETag: \"a\"\r\n\r\n";
  for (const std::size_t step : {1u, 7u, 1000u}) {
    ResponseParser parser;
    parser.reset(false, 1000);
    auto taken = feed(parser, std::string(text) + "body", step);
    ASSERT_TRUE(taken.has_value()) << step;
    EXPECT_EQ(*taken, text.size());
    EXPECT_EQ(parser.content_length(), 12u);
    const auto headers = parser.take_headers();
    EXPECT_EQ(headers.size(), 4u);
    EXPECT_EQ(headers.value_of("x-amz-meta-my name"), "one");
    EXPECT_EQ(headers.value_of("x-amz-meta-(b)"), "two");
  }
}

TEST(ResponseParserTest, WhatIsNotHttpIsRefused) {
  for (const char* text :
       {"\r\n\r\nmore than a version\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/0.9 200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\na b: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: c\r\n\r\n", "HTTP/1.1 200 OK\nA: b\n\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n"}) {
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
  EXPECT_EQ(framing("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false),
            Framing::none);
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false), Framing::none);
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false),
            Framing::chunked);
  EXPECT_EQ(framing("HTTP/1.1 200 OK\r\n\r\n", false), Framing::until_close);
}

TEST(ResponseParserTest, ChunksMayComeInAnyPieces) {
  constexpr std::string_view text =
      "5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nx-trailer: y\r\n\r\n";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    ResponseParser parser;
    parser.reset(false, 1000);
    ASSERT_TRUE(
        feed(parser, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 1000).has_value());
    std::array<std::byte, 64> buffer{};
    std::span<std::byte> space(buffer);
    std::size_t begin = 0;
    for (std::size_t end = 0; end < text.size();) {
      end = std::min(text.size(), end + step);
      auto taken = parser.feed_chunks(as_bytes(text.substr(begin, end - begin)), &space);
      ASSERT_TRUE(taken.has_value()) << step << ": " << taken.error().to_string();
      begin += *taken;
    }
    EXPECT_TRUE(parser.body_done()) << step;
    EXPECT_EQ(std::string(reinterpret_cast<char*>(buffer.data()), buffer.size() - space.size()),
              "hello0123456789");
  }
}

}  // namespace
}  // namespace dth::net

#include "net/server/request_parser.h"

#include <gtest/gtest.h>

namespace dth::net {
namespace {

constexpr std::size_t head_bytes_max = 2048;
constexpr std::size_t body_bytes_max = 64;

struct Outcome {
  unsigned refused = 0;  // 0: taken
  bool complete = false;
  RequestHead head;
  std::string body;
  std::string rest;
};

// Feeds `text` in pieces of `piece` bytes, as a connection does.
Outcome parse(std::string_view text, std::size_t piece = 4096) {
  RequestParser parser(head_bytes_max);
  Outcome outcome;
  std::size_t at = 0, end = 0, head_size = 0;
  while (head_size == 0) {
    if (end == text.size()) return outcome;
    end = std::min(text.size(), end + piece);
    const auto scan = parser.scan_head(text.substr(0, end));
    if (scan.refusal) {
      outcome.refused = scan.refusal->status;
      return outcome;
    }
    head_size = scan.head_size;
  }
  if (const auto refusal = parser.parse_head(text.substr(0, head_size), &outcome.head)) {
    outcome.refused = refusal->status;
    return outcome;
  }
  at = head_size;
  if (!outcome.head.chunked) {
    outcome.body = text.substr(at, outcome.head.content_length);
    outcome.complete = outcome.body.size() == outcome.head.content_length;
    outcome.rest = text.substr(at + outcome.body.size());
    return outcome;
  }
  for (;;) {
    std::size_t taken = 0;
    if (const auto refusal =
            parser.feed_chunks(text.substr(at, end - at), &taken, &outcome.body, body_bytes_max)) {
      outcome.refused = refusal->status;
      return outcome;
    }
    at += taken;
    outcome.complete = parser.body_done();
    if (outcome.complete || end == text.size()) break;
    end = std::min(text.size(), end + piece);
  }
  outcome.rest = text.substr(at);
  return outcome;
}

constexpr std::string_view get = "GET /a?b HTTP/1.1\r\nHost: h\r\n";

TEST(RequestParserTest, AHeadIsUnderstood) {
  for (std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{4096}}) {
    const auto outcome = parse(std::string(get) + "X-One:  two words \r\n\r\nnext", piece);
    EXPECT_EQ(outcome.refused, 0u);
    EXPECT_EQ(outcome.head.method, "GET");
    EXPECT_EQ(outcome.head.target, "/a?b");
    EXPECT_EQ(outcome.head.headers.find("x-one"), "two words");
    EXPECT_FALSE(outcome.head.has_body());
    EXPECT_TRUE(outcome.head.keep_alive);
    EXPECT_FALSE(outcome.head.http_1_0);
    EXPECT_EQ(outcome.rest, "next");
  }
}

TEST(RequestParserTest, ChunksAreDecodedHoweverTheyCome) {
  const std::string text = std::string(get) +
                           "Transfer-Encoding: chunked\r\n\r\n5;a=b;c=\"d e\"\r\nhello\r\n00A\r\n "
                           "123456789\r\n0\r\nTrailer: x\r\n\r\nnext";
  for (std::size_t piece = 1; piece < 40; ++piece) {
    const auto outcome = parse(text, piece);
    EXPECT_EQ(outcome.refused, 0u) << piece;
    EXPECT_TRUE(outcome.complete) << piece;
    EXPECT_EQ(outcome.body, "hello 123456789") << piece;
    EXPECT_TRUE(outcome.rest.starts_with("next")) << piece << outcome.rest;
  }
}

TEST(RequestParserTest, ConnectionsAreKeptOrNot) {
  EXPECT_FALSE(parse(std::string(get) + "Connection: close\r\n\r\n").head.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").head.keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").head.keep_alive);
  EXPECT_TRUE(parse("\r\n" + std::string(get) + "\r\n").head.keep_alive);
}

TEST(RequestParserTest, ExpectationsAreOfABody) {
  EXPECT_TRUE(parse(std::string(get) + "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n")
                  .head.expects_continue);
  EXPECT_FALSE(parse(std::string(get) + "Expect: 100-continue\r\n\r\n").head.expects_continue);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx")
                   .head.expects_continue);
  EXPECT_EQ(parse(std::string(get) + "Expect: miracles\r\n\r\n").refused, 417u);
}

struct Case {
  const char* name;
  std::string text;
  unsigned refused;
};

std::string with(std::string_view lines) { return std::string(get) + std::string(lines) + "\r\n"; }
std::string chunked(std::string_view body) {
  return with("Transfer-Encoding: chunked\r\n") + std::string(body);
}

class RefusalTest : public ::testing::TestWithParam<Case> {};

TEST_P(RefusalTest, IsRefused) {
  EXPECT_EQ(parse(GetParam().text).refused, GetParam().refused) << GetParam().text;
  EXPECT_EQ(parse(GetParam().text, 1).refused, GetParam().refused) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Framing, RefusalTest,
    ::testing::Values(
        Case{"length_and_coding", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
        Case{"coding_and_length", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
        Case{"coding_and_length_zero", with("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
             400},
        Case{"unknown_coding_and_length", with("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"),
             400},
        Case{"two_lengths", with("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
        Case{"two_equal_lengths", with("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
        Case{"list_of_lengths", with("Content-Length: 5, 5\r\n"), 400},
        Case{"plus_length", with("Content-Length: +5\r\n"), 400},
        Case{"minus_length", with("Content-Length: -5\r\n"), 400},
        Case{"hex_length", with("Content-Length: 0x5\r\n"), 400},
        Case{"empty_length", with("Content-Length:\r\n"), 400},
        Case{"huge_length", with("Content-Length: 99999999999999999999\r\n"), 400},
        Case{"length_with_space", with("Content-Length: 1 2\r\n"), 400},
        Case{"unknown_coding", with("Transfer-Encoding: gzip\r\n"), 501},
        Case{"coding_in_a_list", with("Transfer-Encoding: gzip, chunked\r\n"), 501},
        Case{"identity", with("Transfer-Encoding: identity\r\n"), 501},
        Case{"two_codings", with("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), 400},
        Case{"chunked_twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
             400},
        Case{"strange_chunked", with("Transfer-Encoding: xchunked\r\n"), 501},
        Case{"chunked_with_vt", with("Transfer-Encoding: \vchunked\r\n"), 400},
        Case{"quoted_chunked", with("Transfer-Encoding: \"chunked\"\r\n"), 501},
        Case{"coding_in_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Lines, RefusalTest,
    ::testing::Values(
        Case{"no_host", "GET / HTTP/1.1\r\n\r\n", 400},
        Case{"two_hosts", with("Host: other\r\n"), 400},
        Case{"space_before_colon", with("X-A : b\r\n"), 400},
        Case{"space_in_name", with("X A: b\r\n"), 400}, Case{"no_colon", with("X-A\r\n"), 400},
        Case{"no_name", with(": b\r\n"), 400}, Case{"folded", with("X-A: b\r\n c\r\n"), 400},
        Case{"folded_by_tab", with("X-A: b\r\n\tc\r\n"), 400},
        Case{"folded_at_once", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400},
        Case{"bare_lf", "GET / HTTP/1.1\nHost: h\n\n", 400},
        Case{"one_bare_lf", with("X-A: b\nX-C: d\r\n"), 400},
        Case{"bare_cr", with("X-A: b\rX-C: d\r\n"), 400},
        Case{"cr_cr_lf", with("X-A: b\r\r\n"), 400},
        Case{"nul", with(std::string_view("X-A: b\0c\r\n", 10)), 400},
        Case{"delete", with("X-A: b\x7f\r\n"), 400},
        Case{"tab_in_request_line", "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Case{"two_spaces", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Case{"space_in_target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Case{"space_at_end", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400},
        Case{"no_version", "GET /\r\nHost: h\r\n\r\n", 400}, Case{"http_0_9", "GET /\r\n\r\n", 400},
        Case{"http_2", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
        Case{"http_1_2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", 505},
        Case{"preface_of_2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        Case{"long_version", "GET / HTTP/1.11\r\nHost: h\r\n\r\n", 400},
        Case{"small_http", "GET / http/1.1\r\nHost: h\r\n\r\n", 400},
        Case{"no_method", " / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Case{"eight_bits", "GET /\xc3\xa4 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Case{"tls_hello", "\x16\x03\x01\x02", 400}, Case{"binary", std::string("\0\0\0", 3), 400},
        Case{"json", "{\"a\":1}\r\n", 400},
        Case{"long_target", "GET /" + std::string(3000, 'a'), 414},
        Case{"long_headers", with("X-A: " + std::string(3000, 'a')), 431},
        Case{"many_headers",
             [] {
               std::string lines;
               for (int i = 0; i < 101; ++i) lines += "A: b\r\n";
               return with(lines);
             }(),
             431}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Chunks, RefusalTest,
    ::testing::Values(
        Case{"no_size", chunked("\r\nhello\r\n0\r\n\r\n"), 400},
        Case{"no_hex", chunked("g\r\nhello\r\n0\r\n\r\n"), 400},
        Case{"prefix", chunked("0x5\r\nhello\r\n0\r\n\r\n"), 400},
        Case{"minus", chunked("-5\r\nhello\r\n0\r\n\r\n"), 400},
        Case{"space_before", chunked(" 5\r\nhello\r\n0\r\n\r\n"), 400},
        Case{"space_behind", chunked("5 \r\nhello\r\n0\r\n\r\n"), 400},
        Case{"space_and_extension", chunked("5 ;a=b\r\nhello\r\n0\r\n\r\n"), 400},
        Case{"bare_lf", chunked("5\nhello\r\n0\r\n\r\n"), 400},
        Case{"bare_lf_in_extension", chunked("5;a\nb\r\nhello\r\n0\r\n\r\n"), 400},
        Case{"lf_behind_data", chunked("5\r\nhello\n0\r\n\r\n"), 400},
        Case{"longer_than_said", chunked("5\r\nhello!\r\n0\r\n\r\n"), 400},
        Case{"size_overflows", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"), 400},
        Case{"size_huge", chunked("ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 413},
        Case{"body_too_long", chunked("40\r\n" + std::string(64, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n"),
             413},
        Case{"extensions_too_long",
             chunked("5;a=" + std::string(1100, 'b') + "\r\nhello\r\n0\r\n\r\n"), 400},
        Case{"strange_extension", chunked("5;=\r\nhello\r\n0\r\n\r\n"), 400},
        Case{"trailer_without_colon", chunked("0\r\nnonsense\r\n\r\n"), 400},
        Case{"trailer_with_bare_lf", chunked("0\r\nA: b\nC: d\r\n\r\n"), 400}),
    [](const auto& info) { return info.param.name; });

TEST(RequestParser, MethodsThatNobodyKnowsAreNotTaken) {
  RequestParser parser(16 * 1024);
  RequestHead head;
  const std::string text = std::string(8000, 'M') + " / HTTP/1.1\r\nHost: h\r\n\r\n";
  ASSERT_EQ(parser.scan_head(text).head_size, text.size());
  EXPECT_EQ(parser.parse_head(text, &head)->status, 501u);
  EXPECT_EQ(head.method, "");
}

}  // namespace
}  // namespace dth::net

#include "net/client/request_head.h"

#include <gtest/gtest.h>

namespace dth::net {
namespace {

using namespace std::string_literals;

Result<std::string> write(const HttpRequest& request, std::optional<std::uint64_t> body_size = {}) {
  std::string text = "left over";
  auto written = write_request_head(request, "example.com", body_size, &text);
  if (written.has_error()) return written.error();
  return text;
}

TEST(RequestHeadTest, LinesAreInOrder) {
  HttpRequest request;
  request.method = "PUT";
  request.target = "/a%20b?uploads";
  request.headers = {{"x-b", "1"}, {"x-a", ""}, {"x-c", "\xc3\xa4 \t"}};
  request.expect_continue = true;
  EXPECT_EQ(*write(request, 12345678901234),
            "PUT /a%20b?uploads HTTP/1.1\r\nHost: example.com\r\nUser-Agent: dth/" DTH_VERSION
            "\r\nx-b: 1\r\nx-a: \r\nx-c: \xc3\xa4 \t\r\n"
            "Content-Length: 12345678901234\r\nExpect: 100-continue\r\n\r\n");
}

TEST(RequestHeadTest, NothingIsExpectedWithoutABody) {
  HttpRequest request;
  request.expect_continue = true;
  EXPECT_EQ(write(request)->find("Expect"), std::string::npos);
  EXPECT_EQ(write(request, 0)->find("Expect"), std::string::npos);
}

TEST(RequestHeadTest, NothingCanBeSmuggledIn) {
  for (const auto& value : {"a\r\nx: y"s, "a\n"s, "\ra"s, "a\0b"s}) {
    HttpRequest request;
    request.headers = {{"x-a", value}};
    EXPECT_EQ(write(request).error().code, ErrorCode::invalid_argument);
  }
  for (const auto& name : {""s, "a b"s, "a:"s, "a\r\n"s, "a\0"s, "\xc3\xa4"s}) {
    HttpRequest request;
    request.headers = {{name, "x"}};
    EXPECT_EQ(write(request).error().code, ErrorCode::invalid_argument);
  }
  for (const auto& target : {""s, "a"s, "/a b"s, "/a\r\n"s, "/a\0"s, "/\xc3\xa4"s, "/\x7f"s}) {
    HttpRequest request;
    request.target = target;
    EXPECT_EQ(write(request).error().code, ErrorCode::invalid_argument);
  }
  for (const auto& method : {""s, "GET "s, "G\r\nET"s}) {
    HttpRequest request;
    request.method = method;
    EXPECT_EQ(write(request).error().code, ErrorCode::invalid_argument);
  }
}

TEST(RequestHeadTest, HeadersOfTheClientsOwnAreRefused) {
  for (const char* name :
       {"host", "User-Agent", "Content-Length", "CONNECTION", "transfer-encoding", "Expect"}) {
    HttpRequest request;
    request.headers = {{name, "x"}};
    EXPECT_EQ(write(request).error().code, ErrorCode::invalid_argument) << name;
  }
}

}  // namespace
}  // namespace dth::net

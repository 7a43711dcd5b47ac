#include "net/http_headers.h"

#include <gtest/gtest.h>

namespace dth::net {
namespace {

std::string all_of(const HttpHeaders& headers) {
  std::string text;
  for (const HttpHeader header : headers)
    text.append(header.name).append("=").append(header.value).append("\n");
  return text;
}

TEST(HttpHeaders, KeepOrderSpellingAndRepetitions) {
  HttpHeaders headers{{"ETag", "1"}, {"x-empty", ""}};
  headers.push_back({"etag", "2"});
  EXPECT_EQ(all_of(headers), "ETag=1\nx-empty=\netag=2\n");
  EXPECT_EQ(headers.size(), 3u);
  EXPECT_EQ(headers[1], (HttpHeader{"x-empty", ""}));
  EXPECT_EQ(headers.value_of("ETAG"), "1");
  EXPECT_EQ(headers.value_of("X-Empty"), "");
  EXPECT_EQ(headers.value_of("e"), "");
  headers.clear();
  EXPECT_TRUE(headers.empty());
  EXPECT_EQ(headers.begin(), headers.end());
}

// Names of one length, some of them equal but for their case, or in all but their last character.
TEST(HttpHeaders, AreFoundByNameInAnyCaseAndByNothingElse) {
  const HttpHeaders headers{
      {"x-a-1", "1"}, {"x-a-q", "q"}, {"x-b-q", "b"}, {"x-a-Z", "Z"}, {"X-A-R", "R"}};
  EXPECT_EQ(headers.value_of("x-a-q"), "q");
  EXPECT_EQ(headers.value_of("X-A-Q"), "q");
  EXPECT_EQ(headers.value_of("x-B-q"), "b");
  EXPECT_EQ(headers.value_of("x-a-z"), "Z");
  EXPECT_EQ(headers.value_of("x-a-r"), "R");
  EXPECT_EQ(headers.find("x-c-q"), std::nullopt);
  EXPECT_EQ(headers.find("x-a-\x11"), std::nullopt) << "a control character is no other case of 1";
  EXPECT_EQ(headers.find(""), std::nullopt);
}

TEST(HttpHeaders, OwnFieldsMayBeAddedAgainWhereverTheTextMoves) {
  HttpHeaders headers{{"name", "value"}};
  std::string expected = "name=value\n";
  for (int i = 0; i < 1'000; ++i) {
    headers.push_back({headers[0].name, headers[headers.size() - 1].value});
    expected += "name=value\n";
  }
  EXPECT_EQ(all_of(headers), expected);
}

TEST(HttpHeaders, CopiesAreIndependent) {
  HttpHeaders headers{{"a", "1"}};
  HttpHeaders copy = headers;
  copy.push_back({"b", "2"});
  headers.append(copy);
  headers.append(headers);
  EXPECT_EQ(all_of(copy), "a=1\nb=2\n");
  EXPECT_EQ(all_of(headers), "a=1\na=1\nb=2\na=1\na=1\nb=2\n");
}

}  // namespace
}  // namespace dth::net

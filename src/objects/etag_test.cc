#include "objects/etag.h"

#include <string>

#include <gtest/gtest.h>

namespace dth::objects {
namespace {

const std::string md5 = "d41d8cd98f00b204e9800998ecf8427e";
const std::string upper = "D41D8CD98F00B204E9800998ECF8427E";

TEST(Etag, Md5sAreTheSameInEitherCase) {
  EXPECT_TRUE(is_same_etag(md5, upper));
  EXPECT_TRUE(is_same_etag(md5 + "-12", upper + "-12"));
  EXPECT_FALSE(is_same_etag(md5, "0" + upper.substr(1)));
  EXPECT_FALSE(is_same_etag(md5 + "-12", upper + "-13"));
  EXPECT_FALSE(is_same_etag(md5, upper + "-12"));
}

TEST(Etag, WhatAWebServerPutsBehindItIsNoneOfIt) {
  EXPECT_TRUE(is_same_etag(md5 + "-gzip", upper));
  EXPECT_TRUE(is_same_etag(md5 + "-2--gzip", upper + "-2"));
  EXPECT_TRUE(is_same_etag(md5 + ";br", md5 + "-zstd"));
  EXPECT_FALSE(is_same_etag(md5 + "-gzip", md5 + "-2"));
  EXPECT_FALSE(is_same_etag(md5 + "-other", md5));
  EXPECT_FALSE(is_same_etag("opaque-gzip", "opaque"));
  EXPECT_EQ(without_coding(md5 + "-3-gzip"), md5 + "-3");
  EXPECT_EQ(without_coding("gzip"), "gzip");
}

TEST(Etag, OthersAreComparedByteForByte) {
  EXPECT_TRUE(is_same_etag("v1-Opaque", "v1-Opaque"));
  EXPECT_FALSE(is_same_etag("v1-Opaque", "v1-opaque"));
  EXPECT_TRUE(is_same_etag("", ""));
  EXPECT_FALSE(is_same_etag("", md5));
}

TEST(Etag, PartsAreANumberAndNoSuffixOfAProxy) {
  EXPECT_TRUE(is_parts_etag(md5 + "-2"));
  EXPECT_TRUE(is_parts_etag(upper + "-10000"));
  EXPECT_TRUE(is_parts_etag(md5 + "-2-gzip"));
  EXPECT_FALSE(is_parts_etag(md5));
  EXPECT_FALSE(is_parts_etag(md5 + "-"));
  EXPECT_FALSE(is_parts_etag(md5 + "-gzip"));
  EXPECT_FALSE(is_parts_etag("abc-2"));
  EXPECT_TRUE(is_md5_etag(upper));
  EXPECT_FALSE(is_md5_etag(md5 + "-gzip"));
}

}  // namespace
}  // namespace dth::objects

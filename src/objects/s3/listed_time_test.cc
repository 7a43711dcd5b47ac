#include "objects/s3/listed_time.h"

#include <gtest/gtest.h>

namespace dth::objects::s3 {
namespace {

TEST(ListedTime, EveryFormThatServersSendIsOneTime) {
  const auto time = parse_time("2026-01-02T03:04:05Z");
  ASSERT_TRUE(time.has_value());
  for (const char* text :
       {"2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05+00:00", "2026-01-02T05:04:05+02:00",
        "2026-01-01T19:34:05-0730", "2026-01-02T03:04:05", "2026-01-02 03:04:05",
        "2026-01-02t03:04:05z", "2026-01-02T05:04:05.000+02", "Fri, 02 Jan 2026 03:04:05 GMT"}) {
    EXPECT_EQ(parse_listed_time(text), time) << text;
  }
}

TEST(ListedTime, WhatIsNoneIsNothing) {
  for (const char* text :
       {"", "yesterday", "2026-01-02", "2026-01-02T03:04:05+", "2026-01-02T03:04:05+xx:00",
        "2026-01-02T03:04:05+02:0", "2026-01-02T03:04:05+24:00", "2026-13-02T03:04:05+00:00",
        "1767323045"}) {
    EXPECT_EQ(parse_listed_time(text), std::nullopt) << text;
  }
}

TEST(ListedTime, TheZeroOfALanguageIsNoTime) {
  for (const char* text :
       {"0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z",
        "1969-12-31T23:59:59Z", "Thu, 01 Jan 1970 00:00:00 GMT"}) {
    EXPECT_EQ(parse_listed_time(text), std::nullopt) << text;
  }
  EXPECT_TRUE(parse_listed_time("1970-01-01T00:00:01Z").has_value());
}

}  // namespace
}  // namespace dth::objects::s3

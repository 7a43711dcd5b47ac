#include "base/zoned_time.h"

#include <gtest/gtest.h>

namespace dth {
namespace {

TEST(ZonedTime, EveryWayToWriteAZoneIsOneTime) {
  const auto time = parse_time("2026-01-02T03:04:05Z");
  for (const char* text :
       {"2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05+00:00", "2026-01-02T05:04:05+02:00",
        "2026-01-01T19:34:05-0730", "2026-01-02 03:04:05Z", "2026-01-02t03:04:05z",
        "2026-01-02T05:04:05.000+02"}) {
    EXPECT_EQ(parse_zoned_time(text), time) << text;
  }
}

TEST(ZonedTime, WhatHasNoZoneIsNoTime) {
  for (const char* text :
       {"", "noon", "2026-01-02T03:04:05", "2026-01-02T03:04:05+", "2026-01-02T03:04:05+xx:00",
        "2026-01-02T03:04:05+02:0", "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05Z+02:00"}) {
    EXPECT_EQ(parse_zoned_time(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace dth

#include "objects/file/token.h"

#include <gtest/gtest.h>

namespace dth::objects::file {
namespace {

TEST(Mtime, IsWrittenAsRcloneDoes) {
  EXPECT_EQ(format_mtime({1'700'000'000, 123'456'789}), "1700000000.123456789");
  EXPECT_EQ(format_mtime({1'700'000'000, 500'000'000}), "1700000000.5");
  EXPECT_EQ(format_mtime({1'700'000'000, 0}), "1700000000");
  EXPECT_EQ(format_mtime({0, 1}), "0.000000001");
  EXPECT_EQ(format_mtime({-1, 500'000'000}), "-0.5");
  EXPECT_EQ(format_mtime({-2, 0}), "-2");
}

TEST(Mtime, ComesBack) {
  for (const timespec& time : {timespec{1'700'000'000, 123'456'789},
                               {0, 0},
                               {0, 1},
                               {-1, 500'000'000},
                               {-2, 0},
                               {-3, 999'999'999},
                               {1ll << 33, 10}}) {
    const auto parsed = parse_mtime(format_mtime(time));
    ASSERT_TRUE(parsed.has_value()) << format_mtime(time);
    EXPECT_EQ(parsed->tv_sec, time.tv_sec);
    EXPECT_EQ(parsed->tv_nsec, time.tv_nsec);
  }
  EXPECT_EQ(parse_mtime("1700000000.1234567891234")->tv_nsec, 123'456'789);
}

TEST(Mtime, WhatIsNoTimeIsNone) {
  for (std::string_view text : {"", "-", ".5", "1.", "yesterday", "1700000000 ", "1e9", "1.5x",
                                "0x10", "99999999999999999999", "--1"}) {
    EXPECT_EQ(parse_mtime(text).has_value(), false) << text;
  }
}

TEST(Time, IsCutDownwards) {
  EXPECT_EQ(time_of({5, 1'999}).time_since_epoch().count(), 5'000'001);
  const timespec time = timespec_of(TimePoint(std::chrono::microseconds(-1)));
  EXPECT_EQ(time.tv_sec, -1);
  EXPECT_EQ(time.tv_nsec, 999'999'000);
}

TEST(ChangeToken, TellsEveryChangeAndIsNoMd5) {
  struct stat file {};
  file.st_ino = 7;
  file.st_size = 8;
  file.st_mtim = {9, 10};
  file.st_ctim = {11, 12};
  const std::string before = change_token(file);
  EXPECT_TRUE(before.starts_with("file-")) << before;
  const auto changes = [&](auto change) {
    struct stat other = file;
    change(other);
    return change_token(other) != before;
  };
  EXPECT_TRUE(changes([](struct stat& other) { other.st_ino = 8; }));
  EXPECT_TRUE(changes([](struct stat& other) { other.st_size = 9; }));
  EXPECT_TRUE(changes([](struct stat& other) { other.st_mtim.tv_nsec = 11; }));
  EXPECT_TRUE(changes([](struct stat& other) { other.st_ctim.tv_nsec = 13; }));
  EXPECT_FALSE(changes([](struct stat& other) { other.st_atim.tv_sec = 99; }));
}

}  // namespace
}  // namespace dth::objects::file

#include "options/amounts.h"

#include <gtest/gtest.h>

#include "options/address.h"

namespace dth::options {
namespace {

using namespace std::chrono_literals;

TEST(Amounts, Sizes) {
  EXPECT_EQ(parse_size("0"), 0u);
  EXPECT_EQ(parse_size("64KiB"), 65'536u);
  EXPECT_EQ(parse_size("5GiB"), 5ull << 30);
  EXPECT_EQ(parse_size("10MB"), 10'000'000u);
  EXPECT_EQ(parse_size("7B"), 7u);
  for (std::string_view text :
       {"", "GiB", "1.5GiB", "1 GiB", "-1", "99999999999999999999", "99999999999TiB", "1gib"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(Amounts, ASizeIsWrittenAsItIsRead) {
  EXPECT_EQ(format_size(0), "0");
  EXPECT_EQ(format_size(1000), "1000");
  EXPECT_EQ(format_size(64ull << 20), "64MiB");
  EXPECT_EQ(format_size((1ull << 30) + 1024), "1048577KiB");
  for (const std::uint64_t bytes : {0ull, 1ull, 1536ull, 5ull << 30, 18446744073709551615ull})
    EXPECT_EQ(parse_size(format_size(bytes)), bytes);
  EXPECT_EQ(format_size_rounded(1023), "1023 B");
  EXPECT_EQ(format_size_rounded(1536), "1.5 KiB");
}

TEST(Amounts, Counts) {
  EXPECT_EQ(parse_count("18446744073709551615"), UINT64_MAX);
  for (std::string_view text : {"", "-1", "1.0", " 1", "18446744073709551616"})
    EXPECT_FALSE(parse_count(text)) << text;
  EXPECT_EQ(format_count(1'234'567), "1,234,567");
  EXPECT_EQ(format_count(-1'000), "-1,000");
  EXPECT_EQ(format_count(999), "999");
}

TEST(Amounts, Durations) {
  EXPECT_EQ(parse_duration("0s"), 0s);
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("15m"), 15min);
  EXPECT_EQ(parse_duration("7d"), 7 * 24h);
  for (std::string_view text :
       {"", "s", "1", "1.5h", "-1s", "1 h", "99999999999999999999d", "40000d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  EXPECT_EQ(format_duration(0s), "0s");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(48h), "2d");
  EXPECT_EQ(format_duration(7 * 24h), "7d");
}

TEST(Amounts, Times) {
  const TimePoint now = *dth::parse_time("2026-03-08T12:00:00Z");
  EXPECT_EQ(parse_time("7d", now), dth::parse_time("2026-03-01T12:00:00Z"));
  EXPECT_EQ(parse_time("2026-03-01", now), dth::parse_time("2026-03-01T00:00:00Z"));
  EXPECT_EQ(parse_time("2026-03-01T01:02:03Z", now), dth::parse_time("2026-03-01T01:02:03Z"));
  for (std::string_view text : {"", "2026-13-01", "2026-03-01 12:00", "12:00"})
    EXPECT_FALSE(parse_time(text, now)) << text;
}

TEST(Amounts, Addresses) {
  for (const char* good : {"127.0.0.1:8080", "[::1]:0", "localhost:1", "hub.example.org:65535"}) {
    auto address = parse_address(good);
    ASSERT_TRUE(address.has_value()) << good;
    EXPECT_EQ(address->to_string(), good);
  }
  for (const char* bad : {"", ":", "8080", "127.0.0.1", "127.0.0.1:", ":80", "::1:80", "a:65536",
                          "a:-1", "a: 1", "a b:1", "[]:1", "a/b:1"}) {
    EXPECT_FALSE(parse_address(bad).has_value()) << bad;
  }
  EXPECT_TRUE(parse_address("127.3.2.1:1")->is_loopback());
  EXPECT_TRUE(parse_address("[::1]:1")->is_loopback());
  EXPECT_FALSE(parse_address("[::]:1")->is_loopback());
  EXPECT_FALSE(parse_address("128.0.0.1:1")->is_loopback());
}

}  // namespace
}  // namespace dth::options

#include "control/schedules/cron_expression.h"

#include <gtest/gtest.h>

namespace dth::control {
namespace {

using std::chrono::year_month_day;
namespace chr = std::chrono;

// The days of a month on which it is on.
std::vector<unsigned> days_of(const std::string& text, int year, unsigned month) {
  const auto cron = CronExpression::parse(text);
  EXPECT_TRUE(cron.has_value()) << text << ": " << (cron.has_error() ? cron.error().message : "");
  if (!cron) return {};
  std::vector<unsigned> days;
  for (unsigned day = 1; day <= 31; ++day) {
    const year_month_day date = chr::year(year) / static_cast<int>(month) / static_cast<int>(day);
    if (date.ok() && cron->is_on(date)) days.push_back(day);
  }
  return days;
}

using Days = std::vector<unsigned>;

// November 2026 begins with a Sunday and has 30 days.
TEST(CronExpression, Days) {
  EXPECT_EQ(days_of("0 0 1,15 * *", 2026, 11), (Days{1, 15}));
  EXPECT_EQ(days_of("0 0 */10 * *", 2026, 11), (Days{1, 11, 21}));
  EXPECT_EQ(days_of("0 0 28/2 * *", 2026, 11), (Days{28, 30}));
  EXPECT_EQ(days_of("0 0 * * 0", 2026, 11), (Days{1, 8, 15, 22, 29}));
  EXPECT_EQ(days_of("0 0 * * 7", 2026, 11), (Days{1, 8, 15, 22, 29}));
  EXPECT_EQ(days_of("0 0 * * sun", 2026, 11), (Days{1, 8, 15, 22, 29}));
  EXPECT_EQ(days_of("0 0 * * SAT-SUN", 2026, 11), (Days{1, 7, 8, 14, 15, 21, 22, 28, 29}));
  EXPECT_EQ(days_of("0 0 * * 6-7", 2026, 11), (Days{1, 7, 8, 14, 15, 21, 22, 28, 29}));
  EXPECT_EQ(days_of("0 0 * nov *", 2026, 10), (Days{}));
}

TEST(CronExpression, OneOfTwoRestrictedDaysIsEnough) {
  EXPECT_EQ(days_of("0 0 13 * 5", 2026, 11), (Days{6, 13, 20, 27}));
  EXPECT_EQ(days_of("0 0 3 * 5", 2026, 11), (Days{3, 6, 13, 20, 27}));
  // A field that begins with * restricts nothing, as crontab(5) has it.
  EXPECT_EQ(days_of("0 0 */2 * 5", 2026, 11), (Days{13, 27}));
}

TEST(CronExpression, LastAndNearestDays) {
  EXPECT_EQ(days_of("0 0 L * *", 2026, 2), (Days{28}));
  EXPECT_EQ(days_of("0 0 L * *", 2028, 2), (Days{29}));
  EXPECT_EQ(days_of("0 0 LW * *", 2026, 5), (Days{29}));    // the 31st is a Sunday
  EXPECT_EQ(days_of("0 0 1W * *", 2026, 8), (Days{3}));     // the 1st is a Saturday
  EXPECT_EQ(days_of("0 0 15W * *", 2026, 8), (Days{14}));   // a Saturday
  EXPECT_EQ(days_of("0 0 15W * *", 2026, 11), (Days{16}));  // a Sunday
  EXPECT_EQ(days_of("0 0 31W * *", 2026, 11), (Days{}));
  EXPECT_EQ(days_of("0 0 * * 5L", 2026, 11), (Days{27}));
  EXPECT_EQ(days_of("0 0 * * FRIL", 2026, 11), (Days{27}));
  EXPECT_EQ(days_of("0 0 * * 1#1", 2026, 11), (Days{2}));
  EXPECT_EQ(days_of("0 0 * * 0#5", 2026, 11), (Days{29}));
}

TEST(CronExpression, SixFieldsOfEventBridge) {
  EXPECT_EQ(days_of("cron(15 10 ? * 6L 2026)", 2026, 11), (Days{27}));
  EXPECT_EQ(days_of("cron(0 18 ? * MON-FRI *)", 2026, 11).size(), 21u);
  EXPECT_EQ(days_of("0 8 1 * ? *", 2026, 11), (Days{1}));
  EXPECT_EQ(days_of("0 8 ? * 1 *", 2026, 11), (Days{1, 8, 15, 22, 29}));  // 1: Sunday
  EXPECT_EQ(days_of("0 8 ? * 3#2 *", 2026, 11), (Days{10}));
  EXPECT_EQ(days_of("0 8 ? * L *", 2026, 11), (Days{7, 14, 21, 28}));
  EXPECT_EQ(days_of("0 8 ? * 7-2 *", 2026, 11).size(), 14u);
  EXPECT_EQ(days_of("0 8 1 * ? 2025", 2026, 11), (Days{}));
}

TEST(CronExpression, HoursAndMinutes) {
  const auto cron = CronExpression::parse("*/20 22-2 * * *").value();
  for (unsigned hour = 0; hour < 24; ++hour)
    EXPECT_EQ(cron.has_hour(hour), hour >= 22 || hour <= 2) << hour;
  for (unsigned minute = 0; minute < 60; ++minute)
    EXPECT_EQ(cron.has_minute(minute), minute % 20 == 0) << minute;
  EXPECT_FALSE(cron.is_hourly());
  EXPECT_TRUE(CronExpression::parse("5 * * * *")->is_hourly());
  EXPECT_TRUE(CronExpression::parse("@hourly")->is_hourly());
}

TEST(CronExpression, KeepsItsTextWithoutSpareSpaces) {
  EXPECT_EQ(CronExpression::parse("  0   2 * * mon ")->text(), "0 2 * * mon");
  EXPECT_EQ(CronExpression::parse("cron(0 18 ? * MON-FRI *)")->text(), "0 18 ? * MON-FRI *");
  EXPECT_EQ(CronExpression::parse("@daily")->text(), "@daily");
}

TEST(CronExpression, WhatIsWrongIsNamed) {
  const auto message = [](const std::string& text) {
    const auto cron = CronExpression::parse(text);
    EXPECT_TRUE(cron.has_error()) << text;
    return cron.has_error() ? cron.error().message : std::string();
  };
  EXPECT_EQ(message("61 * * * *"),
            "the minute '61' is out of range. It takes 0 to 59, lists (1,15), ranges (1-5) and "
            "steps (*/2)");
  EXPECT_EQ(message("* * * FOO *"),
            "the month 'FOO' is not understood. It takes 1 to 12, or JAN to DEC, lists (1,15), "
            "ranges (1-5) and steps (*/2)");
  for (const char* text : {"",
                           "* * * *",
                           "* * * * * * *",
                           "@reboot",
                           "*/0 * * * *",
                           "1- * * * *",
                           "-1 * * * *",
                           "1,,2 * * * *",
                           "* 24 * * *",
                           "* * 0 * *",
                           "* * 32 * *",
                           "* * * 13 *",
                           "* * * * 8",
                           "* * * * 1#6",
                           "* * * * #1",
                           "* * W * *",
                           "* * 0W * *",
                           "0 8 1 * 1 *",
                           "0 8 ? * ? *",
                           "0 8 ? * 0 *",
                           "0 8 1 * ? 1969",
                           "0 8 1 * ? 2200",
                           "cron(0 8 1 * ?)",
                           "? * * * *",
                           "99999999999999999999 * * * *",
                           "*/99999999999 * * * *",
                           "0x1 * * * *",
                           "1 2 3 4 5\n6"})
    message(text);
  message(std::string(300, '*'));
  std::string many = "0";
  for (int i = 0; i < 100; ++i) many += ",0";
  message(many + " * * * *");
}

}  // namespace
}  // namespace dth::control

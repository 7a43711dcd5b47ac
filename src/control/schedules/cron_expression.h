#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace dth::control {

// The days and times of day that a cron expression names, in no zone yet. A value.
//
// Accepted: five fields (minute, hour, day of month, month, day of week) as crontab(5) of Debian
// writes them (https://manpages.debian.org/bookworm/cron/crontab.5.en.html), with names (MON, JAN),
// ranges, steps and lists; its names @hourly, @daily, @midnight, @weekly, @monthly, @yearly,
// @annually; and the six fields of Amazon EventBridge, with a year and days of week from 1, Sunday
// (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html), with or without
// "cron(…)" around them. In both the day of month may be L (the month's last), LW, nW (the weekday
// nearest to n) and the day of week nL (the month's last such day) and n#k (its k-th).
//
// Where both days are restricted in five fields, a day has to satisfy one of them; a field that
// begins with * restricts nothing, and then both have to be satisfied: "*/2" is such a field.
class CronExpression {
 public:
  // invalid_argument: names the field, what is wrong with it, and what it takes.
  static Result<CronExpression> parse(std::string_view text);

  // As it was given, without spaces that say nothing.
  const std::string& text() const { return text_; }

  bool is_on(std::chrono::year_month_day day) const;
  bool has_hour(unsigned hour) const { return hours_.test(hour); }
  bool has_minute(unsigned minute) const { return minutes_.test(minute); }
  // Every hour of the day: then the schedule is one of intervals, and not of times of day.
  bool is_hourly() const { return hours_.all(); }
  // Years in which it may be on at all.
  std::chrono::year first_year() const;
  std::chrono::year last_year() const;

 private:
  friend class CronParser;
  struct DayOfMonth {
    std::bitset<32> days;              // 1 to 31
    std::bitset<32> nearest_weekdays;  // nW
    bool last = false, last_weekday = false;
  };
  struct DayOfWeek {
    std::bitset<7> days;                  // 0, Sunday, to 6
    std::bitset<7> last_of_month;         // nL
    std::array<std::bitset<7>, 6> kth{};  // n#k at [k]
  };
  enum class Days {
    both,    // day of month and day of week have to be satisfied
    either,  // one of them
  };
  bool is_on_day_of_month(std::chrono::year_month_day day) const;
  bool is_on_day_of_week(std::chrono::year_month_day day) const;

  std::string text_;
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<13> months_;  // 1 to 12
  std::bitset<230> years_;  // from 1970
  DayOfMonth day_of_month_;
  DayOfWeek day_of_week_;
  Days days_ = Days::both;
};

}  // namespace dth::control

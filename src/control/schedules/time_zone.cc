#include "control/schedules/time_zone.h"

#include <array>
#include <cstdio>
#include <fstream>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

namespace dth::control {
namespace {

using std::chrono::seconds;

absl::Time to_absl(TimePoint time) { return absl::FromUnixMicros(time.time_since_epoch().count()); }

TimePoint to_time_point(absl::Time time) {
  return TimePoint(std::chrono::microseconds(absl::ToUnixMicros(time)));
}

// Names of files below the database's directory and nothing else: "../../etc/passwd" is a path.
bool may_be_zone_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.front() == '.') return false;
  for (const char c : name) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!is_letter && !(c >= '0' && c <= '9') && c != '/' && c != '_' && c != '-' && c != '+')
      return false;
  }
  return true;
}

}  // namespace

struct TimeZone::Rules {
  absl::TimeZone zone;
};

TimeZone::TimeZone(std::string name, std::shared_ptr<const Rules> rules)
    : name_(std::move(name)), rules_(std::move(rules)) {}

Result<TimeZone> TimeZone::find(const std::string& name) {
  Rules rules;
  if (!may_be_zone_name(name) || !absl::LoadTimeZone(name, &rules.zone)) {
    return Error{ErrorCode::invalid_argument,
                 "this machine knows no time zone of that name. Use a name of the tz database, as "
                 "Europe/Berlin, Asia/Shanghai or UTC",
                 {}};
  }
  return TimeZone(name, std::make_shared<const Rules>(rules));
}

TimeZone TimeZone::utc() {
  static const auto rules = std::make_shared<const Rules>(Rules{absl::UTCTimeZone()});
  return {"UTC", rules};
}

LocalTime TimeZone::to_local(TimePoint time) const {
  return LocalTime(std::chrono::floor<seconds>(time).time_since_epoch() + offset_at(time));
}

seconds TimeZone::offset_at(TimePoint time) const {
  return seconds(rules_->zone.At(to_absl(time)).offset);
}

TimeZone::Instant TimeZone::to_instant(LocalTime local) const {
  const absl::CivilSecond civil =
      absl::CivilSecond(1970, 1, 1, 0, 0, 0) + local.time_since_epoch().count();
  const absl::TimeZone::TimeInfo found = rules_->zone.At(civil);
  switch (found.kind) {
    case absl::TimeZone::TimeInfo::SKIPPED:
      return {Occurs::never, to_time_point(found.trans), to_time_point(found.trans)};
    case absl::TimeZone::TimeInfo::REPEATED:
      return {Occurs::twice, to_time_point(found.pre), to_time_point(found.post)};
    default:
      return {Occurs::once, to_time_point(found.pre), to_time_point(found.pre)};
  }
}

std::string tz_database_version() {
  std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
  std::string line;
  constexpr std::string_view mark = "# version ";
  if (!std::getline(file, line) || !line.starts_with(mark) || line.size() > 40) return {};
  return line.substr(mark.size());
}

std::string format_local(const TimeZone& zone, TimePoint time) {
  const LocalTime local = zone.to_local(time);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(local - day);
  const auto offset = zone.offset_at(time).count() / 60;
  const auto ahead = offset < 0 ? -offset : offset;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d%c%02d:%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), offset < 0 ? '-' : '+',
                static_cast<int>(ahead / 60), static_cast<int>(ahead % 60));
  return text.data();
}

}  // namespace dth::control

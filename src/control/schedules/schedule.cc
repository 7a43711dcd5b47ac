#include "control/schedules/schedule.h"

#include <algorithm>

namespace dth::control {
namespace {

namespace chr = std::chrono;
using chr::days;
using chr::hours;
using chr::minutes;
using chr::seconds;

// How far the clocks of a zone may be put at once, with room to spare: a day, in 2011 in Samoa.
constexpr hours clock_change_max{26};
constexpr minutes late_max{1};

// Finds the first slot of a cron expression after a time: day by day, in the zone.
class CronSearch {
 public:
  CronSearch(const CronExpression& cron, const TimeZone& zone, TimePoint after)
      : cron_(cron), zone_(zone), after_(after) {}

  std::optional<TimePoint> find() const {
    const LocalTime from = zone_.to_local(after_) - clock_change_max;
    auto day = chr::floor<days>(from);
    const auto first = chr::local_days(cron_.first_year() / chr::January / 1) - days(1);
    const auto last = chr::local_days(cron_.last_year() / chr::December / 31);
    day = std::max(day, first);
    // One that is never on (30 February) is known after the last year that an expression may name.
    for (; day <= last; day += days(1)) {
      const chr::year_month_day date(day);
      if (!cron_.is_on(date)) continue;
      if (auto found = find_on(day)) return earlier(*found, day + days(1));
    }
    return std::nullopt;
  }

 private:
  // Clocks that are put back after midnight make the days overlap: 00:00 may be before 23:30 of the
  // day before, when that comes for the second time.
  TimePoint earlier(TimePoint found, chr::local_days next_day) const {
    if (!cron_.is_on(chr::year_month_day(next_day))) return found;
    const auto other = find_on(next_day);
    return other ? std::min(found, *other) : found;
  }

  std::optional<TimePoint> find_on(chr::local_days day) const {
    std::optional<TimePoint> earliest;
    const auto take = [&](TimePoint time) {
      if (time > after_ && (!earliest || time < *earliest)) earliest = time;
    };
    for (unsigned hour = 0; hour < 24; ++hour) {
      if (!cron_.has_hour(hour)) continue;
      // Hours that are wholly before or after what is sought need no look at their minutes.
      const LocalTime begin = day + hours(hour);
      if (zone_.to_instant(begin + hours(1)).last + clock_change_max < after_) continue;
      if (earliest && zone_.to_instant(begin).first > *earliest + clock_change_max) break;
      for (unsigned minute = 0; minute < 60; ++minute) {
        if (cron_.has_minute(minute)) take_minute(begin + minutes(minute), take);
      }
    }
    return earliest;
  }

  template <class Take>
  void take_minute(LocalTime local, const Take& take) const {
    const TimeZone::Instant instant = zone_.to_instant(local);
    if (!cron_.is_hourly()) {
      take(instant.first);
    } else if (instant.occurs != TimeZone::Occurs::never) {
      take(instant.first);
      take(instant.last);
    }
  }

  const CronExpression& cron_;
  const TimeZone& zone_;
  TimePoint after_;
};

TimePoint next_elapsed(TimePoint anchor, seconds step, TimePoint after) {
  if (after < anchor) return anchor;
  const auto passed = chr::floor<seconds>(after - anchor) / step;
  return anchor + (passed + 1) * step;
}

TimePoint next_day(const Every& every, const TimeZone& zone, TimePoint after) {
  if (after < every.anchor) return every.anchor;
  const LocalTime anchor = zone.to_local(every.anchor);
  const days step(every.count);
  auto passed = chr::floor<days>(zone.to_local(after) - anchor) / step;
  passed = std::max<std::int64_t>(passed - 2, 0);
  while (true) {
    const TimePoint slot = zone.to_instant(anchor + passed * step).first;
    if (slot > after) return slot;
    ++passed;
  }
}

struct NextAfter {
  const TimeZone& zone;
  TimePoint after;

  std::optional<TimePoint> operator()(const Manual&) const { return std::nullopt; }
  std::optional<TimePoint> operator()(const Once& once) const {
    return once.at > after ? std::optional(once.at) : std::nullopt;
  }
  std::optional<TimePoint> operator()(const Every& every) const {
    switch (every.unit) {
      case Every::Unit::minutes:
        return next_elapsed(every.anchor, minutes(every.count), after);
      case Every::Unit::hours:
        return next_elapsed(every.anchor, hours(every.count), after);
      case Every::Unit::days:
        break;
    }
    return next_day(every, zone, after);
  }
  std::optional<TimePoint> operator()(const Cron& cron) const {
    return CronSearch(cron.expression, zone, after).find();
  }
};

constexpr std::size_t slots_looked_at_max = 1'000;

// Does the slot stand at the time of day that the rule names?
struct IsAsNamed {
  const TimeZone& zone;
  LocalTime local;

  bool operator()(const Manual&) const { return true; }
  bool operator()(const Once&) const { return true; }
  bool operator()(const Every& every) const {
    if (every.unit != Every::Unit::days) return true;
    const LocalTime anchor = zone.to_local(every.anchor);
    return local - chr::floor<days>(local) == anchor - chr::floor<days>(anchor);
  }
  bool operator()(const Cron& cron) const {
    const chr::hh_mm_ss clock(local - chr::floor<days>(local));
    return cron.expression.has_hour(static_cast<unsigned>(clock.hours().count())) &&
           cron.expression.has_minute(static_cast<unsigned>(clock.minutes().count()));
  }
};

bool is_of_times_of_day(const Schedule::Rule& rule) {
  if (const auto* cron = std::get_if<Cron>(&rule)) return !cron->expression.is_hourly();
  const auto* every = std::get_if<Every>(&rule);
  return every != nullptr && every->unit == Every::Unit::days;
}

void add_notes(const Schedule& schedule, TimePoint now, SchedulePreview* preview) {
  using NoteKind = SchedulePreview::NoteKind;
  if (!is_of_times_of_day(schedule.rule())) return;
  const TimeZone& zone = schedule.zone();
  bool has_forward = false, has_twice = false;
  std::optional<TimePoint> slot = schedule.next_after(now);
  for (std::size_t i = 0; slot && *slot < now + days(366) && i < slots_looked_at_max; ++i) {
    const LocalTime local = zone.to_local(*slot);
    if (!has_forward && !std::visit(IsAsNamed{zone, local}, schedule.rule())) {
      has_forward = true;
      preview->notes.push_back({NoteKind::put_forward, *slot, format_local(zone, *slot)});
    } else if (!has_twice && zone.to_instant(local).occurs == TimeZone::Occurs::twice) {
      has_twice = true;
      preview->notes.push_back({NoteKind::comes_twice, *slot, format_local(zone, *slot)});
    }
    slot = schedule.next_after(*slot);
  }
}

}  // namespace

std::optional<TimePoint> Schedule::next_after(TimePoint time) const {
  return std::visit(NextAfter{zone_, time}, rule_);
}

DueSlots find_due_slots(const Schedule& schedule, TimePoint after, TimePoint now) {
  DueSlots due;
  due.next = schedule.next_after(after);
  while (due.next && *due.next <= now && due.count < DueSlots::counted_max) {
    ++due.count;
    due.last = *due.next;
    due.next = schedule.next_after(*due.next);
  }
  if (due.next && *due.next <= now) due.next = schedule.next_after(now);
  return due;
}

SlotDecision decide_slot(const SlotSituation& situation) {
  if (situation.due.count == 0 || situation.is_paused) return SlotDecision::nothing;
  const bool is_late = situation.now - situation.due.last > late_max;
  if (is_late && situation.missed == MissedPolicy::skip) return SlotDecision::nothing;
  if (!situation.is_running) return SlotDecision::start;
  switch (situation.overlap) {
    case OverlapPolicy::skip:
      return SlotDecision::nothing;
    case OverlapPolicy::queue_one:
      return SlotDecision::start_after_current;
    case OverlapPolicy::replace:
      break;
  }
  return SlotDecision::replace_current;
}

SchedulePreview preview_schedule(const Schedule& schedule, TimePoint now, std::size_t count) {
  SchedulePreview preview;
  std::optional<TimePoint> next = schedule.next_after(now);
  for (; next && preview.times.size() < count; next = schedule.next_after(*next))
    preview.times.push_back({*next, format_local(schedule.zone(), *next)});
  if (preview.times.empty() && !std::holds_alternative<Manual>(schedule.rule()))
    preview.notes.push_back({SchedulePreview::NoteKind::never, {}, {}});
  add_notes(schedule, now, &preview);
  return preview;
}

}  // namespace dth::control

#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "control/schedules/cron_expression.h"
#include "control/schedules/time_zone.h"

namespace dth::control {

// Only when somebody asks.
struct Manual {};
struct Once {
  TimePoint at{};
};
// Counted from an anchor. Minutes and hours are of elapsed time; days keep the anchor's time of day
// in the zone.
struct Every {
  enum class Unit { minutes, hours, days };
  unsigned count = 1;
  Unit unit = Unit::hours;
  TimePoint anchor{};
};
struct Cron {
  CronExpression expression;
};

// When a task runs: a rule, in a time zone. A value without a state: what was done is the caller's
// to keep. Each time that it names is a slot.
//
// Where clocks are put forward over a time of day, its slot is the instant at which that happens,
// and slots that fall together there are one. Where clocks are put back, a time of day comes twice,
// and its slot is the first. A cron expression of every hour ("*/10 * * * *") is one of intervals:
// no time passes in which it could be on when clocks are put forward, and it goes on through the
// hour that comes twice.
class Schedule {
 public:
  using Rule = std::variant<Manual, Once, Every, Cron>;
  Schedule(Rule rule, TimeZone zone) : rule_(std::move(rule)), zone_(std::move(zone)) {}

  const Rule& rule() const { return rule_; }
  const TimeZone& zone() const { return zone_; }

  // The first slot after `time`; nothing where none comes any more.
  std::optional<TimePoint> next_after(TimePoint time) const;

  static constexpr unsigned every_max = 100'000;  // of a unit

 private:
  Rule rule_;
  TimeZone zone_;
};

// What a scheduler finds when it looks: which slots came since it looked last.
struct DueSlots {
  std::uint64_t count = 0;  // counted_max: that many, or more
  TimePoint last{};         // the latest of them, where count is not 0
  std::optional<TimePoint> next;
  static constexpr std::uint64_t counted_max = 1'000;
};
// Slots in (after, now]. Where `now` is not later than `after`, as when clocks were set back, there
// is none: no slot is due twice.
DueSlots find_due_slots(const Schedule& schedule, TimePoint after, TimePoint now);

// What to do about slots that nobody was there for.
enum class MissedPolicy {
  run_once,  // one run for all of them
  skip,
};
// What to do about a slot while the task's run before it is not over.
enum class OverlapPolicy {
  skip,
  queue_one,
  replace,
};
enum class SlotDecision {
  nothing,  // no slot is due, or it is to be left out
  start,
  start_after_current,  // once the run is over; one such start is kept, however many slots come
  replace_current,      // cancel the run, then start
};
struct SlotSituation {
  DueSlots due;
  TimePoint now{};
  bool is_running = false;
  bool is_paused = false;
  MissedPolicy missed = MissedPolicy::run_once;
  OverlapPolicy overlap = OverlapPolicy::skip;
};
// One start at most, however many slots are due. A slot is missed where it is more than a minute
// late. A paused task starts nothing; what was due meanwhile counts as missed once it is resumed.
SlotDecision decide_slot(const SlotSituation& situation);

// What a schedule means, for people.
struct SchedulePreview {
  struct Time {
    TimePoint at{};
    std::string local;  // as the zone's clocks show it, with offset: format_local()
  };
  enum class NoteKind {
    never,        // no time comes any more
    put_forward,  // the time of day does not exist on that day: the run starts at `at`
    comes_twice,  // the time of day comes twice: the run starts at the first
  };
  struct Note {
    NoteKind kind;
    TimePoint at{};
    std::string local;
  };
  std::vector<Time> times;
  std::vector<Note> notes;  // of daylight saving: within a year, the first of each kind
};
SchedulePreview preview_schedule(const Schedule& schedule, TimePoint now, std::size_t count);

}  // namespace dth::control

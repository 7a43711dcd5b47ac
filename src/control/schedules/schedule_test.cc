#include "control/schedules/schedule.h"

#include <gtest/gtest.h>

namespace dth::control {
namespace {

TimePoint at(const std::string& text) {
  const auto time = parse_time(text);
  EXPECT_TRUE(time) << text;
  return time.value_or(TimePoint());
}

TimeZone zone(const std::string& name) { return TimeZone::find(name).value(); }

Schedule cron(const std::string& text, const std::string& zone_name) {
  auto expression = CronExpression::parse(text);
  EXPECT_TRUE(expression.has_value()) << text;
  return {Cron{std::move(*expression)}, zone(zone_name)};
}

// The slots after a time, as the zone's clocks show them.
std::vector<std::string> slots(const Schedule& schedule, const std::string& after,
                               std::size_t count) {
  std::vector<std::string> shown;
  auto next = schedule.next_after(at(after));
  for (; next && shown.size() < count; next = schedule.next_after(*next))
    shown.push_back(format_local(schedule.zone(), *next));
  return shown;
}

using Shown = std::vector<std::string>;

TEST(Schedule, AFixedTimeKeepsItsHourThroughTheYear) {
  EXPECT_EQ(slots(cron("30 6 * * *", "Europe/Berlin"), "2026-03-28T00:00:00Z", 3),
            (Shown{"2026-03-28T06:30:00+01:00", "2026-03-29T06:30:00+02:00",
                   "2026-03-30T06:30:00+02:00"}));
}

TEST(Schedule, TheHourThatComesTwiceInAutumnRunsOnce) {
  EXPECT_EQ(slots(cron("30 2 * * *", "Europe/Berlin"), "2026-10-24T12:00:00Z", 2),
            (Shown{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}));
}

TEST(Schedule, ATimeThatDoesNotExistInSpringRunsRightAfterTheGap) {
  EXPECT_EQ(slots(cron("30 2 * * *", "Europe/Berlin"), "2026-03-28T12:00:00Z", 2),
            (Shown{"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}));
}

TEST(Schedule, StepsDoNotDoubleAfterTheGap) {
  EXPECT_EQ(slots(cron("0 */2 * * *", "Europe/Berlin"), "2026-03-28T22:30:00Z", 4),
            (Shown{"2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00",
                   "2026-03-29T04:00:00+02:00", "2026-03-29T06:00:00+02:00"}));
  EXPECT_EQ(slots(cron("*/2 2-3 * * *", "Europe/Berlin"), "2026-03-28T22:30:00Z", 3),
            (Shown{"2026-03-29T03:00:00+02:00", "2026-03-29T03:02:00+02:00",
                   "2026-03-29T03:04:00+02:00"}));
}

TEST(Schedule, EveryHourIsAnInterval) {
  // Thirty minutes past each hour: no time passes between 02:00 and 03:00 in spring.
  EXPECT_EQ(slots(cron("30 * * * *", "Europe/Berlin"), "2026-03-29T00:00:00Z", 3),
            (Shown{"2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00",
                   "2026-03-29T04:30:00+02:00"}));
  EXPECT_EQ(slots(cron("30 * * * *", "Europe/Berlin"), "2026-10-25T00:00:00Z", 3),
            (Shown{"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00",
                   "2026-10-25T03:30:00+01:00"}));
}

TEST(Schedule, AGapAtMidnight) {
  EXPECT_EQ(slots(cron("0 0 * * *", "America/Santiago"), "2026-09-05T12:00:00Z", 2),
            (Shown{"2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"}));
  EXPECT_EQ(slots(cron("15 0 * * *", "Asia/Beirut"), "2026-03-28T12:00:00Z", 2),
            (Shown{"2026-03-29T01:00:00+03:00", "2026-03-30T00:15:00+03:00"}));
}

TEST(Schedule, ADayThatDoesNotExist) {
  EXPECT_EQ(slots(cron("0 12 * * *", "Pacific/Apia"), "2011-12-29T20:00:00Z", 3),
            (Shown{"2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00",
                   "2011-12-31T12:00:00+14:00"}));
}

TEST(Schedule, ClocksPutBackOverMidnightKeepTheOrder) {
  EXPECT_EQ(
      slots(cron("0,30 * * * *", "America/St_Johns"), "2010-11-07T02:00:00Z", 5),
      (Shown{"2010-11-07T00:00:00-02:30", "2010-11-06T23:30:00-03:30", "2010-11-07T00:00:00-03:30",
             "2010-11-07T00:30:00-03:30", "2010-11-07T01:00:00-03:30"}));
}

TEST(Schedule, DoesNotDependOnTheZoneOfTheProcess) {
  const auto schedule = cron("0 9 * * *", "Asia/Shanghai");
  const char* before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TZ", "America/New_York", 1);
  ::tzset();
  EXPECT_EQ(schedule.next_after(at("2026-01-01T00:00:00Z")), at("2026-01-01T01:00:00Z"));
  if (before == nullptr)
    ::unsetenv("TZ");
  else
    ::setenv("TZ", kept.c_str(), 1);
  ::tzset();
}

TEST(Schedule, FarInTheFutureTheRulesStillHold) {
  EXPECT_EQ(slots(cron("30 6 1 7 *", "Europe/Berlin"), "2060-01-01T00:00:00Z", 1),
            (Shown{"2060-07-01T06:30:00+02:00"}));
}

TEST(Schedule, NoTimeComesAnyMore) {
  EXPECT_FALSE(cron("0 0 30 2 *", "UTC").next_after(at("2026-01-01T00:00:00Z")));
  EXPECT_FALSE(cron("cron(0 0 1 1 ? 2020)", "UTC").next_after(at("2026-01-01T00:00:00Z")));
  EXPECT_FALSE(Schedule(Manual{}, TimeZone::utc()).next_after(at("2026-01-01T00:00:00Z")));
  const Schedule once(Once{at("2026-01-01T00:00:00Z")}, TimeZone::utc());
  EXPECT_EQ(once.next_after(at("2025-12-31T00:00:00Z")), at("2026-01-01T00:00:00Z"));
  EXPECT_FALSE(once.next_after(at("2026-01-01T00:00:00Z")));
}

TEST(Schedule, IntervalsAreCountedFromTheirAnchor) {
  const TimePoint anchor = at("2026-03-28T10:07:00Z");
  const Schedule minutes(Every{90, Every::Unit::minutes, anchor}, zone("Europe/Berlin"));
  EXPECT_EQ(minutes.next_after(at("2020-01-01T00:00:00Z")), anchor);
  EXPECT_EQ(minutes.next_after(anchor), at("2026-03-28T11:37:00Z"));
  EXPECT_EQ(minutes.next_after(at("2026-03-29T10:00:00Z")), at("2026-03-29T10:07:00Z"));
  // Days keep the time of day.
  const Schedule days(Every{1, Every::Unit::days, anchor}, zone("Europe/Berlin"));
  EXPECT_EQ(slots(days, "2026-03-28T12:00:00Z", 2),
            (Shown{"2026-03-29T11:07:00+02:00", "2026-03-30T11:07:00+02:00"}));
  const Schedule third(Every{3, Every::Unit::days, anchor}, zone("Europe/Berlin"));
  EXPECT_EQ(slots(third, "2026-04-05T00:00:00Z", 2),
            (Shown{"2026-04-06T11:07:00+02:00", "2026-04-09T11:07:00+02:00"}));
}

TEST(Schedule, ADayAsIntervalOverAGapAndAnHourThatComesTwice) {
  const Schedule spring(Every{1, Every::Unit::days, at("2026-03-27T01:30:00Z")},
                        zone("Europe/Berlin"));
  EXPECT_EQ(slots(spring, "2026-03-28T12:00:00Z", 2),
            (Shown{"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}));
  const Schedule autumn(Every{1, Every::Unit::days, at("2026-10-24T00:30:00Z")},
                        zone("Europe/Berlin"));
  EXPECT_EQ(slots(autumn, "2026-10-24T12:00:00Z", 2),
            (Shown{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}));
}

TEST(DueSlots, CountsWhatCameAndNamesTheLatest) {
  const auto schedule = cron("0 * * * *", "UTC");
  const DueSlots due =
      find_due_slots(schedule, at("2026-01-01T00:00:00Z"), at("2026-01-01T07:10:00Z"));
  EXPECT_EQ(due.count, 7u);
  EXPECT_EQ(due.last, at("2026-01-01T07:00:00Z"));
  EXPECT_EQ(due.next, at("2026-01-01T08:00:00Z"));
}

TEST(DueSlots, AYearOfMinutesIsBounded) {
  const DueSlots due = find_due_slots(cron("* * * * *", "UTC"), at("2025-01-01T00:00:00Z"),
                                      at("2026-01-01T00:00:30Z"));
  EXPECT_EQ(due.count, DueSlots::counted_max);
  EXPECT_EQ(due.next, at("2026-01-01T00:01:00Z"));
}

TEST(DueSlots, AClockThatWasSetBackMakesNothingDueTwice) {
  const auto schedule = cron("0 * * * *", "UTC");
  const DueSlots due =
      find_due_slots(schedule, at("2026-01-01T07:00:00Z"), at("2026-01-01T05:30:00Z"));
  EXPECT_EQ(due.count, 0u);
  EXPECT_EQ(due.next, at("2026-01-01T08:00:00Z"));
}

SlotSituation situation(std::uint64_t count, std::chrono::seconds late) {
  SlotSituation found;
  found.now = at("2026-01-01T12:00:00Z");
  found.due.count = count;
  found.due.last = found.now - late;
  return found;
}

TEST(SlotDecision, OneRunForAllThatWereMissed) {
  auto missed = situation(7, std::chrono::hours(1));
  EXPECT_EQ(decide_slot(missed), SlotDecision::start);
  missed.missed = MissedPolicy::skip;
  EXPECT_EQ(decide_slot(missed), SlotDecision::nothing);
  // A slot that is on time is no missed one, whatever was missed before it.
  auto on_time = situation(7, std::chrono::seconds(20));
  on_time.missed = MissedPolicy::skip;
  EXPECT_EQ(decide_slot(on_time), SlotDecision::start);
}

TEST(SlotDecision, OverARunThatIsNotOver) {
  auto busy = situation(1, std::chrono::seconds(1));
  busy.is_running = true;
  EXPECT_EQ(decide_slot(busy), SlotDecision::nothing);
  busy.overlap = OverlapPolicy::queue_one;
  EXPECT_EQ(decide_slot(busy), SlotDecision::start_after_current);
  busy.overlap = OverlapPolicy::replace;
  EXPECT_EQ(decide_slot(busy), SlotDecision::replace_current);
}

TEST(SlotDecision, APausedTaskStartsNothing) {
  auto paused = situation(3, std::chrono::seconds(1));
  paused.is_paused = true;
  EXPECT_EQ(decide_slot(paused), SlotDecision::nothing);
  EXPECT_EQ(decide_slot(situation(0, std::chrono::seconds(0))), SlotDecision::nothing);
}

TEST(SchedulePreview, NamesTheNextTimesAndWhatClocksDoToThem) {
  const auto preview =
      preview_schedule(cron("30 2 * * *", "Europe/Berlin"), at("2026-03-27T12:00:00Z"), 3);
  ASSERT_EQ(preview.times.size(), 3u);
  EXPECT_EQ(preview.times[1].local, "2026-03-29T03:00:00+02:00");
  ASSERT_EQ(preview.notes.size(), 2u);
  EXPECT_EQ(preview.notes[0].kind, SchedulePreview::NoteKind::put_forward);
  EXPECT_EQ(preview.notes[0].local, "2026-03-29T03:00:00+02:00");
  EXPECT_EQ(preview.notes[1].kind, SchedulePreview::NoteKind::comes_twice);
  EXPECT_EQ(preview.notes[1].local, "2026-10-25T02:30:00+02:00");
}

TEST(SchedulePreview, SaysThatNoTimeComesAnyMore) {
  const auto preview = preview_schedule(cron("0 0 31 2 *", "UTC"), at("2026-03-27T12:00:00Z"), 5);
  EXPECT_TRUE(preview.times.empty());
  ASSERT_EQ(preview.notes.size(), 1u);
  EXPECT_EQ(preview.notes[0].kind, SchedulePreview::NoteKind::never);
}

TEST(SchedulePreview, AZoneWithoutSummerTimeHasNoNotes) {
  EXPECT_TRUE(preview_schedule(cron("30 2 * * *", "Asia/Shanghai"), at("2026-03-27T12:00:00Z"), 5)
                  .notes.empty());
}

TEST(TimeZone, UnknownNamesAndPathsAreRefused) {
  for (const char* name : {"", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "UTC;x"})
    EXPECT_TRUE(TimeZone::find(name).has_error()) << name;
}

TEST(TimeZone, SaysWhichReleaseOfTheRulesThereIs) {
  const std::string version = tz_database_version();
  EXPECT_TRUE(version.empty() || (version.size() >= 5 && version.starts_with("20"))) << version;
}

}  // namespace
}  // namespace dth::control

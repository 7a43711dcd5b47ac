#include "cli/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/object_copy/counters.h"

namespace dth::cli {
namespace {

using object_copy::Counter;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

state::Progress progress() {
  state::Progress progress;
  progress.run.counts[Counter::scanned] = progress.run.counts[Counter::selected] = 1'588;
  progress.run.counts[Counter::copied] = 1'292;
  progress.run.counts[Counter::bytes] = 1 << 20;
  // Jobs stay in the backlog with all their items until the last of these has ended.
  progress.backlog = {{"object_copy/copy", {.jobs = 1, .items = 1'588}}};
  return progress;
}

std::string text(const state::Progress& progress, bool deletes = false) {
  return describe_progress(progress, {}, deletes, 2).text;
}

TEST(Progress, WaitingIsWhatHasNotEndedYet) {
  EXPECT_EQ(text(progress()),
            "1,292 of 1,588 objects, 1,292 copied, 1.0 MiB at 512.0 KiB/s, 296 waiting");
  EXPECT_NEAR(describe_progress(progress(), {}, false, 2).done, 1'292.0 / 1'588.0, 1e-9);
}

TEST(Progress, NothingWaitsAtTheEnd) {
  state::Progress at_end = progress();
  at_end.run.counts[Counter::unchanged] = 290;
  at_end.run.counts[Counter::deleted_at_source] = 1;
  at_end.run.counts[Counter::failed] = 5;
  EXPECT_THAT(text(at_end), Not(HasSubstr("waiting")));
  EXPECT_EQ(describe_progress(at_end, {}, false, 2).done, 1.0);
}

TEST(Progress, WhatAMirrorDeletesIsItsWorkAsWell) {
  state::Progress mirror = progress();
  mirror.run.counts[Counter::copied] = 1'588;
  mirror.run.counts[Counter::extra] = 40;
  mirror.run.counts[Counter::deleted] = 15;
  EXPECT_THAT(text(mirror, true), StartsWith("1,603 of 1,628 objects"));
  EXPECT_THAT(text(mirror, true), HasSubstr("15 deleted, 25 waiting"));
  // A verification only tells what is extra.
  mirror.run.counts[Counter::deleted] = 0;
  EXPECT_THAT(text(mirror), Not(HasSubstr("waiting")));
}

TEST(Progress, AScanThatGoesOnMayFindMore) {
  state::Progress scanning = progress();
  scanning.backlog.push_back({"object_copy/scan", {.jobs = 1, .items = 0}});
  EXPECT_THAT(text(scanning), HasSubstr("of 1,588+ objects"));
}

TEST(Progress, WhatTheRunWaitsForStandsInFront) {
  EXPECT_THAT(
      describe_progress(progress(), {"destination cannot be reached since 2026-11-01T09:30:00Z"},
                        false, 2)
          .text,
      StartsWith("waiting: destination cannot be reached since 2026-11-01T09:30:00Z; 1,292 of "
                 "1,588 objects"));
}

}  // namespace
}  // namespace dth::cli

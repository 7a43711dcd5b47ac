#include "engine/job_use.h"

#include <gtest/gtest.h>

namespace dth::engine {
namespace {

using namespace std::chrono_literals;

TEST(JobUse, JobsThatAreHeldCountUpToNow) {
  JobUse use;
  const MonotonicTime start{1h};
  use.set_slots("copy", 8);
  use.begin("copy", start);
  use.begin("copy", start + 2s);
  use.end("copy", start + 5s);
  use.begin("scan", start + 9s);
  const auto all = use.all(start + 10s);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].kind, "copy");
  EXPECT_EQ(all[0].held, 1);
  EXPECT_EQ(all[0].slots, 8);
  EXPECT_EQ(all[0].busy, 13s) << "5 s, and 8 s so far of the other, whichever ended";
  EXPECT_EQ(all[1].busy, 1s);
  use.end("scan", start + 10s);
  use.end("copy", start + 10s);
  EXPECT_EQ(use.all(start + 60s)[0].busy, 13s);
  EXPECT_EQ(use.all(start + 60s)[0].held, 0);
}

// A host that is up for long, and many jobs: their product is past what nanoseconds can count.
TEST(JobUse, AreCountedOnHostsThatAreUpForYears) {
  JobUse use;
  const MonotonicTime start{24h * 365 * 20};
  for (int i = 0; i < 4096; ++i) use.begin("copy", start);
  EXPECT_EQ(use.all(start + 1s)[0].busy, 4096s);
  // And so is the time that they are held.
  EXPECT_EQ(use.all(start + 24h * 365)[0].busy, 4096 * 365 * 24h);
  for (int i = 0; i < 4096; ++i) use.end("copy", start + 1s);
  EXPECT_EQ(use.all(start + 60s)[0].busy, 4096s);
}

// Lanes take the time before they wait for each other.
TEST(JobUse, ATimeThatComesLateCountsNothingTwice) {
  JobUse use;
  const MonotonicTime start{1h};
  use.begin("copy", start + 2s);
  use.begin("copy", start + 1s);
  use.end("copy", start + 4s);
  EXPECT_EQ(use.all(start + 3s)[0].busy, 4s);
}

}  // namespace
}  // namespace dth::engine

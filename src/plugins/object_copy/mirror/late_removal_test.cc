// Removals long after the source was listed: it is asked once more.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LateRemovalTest : public RunFixture {
 protected:
  LateRemovalTest() {
    copy.action = options::Action::sync;
    copy.source_key = "in/";
    copy.destination_key = "out/";
    copy.deletes.percent_max = 100;
    put("in/kept", "bytes");
    for (const char* key : {"out/kept", "out/x", "out/xy", "out/z"}) destination.put(key, "bytes");
  }

  // Works until there are jobs that remove, and lets none of them be taken.
  void work_until_removals() {
    std::erase_if(slots, [](const engine::JobSlots& slot) { return slot.kind == kind_remove; });
    enough = [this] {
      return state->jobs().backlog("run", kind_remove).value().jobs > 0 &&
             state->jobs().backlog("run", kind_find_extra).value().jobs == 0;
    };
    start();
    work();
    slots.push_back({kind_remove, 2});
    enough = [] { return false; };
    listed_before_ = source_requests(StoreOperation::list);
  }
  // Asked of the source since then.
  std::uint64_t asked() const { return source_requests(StoreOperation::list) - listed_before_; }

  // The rest of the run, in which "in/x" is back.
  state::Run go_on() {
    put("in/x", "is back");
    work();
    return end();
  }

  void expect_spared(const state::Run& done) {
    EXPECT_EQ(done.state, RunState::succeeded) << done.error;
    EXPECT_EQ(done.counts[Counter::extra], 3);
    EXPECT_EQ(done.counts[Counter::deleted], 2);
    EXPECT_EQ(done.counts[Counter::unchanged], 2) << "what is the same, and what is back";
    EXPECT_THAT(destination.keys(), ElementsAre("out/kept", "out/x"));
    for (const ledger::Line& line : lines()) {
      if (line.key != "in/x") continue;
      EXPECT_EQ(line.outcome, ledger::Outcome::unchanged);
      EXPECT_THAT(line.error, HasSubstr("the source has the object again"));
    }
    EXPECT_EQ(asked(), 3u) << "a listing of each key";
  }

 private:
  std::uint64_t listed_before_ = 0;
};

TEST_F(LateRemovalTest, AtOnceNothingIsAskedAgain) {
  work_until_removals();
  work();
  EXPECT_EQ(end().counts[Counter::deleted], 3);
  EXPECT_EQ(asked(), 0u);
}

TEST_F(LateRemovalTest, WhatTheSourceHasBackAfterAMinuteStays) {
  work_until_removals();
  clock.advance(std::chrono::seconds(61));
  expect_spared(go_on());
}

TEST_F(LateRemovalTest, WhatTheSourceHasBackWhenTheRunIsResumedStays) {
  work_until_removals();
  resume();
  expect_spared(go_on());
}

TEST_F(LateRemovalTest, WhatADeadWorkerHadInHandIsAskedFor) {
  work_until_removals();
  ASSERT_EQ(claim_and_die(kind_remove).size(), 1u);
  expect_spared(go_on());
}

TEST_F(LateRemovalTest, ASourceThatCannotBeAskedKeepsWhatTheDestinationHas) {
  work_until_removals();
  resume();
  source.set_on_request([](StoreOperation operation, const std::string&) -> std::optional<Error> {
    if (operation == StoreOperation::list)
      return Error{ErrorCode::permission_denied, "listing denied", ""};
    return std::nullopt;
  });
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::failed], 3);
  EXPECT_EQ(destination.size(), 4u);
  EXPECT_THAT(failures().at(0).message, HasSubstr("the source could not be asked once more"));
}

// The job keeps what it found while it goes on: the oldest look counts.
TEST_F(LateRemovalTest, WhatWasKeptByASurveyThatTookLongIsAskedFor) {
  source_options.page_size_max = destination_options.page_size_max = 1;
  tuning.scan_keys_per_step_max = 1;
  int pages = 0;
  destination.set_on_request(
      [&](StoreOperation operation, const std::string&) -> std::optional<Error> {
        if (operation == StoreOperation::list && ++pages >= 3)
          clock.advance(std::chrono::seconds(31));
        return std::nullopt;
      });
  work_until_removals();
  destination.set_on_request({});
  expect_spared(go_on());
}

}  // namespace
}  // namespace dth::object_copy::testing

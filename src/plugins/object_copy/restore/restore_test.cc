// Runs that have archived objects restored before they copy them.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::Archive;
using objects::StoreOperation;
using state::RunState;
using ::testing::HasSubstr;

class RestoreTest : public RunFixture {
 protected:
  RestoreTest() {
    copy.archived = ArchivedRule::restore;
    copy.restore.poll = std::chrono::seconds(60);
    copy.restore.wait = std::chrono::hours(1);
  }

  void archive(const std::string& key, const std::string& bytes,
               Archive archive = Archive::archived) {
    put(key, bytes);
    source.change(key, [archive](objects::ObjectHead& head) {
      head.archive = archive;
      head.info.storage_class =
          archive == Archive::archived_tier ? "INTELLIGENT_TIERING" : "GLACIER";
    });
  }
  std::uint64_t restores() const { return source_requests(StoreOperation::restore); }
};

TEST_F(RestoreTest, AnArchivedObjectIsCopiedOnceItIsRestored) {
  archive("cold", "bytes");
  archive("large", std::string(170, 'x'));
  put("warm", "bytes");
  source_options.restore_looks = 2;
  const TimePoint before = clock.now();
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::copied], 3);
  EXPECT_EQ(done.counts[Counter::selected], 3);
  EXPECT_EQ(restores(), 2u) << "asked for once";
  EXPECT_EQ(destination.bytes("cold"), "bytes");
  EXPECT_EQ(destination.bytes("large"), std::string(170, 'x'));
  EXPECT_GE(clock.now() - before, std::chrono::seconds(180))
      << "three looks after the first, a minute apart";
  EXPECT_LE(clock.now() - before, std::chrono::seconds(200));
}

TEST_F(RestoreTest, WhatIsRestoredAlreadyIsCopiedAtOnce) {
  archive("cold", "bytes", Archive::restored);
  EXPECT_EQ(run().counts[Counter::copied], 1);
  EXPECT_EQ(restores(), 0u);
}

TEST_F(RestoreTest, WhatSomebodyElseAskedForIsWaitedFor) {
  archive("cold", "bytes", Archive::restoring);
  EXPECT_EQ(run().counts[Counter::copied], 1);
  EXPECT_EQ(restores(), 0u);
}

TEST_F(RestoreTest, WhatIsNotRestoredInTimeIsAFailure) {
  archive("cold", "bytes");
  put("warm", "bytes");
  source_options.restore_looks = 1'000'000;
  const TimePoint before = clock.now();
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_THAT(failures().at(0).message, HasSubstr("within 1h (--restore-wait)"));
  EXPECT_EQ(restores(), 1u);
  EXPECT_GE(clock.now() - before, std::chrono::hours(1));
  EXPECT_LE(clock.now() - before, std::chrono::minutes(62));
}

TEST_F(RestoreTest, WhatIsTheSameIsNotRestored) {
  archive("cold", "bytes");
  destination.put("cold", "bytes");
  EXPECT_EQ(run().counts[Counter::unchanged], 1);
  EXPECT_EQ(restores(), 0u);
}

TEST_F(RestoreTest, ARestoreThatIsRefusedIsTheItemsFailure) {
  archive("cold", "bytes");
  put("warm", "bytes");
  source.set_on_request(fail_always(StoreOperation::restore, "cold",
                                    Error{ErrorCode::permission_denied, "no", "AccessDenied"}));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_THAT(failures().at(0).message, HasSubstr("s3:RestoreObject"));
}

TEST_F(RestoreTest, PassingRefusalsAreWaitedOut) {
  archive("cold", "bytes");
  source.set_on_request(
      [left = 20](StoreOperation operation, const std::string&) mutable -> std::optional<Error> {
        if (operation == StoreOperation::restore && left-- > 0)
          return Error{ErrorCode::unavailable, "busy", "GlacierExpeditedRetrievalNotAvailable"};
        return std::nullopt;
      });
  EXPECT_EQ(run().counts[Counter::copied], 1);
}

TEST_F(RestoreTest, ArchivesThatListingsDoNotShow) {
  archive("small", "bytes", Archive::archived_tier);
  archive("large", std::string(170, 'x'), Archive::archived_tier);
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(restores(), 2u);
}

TEST_F(RestoreTest, WhatIsArchivedAgainByItselfIsAFailureAndNoCircle) {
  archive("cold", "bytes", Archive::restored);
  source.set_on_request(
      fail_always(StoreOperation::get, "cold",
                  Error{ErrorCode::permission_denied, "archived", "InvalidObjectState"}));
  EXPECT_EQ(run().counts[Counter::failed], 1);
}

TEST_F(RestoreTest, WhatIsGoneWhenItIsLookedForIsCountedAsSuch) {
  archive("cold", "bytes");
  source.set_on_request(before(StoreOperation::head, 2, [this] { source.erase("cold"); }));
  EXPECT_EQ(run().counts[Counter::deleted_at_source], 1);
}

TEST_F(RestoreTest, NothingIsRestoredByAMerePreview) {
  copy.dry_run = true;
  archive("cold", "bytes");
  EXPECT_EQ(run().counts[Counter::bytes], 5);
  EXPECT_EQ(restores(), 0u);
}

TEST_F(RestoreTest, AProcessThatStopsLeavesTheWaitingToTheNext) {
  for (int i = 0; i < 30; ++i) archive("k" + std::to_string(i), "bytes");
  tuning.batch_items_max = 7;
  tuning.objects_in_flight_per_job_max = 2;
  start();
  int lives = 0;
  for (; lives < 50 && !is_drained(); ++lives) {
    source.set_on_request(before(StoreOperation::head, 9, [this] { worker->request_stop(); }));
    work();
  }
  EXPECT_GT(lives, 3);
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::copied], 30);
  EXPECT_EQ(restores(), 30u);
}

TEST_F(RestoreTest, AMirrorWaitsBeforeItDeletes) {
  copy.action = options::Action::sync;
  copy.deletes.percent_max = 100;
  archive("cold", "bytes");
  destination.put("extra", "bytes");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::deleted], 1);
  EXPECT_EQ(destination.keys(), std::vector<std::string>{"cold"});
}

}  // namespace
}  // namespace dth::object_copy::testing

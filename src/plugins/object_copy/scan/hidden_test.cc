// Runs over a source with a folder that cannot be listed.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class HiddenTest : public RunFixture {
 protected:
  HiddenTest() {
    source_options.limits.keys_are_paths = true;
    source_options.limits.list_page_max = 1;
    for (const char* key : {"a", "b/1", "b/2", "c"}) put(key, "bytes");
  }

  int stop_at_page = 0;  // the worker is stopped when so many pages were asked for; 0: it is not

  // As a directory lists: what lies in "b/" is hidden, and that is said also by a listing that
  // begins within it.
  void hide() {
    corrupting_source().answer_list = [this](const objects::ListRequest& request) {
      if (stop_at_page > 0 && --stop_at_page == 0) worker->request_stop();
      objects::ListPage page;
      const std::string& after =
          request.continuation_token.empty() ? request.start_after : request.continuation_token;
      std::vector<objects::ObjectInfo> all;
      for (const char* key : {"a", "c"}) all.push_back(source.head(key)->info);
      objects::ObjectInfo hiding;
      hiding.key = std::max<std::string>(
                       "b/", request.start_after.starts_with("b/") ? request.start_after : "") +
                   '\0';
      hiding.hidden_size = 2;
      hiding.obstacle = "cannot be read: Permission denied";
      all.insert(all.begin() + 1, hiding);
      for (objects::ObjectInfo& one : all) {
        if (one.key <= after || !one.key.starts_with(request.prefix)) continue;
        page.truncated = !page.objects.empty();
        if (page.truncated) break;
        page.next_token = one.key;
        page.objects.push_back(std::move(one));
      }
      return std::optional(std::move(page));
    };
  }
};

TEST_F(HiddenTest, IsOneItemThatFailedAndTheRestIsCopied) {
  start();
  hide();
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::completed_with_failures) << done.error;
  EXPECT_EQ(done.counts[Counter::selected], 3);
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  ASSERT_EQ(failures().size(), 1u);
  EXPECT_EQ(failures()[0].key, "b/");
  EXPECT_EQ(failures()[0].step, step_list);
  EXPECT_THAT(failures()[0].message, HasSubstr("Permission denied"));
  EXPECT_THAT(destination.keys(), ElementsAre("a", "c"));
}

// The scan is stopped behind each key, and taken up there.
TEST_F(HiddenTest, IsCountedOnceHoweverOftenTheScanIsTakenUp) {
  start();
  hide();
  int taken_up = 0;
  for (; state->jobs().backlog("run", kind_scan)->jobs > 0; ++taken_up) {
    ASSERT_LT(taken_up, 10);
    stop_at_page = 3;  // so that each gets on, though it hears of the folder again
    work();
  }
  EXPECT_GE(taken_up, 2) << "it was not stopped where it should have been";
  stop_at_page = 0;
  work();
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::scanned], 3);
  EXPECT_EQ(done.counts[Counter::failed], 1) << done.error;
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(failures().size(), 1u);
}

TEST_F(HiddenTest, AMirrorDeletesNothingThatItMayHold) {
  copy.action = options::Action::sync;
  copy.deletes.despite_failures = true;
  copy.deletes.percent_max = 100;
  for (const char* key : {"b/1", "b/3", "b0", "d"}) destination.put(key, "bytes");
  start();
  hide();
  work();
  EXPECT_EQ(end().counts[Counter::deleted], 2);
  EXPECT_THAT(destination.keys(), ElementsAre("a", "b/1", "b/3", "c"));
}

// The folder is an item that failed; it hinders no deletion elsewhere. Another failure does.
TEST_F(HiddenTest, AMirrorGoesOnWithoutTheFolder) {
  copy.action = options::Action::sync;
  copy.deletes.percent_max = 100;
  for (const char* key : {"b/1", "b/3", "d"}) destination.put(key, "bytes");
  start();
  hide();
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::completed_with_failures) << done.error;
  EXPECT_EQ(done.counts[Counter::deleted], 1);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_THAT(destination.keys(), ElementsAre("a", "b/1", "b/3", "c"));
}

TEST_F(HiddenTest, AMirrorStopsForAFailureBesideTheFolder) {
  copy.action = options::Action::sync;
  copy.deletes.percent_max = 100;
  destination.put("d", "bytes");
  destination.set_on_request(
      fail_always(StoreOperation::put, "c", Error{ErrorCode::permission_denied, "denied", ""}));
  start();
  hide();
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_EQ(done.counts[Counter::deleted], 0);
  EXPECT_THAT(destination.keys(), ElementsAre("a", "d"));
}

TEST_F(HiddenTest, AMirrorOfMoreThanTheSurveyKeepsDeletesNothingThatItMayHold) {
  copy.action = options::Action::sync;
  copy.deletes.despite_failures = true;
  copy.deletes.percent_max = 100;
  tuning.extras_kept_max = 0;
  for (const char* key : {"b/1", "b/3", "b0", "d"}) destination.put(key, "bytes");
  start();
  hide();
  work();
  EXPECT_EQ(end().counts[Counter::deleted], 2);
  EXPECT_THAT(destination.keys(), ElementsAre("a", "b/1", "b/3", "c"));
}

}  // namespace
}  // namespace dth::object_copy::testing

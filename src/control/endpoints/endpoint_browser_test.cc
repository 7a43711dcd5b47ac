#include "control/endpoints/endpoint_browser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"
#include "control/endpoints/endpoint_lane.h"
#include "objects/testing/fake_client.h"

namespace dth::control {
namespace {

class EndpointBrowserTest : public ::testing::Test {
 protected:
  Result<BrowsePage> browse(BrowseRequest request) {
    return run_for_test(context_, browse_endpoint(lane_, std::move(request)), &clock_);
  }
  void add(const std::string& key, bool is_prefix) {
    objects::LevelEntry entry;
    entry.is_prefix = is_prefix;
    entry.object.key = key;
    if (!is_prefix) entry.object.size = 7;
    endpoint_.level->entries.push_back(std::move(entry));
  }

  boost::asio::io_context context_{1};
  SimulatedClock clock_;
  objects::testing::FakeEndpoint endpoint_;
  objects::testing::FakeLane lane_{endpoint_, clock_};
};

TEST_F(EndpointBrowserTest, EmptyPathListsBuckets) {
  endpoint_.buckets->buckets = {{.name = "one"}, {.name = "two"}};
  endpoint_.buckets->next_token = "next";
  const auto page = browse({.search = "o", .token = "t", .count = 2});
  EXPECT_EQ(page->entries.at(0).path, "one/");
  EXPECT_EQ(page->entries.at(0).kind, BrowseEntry::Kind::bucket);
  EXPECT_EQ(page->next_token, "next");
  EXPECT_EQ(endpoint_.bucket_requests.at(0).prefix, "o");
  EXPECT_EQ(endpoint_.bucket_requests.at(0).token, "t");
  EXPECT_EQ(endpoint_.bucket_requests.at(0).page_size, 2u);
}

TEST_F(EndpointBrowserTest, PathListsOneLevelOfABucket) {
  add("a/", false);  // the level itself
  add("a/b/", true);
  add("a/c", false);
  const auto page = browse({.path = "bucket/a", .search = "x"});
  ASSERT_EQ(page->entries.size(), 2u);
  EXPECT_EQ(page->path, "bucket/a/");
  EXPECT_EQ(page->entries[0].name, "b");
  EXPECT_EQ(page->entries[0].path, "bucket/a/b/");
  EXPECT_EQ(page->entries[1].name, "c");
  EXPECT_EQ(page->entries[1].size.value(), 7u);
  EXPECT_EQ(endpoint_.level_requests.at(0).bucket, "bucket");
  EXPECT_EQ(endpoint_.level_requests.at(0).prefix, "a/x");
}

TEST_F(EndpointBrowserTest, DirectoriesAreListedFromTheRoot) {
  add("srv/data/", true);
  const auto page = browse({.has_server = false, .path = "/srv"});
  EXPECT_EQ(page->path, "/srv/");
  EXPECT_EQ(page->entries.at(0).path, "/srv/data/");
  EXPECT_EQ(endpoint_.level_requests.at(0).prefix, "srv/");
  EXPECT_TRUE(browse({.has_server = false}).has_value());
  EXPECT_EQ(endpoint_.level_requests.at(1).prefix, "");
}

TEST_F(EndpointBrowserTest, WhatIsNoPathIsRefused) {
  EXPECT_EQ(browse({.path = "/bucket"}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(browse({.path = "bucket", .search = "a/b"}).error().code, ErrorCode::invalid_argument);
}

// --- the lane

class FakeOpener final : public objects::StoreOpener {
 public:
  explicit FakeOpener(objects::testing::FakeEndpoint& endpoint) : endpoint_(endpoint) {}
  std::span<const std::unique_ptr<objects::StoreKind>> kinds() const override { return {}; }
  std::unique_ptr<objects::LaneOpener> open_lane(Executor, Clock& clock, unsigned) override {
    return std::make_unique<objects::testing::FakeLane>(endpoint_, clock);
  }

 private:
  objects::testing::FakeEndpoint& endpoint_;
};

Async<Result<int>> answer_after(Clock* clock, Duration time) {
  auto slept = co_await clock->sleep_for(time);
  if (slept.has_error()) co_return slept.error();
  co_return 7;
}

TEST(EndpointLaneTest, AnswersOnTheCallersExecutorAndStopsWhatIsUnderWay) {
  SystemClock clock;
  objects::testing::FakeEndpoint endpoint;
  FakeOpener opener(endpoint);
  boost::asio::io_context context(1);
  EndpointLane lane(opener, clock);
  EndpointLane::Question<int> quick = [&](objects::LaneOpener&) {
    return answer_after(&clock, std::chrono::milliseconds(1));
  };
  EXPECT_EQ(run_for_test(context, lane.ask(quick)).value(), 7);
  lane.request_stop();
  EndpointLane::Question<int> slow = [&](objects::LaneOpener&) {
    return answer_after(&clock, std::chrono::hours(1));
  };
  EXPECT_EQ(run_for_test(context, lane.ask(slow)).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace dth::control

#include "plugins/object_copy/scan/sorted_listing.h"

#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"

namespace dth::object_copy {
namespace {

template <class T>
void expect_same(const objects::Reported<T>& a, const objects::Reported<T>& b) {
  EXPECT_EQ(a.known(), b.known());
  if (a.known()) {
    EXPECT_EQ(a.value(), b.value());
  }
}

// A field more in ObjectInfo or Origin does not compile here, either.
void expect_same(const objects::ObjectInfo& a, const objects::ObjectInfo& b) {
  const auto& [key, size, etag, last_modified, storage_class, version_id, changed, obstacle,
               hidden_size, origin] = a;
  const auto& [origin_etag, origin_modified, origin_read_from] = origin;
  EXPECT_EQ(key, b.key);
  expect_same(size, b.size);
  EXPECT_EQ(etag, b.etag);
  expect_same(last_modified, b.last_modified);
  EXPECT_EQ(storage_class, b.storage_class);
  EXPECT_EQ(version_id, b.version_id);
  expect_same(changed, b.changed);
  EXPECT_EQ(obstacle, b.obstacle);
  EXPECT_EQ(hidden_size, b.hidden_size);
  EXPECT_EQ(origin_etag, b.origin.etag);
  expect_same(origin_modified, b.origin.modified);
  expect_same(origin_read_from, b.origin.read_from);
}

TEST(SortedListing, CarriesAllThatAListingReports) {
  objects::ObjectInfo full, empty, in_the_way;
  full.key = "b";
  full.size = 1ull << 60;
  full.etag = "two\nlines;3:x";
  full.last_modified = TimePoint(std::chrono::microseconds(-1));
  full.storage_class = "GLACIER";
  full.version_id = "v\n";
  full.changed = TimePoint(std::chrono::microseconds(1'700'000'000'123'456));
  full.origin = {"origin\n", TimePoint(std::chrono::microseconds(5)),
                 TimePoint(std::chrono::microseconds(6))};
  empty.key = "c";
  in_the_way.key = "a";
  in_the_way.size = 0;
  in_the_way.obstacle = "is a symbolic link";
  in_the_way.hidden_size = 1;
  const std::vector<objects::ObjectInfo> in_order{in_the_way, full, empty};

  boost::asio::io_context context;
  InlineExecutor blocking;
  SortedListing sorted(blocking, "/var/tmp", 1 << 20);
  const std::string none;
  ASSERT_TRUE(run_for_test(context, sorted.add({empty, in_the_way, full}, &none)).has_value());
  while (!run_for_test(context, sorted.sort_some()).value()) {
  }
  sorted.begin_after("");
  const auto page = run_for_test(context, sorted.next()).value();
  ASSERT_EQ(page.objects.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) expect_same(in_order[i], page.objects[i]);
}

}  // namespace
}  // namespace dth::object_copy

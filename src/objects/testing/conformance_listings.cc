// Listings: complete, in byte order, whatever the pages.
#include <algorithm>

#include "objects/testing/conformance.h"

namespace dth::objects {

void link_conformance_of_listings() {}

namespace {

using Keys = std::vector<std::string>;

TEST_P(ObjectStoreConformance, ListNothing) {
  auto page = run(store().list({}));
  ASSERT_TRUE(page.has_value()) << page.error().to_string();
  EXPECT_TRUE(page->objects.empty());
  EXPECT_FALSE(page->truncated);
}

TEST_P(ObjectStoreConformance, ListInPagesOfAnySize) {
  Keys keys;
  for (int i = 0; i < 23; ++i) keys.push_back("k" + std::to_string(i * i));
  keys.insert(keys.end(), {"K", "k", "k/", "k0/1", "k-", "k.", "k~", "l"});
  keys = holdable(std::move(keys));
  for (const std::string& key : keys) put_text(key, key);
  std::sort(keys.begin(), keys.end());
  for (std::uint32_t page_size : {1u, 2u, 3u, 7u, 30u, 31u, 32u, limits().list_page_max}) {
    EXPECT_EQ(list_keys({.page_size = page_size}), keys) << page_size;
  }
}

// Pages that are given back are memory, not contents.
TEST_P(ObjectStoreConformance, ListTheSameIntoSparePages) {
  for (int i = 0; i < 7; ++i)
    put_text("k" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x'));
  const std::vector<ObjectInfo> expected = list_all({});
  ObjectInfo used;
  used.key = "k9";
  used.etag = used.storage_class = used.version_id = "left over";
  used.size = 99;
  used.obstacle = "is left over";
  std::vector<ObjectInfo> spare(5, used), listed;
  ListRequest request{.page_size = 3, .spare = &spare};
  for (int pages = 0; pages < 10; ++pages) {
    auto page = run(store().list(request));
    ASSERT_TRUE(page.has_value()) << page.error().to_string();
    EXPECT_TRUE(spare.empty()) << "they are taken, whether they serve or not";
    listed.insert(listed.end(), page->objects.begin(), page->objects.end());
    request.continuation_token = page->next_token;
    spare = std::move(page->objects);
    if (!page->truncated) break;
  }
  ASSERT_EQ(listed.size(), expected.size());
  for (std::size_t i = 0; i < listed.size(); ++i) {
    EXPECT_EQ(listed[i].key, expected[i].key);
    EXPECT_EQ(listed[i].size, expected[i].size);
    EXPECT_EQ(listed[i].etag, expected[i].etag);
    EXPECT_EQ(listed[i].storage_class, expected[i].storage_class);
    EXPECT_EQ(listed[i].version_id, expected[i].version_id);
    EXPECT_EQ(listed[i].last_modified, expected[i].last_modified);
    EXPECT_EQ(listed[i].obstacle, expected[i].obstacle);
  }
}

TEST_P(ObjectStoreConformance, ListTellsWhatHeadTells) {
  put_text("a", "1");
  put_text("b", "22");
  for (const ObjectInfo& info : list_all({})) {
    auto head = run(store().head(info.key, ""));
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(info.size, head->info.size);
    EXPECT_EQ(info.etag, head->info.etag);
    const auto difference = info.last_modified.value() -
                            head->info.last_modified.value();  // HEAD tells whole seconds only
    EXPECT_LT(std::abs(difference.count()), 1'000'000);
  }
}

TEST_P(ObjectStoreConformance, ListPrefix) {
  const Keys keys = holdable({"a", "a/", "a/1", "a/2", "a0", "ab/1", "b"});
  for (const std::string& key : keys) put_text(key, "x");
  EXPECT_EQ(list_keys({.prefix = "a/"}), holdable({"a/", "a/1", "a/2"}));
  EXPECT_EQ(list_keys({.prefix = "a/", .page_size = 1}), holdable({"a/", "a/1", "a/2"}));
  EXPECT_EQ(list_keys({.prefix = "a"}), holdable({"a", "a/", "a/1", "a/2", "a0", "ab/1"}));
  EXPECT_EQ(list_keys({.prefix = "a/1"}), (Keys{"a/1"}));
  EXPECT_EQ(list_keys({.prefix = "none"}), Keys{});
  EXPECT_EQ(list_keys({.prefix = ""}), keys);
}

TEST_P(ObjectStoreConformance, ListStartAfter) {
  for (const char* key : {"a", "b/1", "b/2", "b/3", "c"}) put_text(key, "x");
  EXPECT_EQ(list_keys({.start_after = "b/1"}), (Keys{"b/2", "b/3", "c"}));
  EXPECT_EQ(list_keys({.start_after = "b/1", .page_size = 1}), (Keys{"b/2", "b/3", "c"}));
  EXPECT_EQ(list_keys({.start_after = "b/15"}), (Keys{"b/2", "b/3", "c"}));  // no key itself
  EXPECT_EQ(list_keys({.start_after = "c"}), Keys{});
  EXPECT_EQ(list_keys({.prefix = "b/", .start_after = "b/1"}), (Keys{"b/2", "b/3"}));
  EXPECT_EQ(list_keys({.prefix = "b/", .start_after = "a"}), (Keys{"b/1", "b/2", "b/3"}));
  EXPECT_EQ(list_keys({.prefix = "b/", .start_after = "bz"}), Keys{});
}

TEST_P(ObjectStoreConformance, ListSeesEachWriteAtOnce) {
  put_text("a", "1");
  EXPECT_EQ(list_keys({}), Keys{"a"});
  run(store().remove({"a"}));
  EXPECT_EQ(list_keys({}), Keys{});
}

}  // namespace
}  // namespace dth::objects

#include "plugins/object_copy/scan/listing.h"

#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"
#include "objects/testing/memory_store.h"
#include "plugins/object_copy/testing/corrupting_store.h"

namespace dth::object_copy {
namespace {

using Keys = std::vector<std::string>;

class ListingTest : public ::testing::Test {
 protected:
  ListingTest() {
    for (const char* key : {"a", "b", "c", "d", "e"}) bucket_.put(key, "bytes");
  }

  // Every key up to the end, or the error that came instead.
  static Async<Result<Keys>> read(objects::ObjectStore* store, Executor executor,
                                  std::string prefix, std::string after) {
    Listing listing(*store, executor, std::move(prefix), std::move(after));
    Keys keys;
    std::optional<Error> failure;
    for (bool ended = false; !ended && !failure;) {
      auto page = co_await listing.next();
      if (page.has_error()) {
        failure = page.error();
        break;
      }
      EXPECT_TRUE(page->ended || !page->objects.empty()) << "only the last page may be empty";
      for (const objects::ObjectInfo& object : page->objects) keys.push_back(object.key);
      ended = page->ended;
    }
    co_await listing.stop();
    if (failure) co_return *failure;
    co_return keys;
  }

  static Async<Result<Keys>> read_one_page(objects::ObjectStore* store, Executor executor) {
    Listing listing(*store, executor, "", "");
    auto page = co_await listing.next();
    co_await listing.stop();
    if (page.has_error()) co_return page.error();
    co_return Keys(page->objects.size(), "");
  }

  // Every key up to the end, where each page is given back.
  static Async<Result<Keys>> read_and_give_back(objects::ObjectStore* store, Executor executor) {
    Listing listing(*store, executor, "", "");
    Keys keys;
    for (bool ended = false; !ended;) {
      auto page = co_await listing.next();
      if (page.has_error()) break;
      for (const objects::ObjectInfo& object : page->objects) keys.push_back(object.key);
      ended = page->ended;
      listing.take_back(std::move(page->objects));
    }
    co_await listing.stop();
    co_return keys;
  }

  Result<Keys> read_all_of(std::string prefix = "", std::string after = "") {
    return run_for_test(
        context_, read(&corruption_, context_.get_executor(), std::move(prefix), std::move(after)));
  }

  boost::asio::io_context context_;
  SimulatedClock clock_;
  objects::MemoryBucket bucket_;
  objects::MemoryStore store_{bucket_, clock_, {.page_size_max = 2}};
  testing::CorruptingStore corruption_{store_};
};

TEST_F(ListingTest, GivesEveryKeyForOneRequestAPage) {
  EXPECT_EQ(read_all_of().value(), (Keys{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(store_.counts().of(objects::StoreOperation::list), 3u);
}

TEST_F(ListingTest, WhatIsTakenBackIsOfferedToTheStore) {
  Keys offered;
  corruption_.answer_list = [&](const objects::ListRequest& request) {
    for (const objects::ObjectInfo& object : *request.spare) offered.push_back(object.key);
    request.spare->clear();
    return std::nullopt;
  };
  EXPECT_EQ(
      run_for_test(context_, read_and_give_back(&corruption_, context_.get_executor())).value(),
      (Keys{"a", "b", "c", "d", "e"}));
  ASSERT_GE(offered.size(), 2u);
  EXPECT_EQ(Keys(offered.begin(), offered.begin() + 2), (Keys{"a", "b"}));
}

TEST_F(ListingTest, BeginsWhereItIsAskedTo) {
  EXPECT_EQ(read_all_of("", "c").value(), (Keys{"d", "e"}));
  EXPECT_EQ(read_all_of("c").value(), (Keys{"c"}));
  EXPECT_EQ(read_all_of("nothing").value(), Keys());
}

TEST_F(ListingTest, ReadsOnePageAheadAndNoMore) {
  EXPECT_EQ(run_for_test(context_, read_one_page(&corruption_, context_.get_executor()))->size(),
            2u);
  EXPECT_LE(store_.counts().of(objects::StoreOperation::list), 2u);
}

TEST_F(ListingTest, AFailureIsNeverAnEnd) {
  int pages = 0;
  bucket_.set_on_request([&](objects::StoreOperation, const std::string&) -> std::optional<Error> {
    if (++pages == 2) return Error{ErrorCode::permission_denied, "denied", ""};
    return std::nullopt;
  });
  auto keys = read_all_of();
  ASSERT_TRUE(keys.has_error());
  EXPECT_EQ(keys.error().code, ErrorCode::permission_denied);
}

TEST_F(ListingTest, APageThatIsTruncatedWithoutATokenIsAnError) {
  corruption_.answer_list = [](const objects::ListRequest&) {
    return objects::ListPage{{}, true, ""};
  };
  auto keys = read_all_of();
  ASSERT_TRUE(keys.has_error());
  EXPECT_EQ(keys.error().code, ErrorCode::data_corrupted);
}

// Tokens that go round in a circle, with nothing on the pages.
TEST_F(ListingTest, EndlessEmptyPagesAreAnError) {
  std::uint64_t asked = 0;
  corruption_.answer_list = [&](const objects::ListRequest&) {
    if (++asked > 20'000) return objects::ListPage{{}, false, ""};
    return objects::ListPage{{}, true, std::to_string(asked)};  // no token comes twice
  };
  auto keys = read_all_of();
  ASSERT_TRUE(keys.has_error());
  EXPECT_EQ(keys.error().code, ErrorCode::data_corrupted);
  EXPECT_LE(asked, 10'002u);
}

}  // namespace
}  // namespace dth::object_copy

#include "plugins/object_copy/copy/absence.h"

#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "base/testing/run_for_test.h"
#include "objects/testing/memory_store.h"
#include "plugins/object_copy/testing/corrupting_store.h"

namespace dth::object_copy {
namespace {

using objects::StoreOperation;

const Error bare_404{ErrorCode::not_found, ErrorReason::unconfirmed_absence,
                     "there is no such object, or no such bucket", "HTTP 404"};
const Error no_such_key{ErrorCode::not_found, ErrorReason::object_missing,
                        "there is no such object", "NoSuchKey"};
const Error no_such_bucket{ErrorCode::not_found, ErrorReason::bucket_missing,
                           "the bucket does not exist", "NoSuchBucket"};

class AbsenceTest : public ::testing::Test {
 protected:
  Result<bool> confirm(std::string key, Error refusal, std::string version = "",
                       std::string etag = "") {
    return run_for_test(context_, confirm_absence(&store_, std::move(key), std::move(version),
                                                  std::move(refusal), std::move(etag)));
  }
  void refuse(StoreOperation refused, Error error) {
    bucket_.set_on_request([=](StoreOperation operation, const std::string&) {
      return operation == refused ? std::optional(error) : std::nullopt;
    });
  }

  boost::asio::io_context context_;
  SimulatedClock clock_{TimePoint{}};
  objects::MemoryBucket bucket_;
  objects::MemoryStore store_{bucket_, clock_};
};

TEST_F(AbsenceTest, AListingConfirms) {
  bucket_.put("key and more", "1");
  EXPECT_TRUE(confirm("key", bare_404).value());
  EXPECT_TRUE(confirm("key", no_such_key).value());
}

TEST_F(AbsenceTest, AKeyThatIsListedIsNotGone) {
  bucket_.put("key", "1");
  for (const Error& refusal : {bare_404, no_such_key}) {
    EXPECT_EQ(confirm("key", refusal).error().reason, ErrorReason::listed_but_missing);
  }
}

// The listing has "a b" as "a%20b", and does not say that it encodes; or says so and does not.
TEST_F(AbsenceTest, AKeyThatIsListedUnderAnotherNameIsNotGone) {
  struct Case {
    const char* name;    // of the object
    const char* listed;  // what the listing makes of it
  };
  for (const Case& each :
       {Case{"a b", "a%20b"}, Case{"a b", "a+b"}, Case{"a%20b", "a b"}, Case{"a+b", "a b"},
        Case{"a\x01"
             "b",
             "a\xEF\xBF\xBD"
             "b"}}) {
    testing::CorruptingStore store(store_);
    store.answer_list = [&](const objects::ListRequest& request) {
      objects::ListPage page;
      if (std::string_view(each.name).starts_with(request.prefix))
        page.objects.emplace_back().key = each.listed;
      return std::optional(std::move(page));
    };
    auto gone = run_for_test(context_, confirm_absence(&store, each.listed, "", no_such_key, ""));
    EXPECT_EQ(gone.error().reason, ErrorReason::listed_but_missing) << each.name;
    EXPECT_TRUE(run_for_test(context_, confirm_absence(&store, "a c", "", no_such_key, "")).value())
        << each.name;
  }
}

// An earlier listing had it in other letters.
TEST_F(AbsenceTest, AnObjectThatIsListedUnderASimilarNameIsNotGone) {
  for (const auto& [name, listed] : {std::pair{"dir/x", "DIR/x"},
                                     {"SUB/y", "sub/y"},
                                     {"d/Some/Name", "d/some/name"},
                                     {"caf\u00E9", "cafe\u0301"}}) {
    bucket_.put(name, "1");
    const std::string etag = bucket_.head(name)->info.etag;
    EXPECT_EQ(confirm(listed, no_such_key, "", etag).error().reason,
              ErrorReason::listed_but_missing)
        << listed;
    EXPECT_TRUE(confirm(listed, no_such_key, "", "another").value()) << listed;
    EXPECT_TRUE(confirm(listed, no_such_key).value()) << listed << ": nothing is known of it";
  }
}

TEST_F(AbsenceTest, ABucketThatIsGoneSaysNothingOfItsObjects) {
  EXPECT_EQ(confirm("key", no_such_bucket).error().reason, ErrorReason::bucket_missing);
  bucket_.set_exists(false);
  EXPECT_EQ(confirm("key", bare_404).error().reason, ErrorReason::bucket_missing);
}

TEST_F(AbsenceTest, WhereListingIsRefusedTheStoresWordCounts) {
  refuse(StoreOperation::list, Error{ErrorCode::permission_denied, "access is denied", ""});
  EXPECT_TRUE(confirm("key", no_such_key).value());
  EXPECT_TRUE(confirm("key", bare_404).value());  // GET says it
  bucket_.put("key", "1");
  EXPECT_EQ(confirm("key", bare_404).error().reason, ErrorReason::listed_but_missing);
  refuse(StoreOperation::list, Error{ErrorCode::unavailable, "not now", ""});
  EXPECT_EQ(confirm("key", no_such_key).error().code, ErrorCode::unavailable);
}

TEST_F(AbsenceTest, AVersionIsAskedForByItself) {
  bucket_.put("key", "1");
  const Error no_such_version{ErrorCode::not_found, ErrorReason::version_missing,
                              "there is no such version", ""};
  EXPECT_TRUE(confirm("key", no_such_version, "v").value());
  EXPECT_TRUE(confirm("key", bare_404, "v").value());
  EXPECT_TRUE(confirm("key", bare_404, "null").has_error());
}

// A folder that cannot be read now.
TEST_F(AbsenceTest, AKeyThatIsHiddenIsNotGone) {
  testing::CorruptingStore store(store_);
  store.answer_list = [](const objects::ListRequest&) {
    objects::ListPage page;
    objects::ObjectInfo& hiding = page.objects.emplace_back();
    hiding.key = std::string("folder/key\0", 11);
    hiding.hidden_size = 7;
    hiding.obstacle = "cannot be read: Permission denied";
    return std::optional(std::move(page));
  };
  auto listed = run_for_test(context_, is_listed(&store, "folder/key"));
  ASSERT_TRUE(listed.has_error());
  EXPECT_EQ(listed.error().code, ErrorCode::permission_denied);
}

}  // namespace
}  // namespace dth::object_copy

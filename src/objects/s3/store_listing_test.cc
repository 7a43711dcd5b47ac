#include <gmock/gmock.h>

#include "objects/s3/testing/scripted_store.h"

namespace dth::objects::s3 {
namespace {

TEST_F(S3StoreTest, ListingPagesFollowEachOther) {
  script_.push_back({.body =
                         "<ListBucketResult><IsTruncated>true</IsTruncated>"
                         "<NextContinuationToken>t/1</NextContinuationToken></ListBucketResult>"});
  script_.push_back({.body = empty_listing});
  auto first = run(store().list(list_request("p/a", "", 10)));
  ASSERT_TRUE(first);
  EXPECT_EQ(seen_[0].request.target,
            "/bucket?encoding-type=url&list-type=2&max-keys=10&prefix=&start-after=p%2Fa");
  ASSERT_TRUE(run(store().list(list_request("p/a", first->next_token))));
  EXPECT_EQ(seen_[1].request.target,
            "/bucket?continuation-token=t%2F1&encoding-type=url&list-type=2&max-keys=1000&prefix=");
  EXPECT_EQ(counters_.list, 2u);
}

TEST_F(S3StoreTest, AListingIsReadInWhateverPiecesItComes) {
  const std::string xml =
      "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>1</Size></"
      "Contents>"
      "</ListBucketResult>";
  for (const std::size_t piece : {xml.size(), xml.size() - 1, std::size_t{7}, std::size_t{1}}) {
    for (const bool tells_end : {false, true}) {
      script_.push_back({.body = xml, .piece = piece, .tells_end = tells_end});
      auto page = run(store().list({}));
      ASSERT_TRUE(page) << page.error().to_string() << " in pieces of " << piece;
      ASSERT_EQ(page->objects.size(), 1u);
      EXPECT_EQ(page->objects[0].key, "a");
    }
  }
}

TEST_F(S3StoreTest, AnAnswerWithoutEndIsGivenUp) {
  const std::string large(Requester::answer_size_max + 1, ' ');
  for (const bool tells_end : {false, true}) {
    script_.push_back({.body = large, .piece = large.size(), .tells_end = tells_end});
    auto tags = run(store().get_tags("k", ""));
    ASSERT_FALSE(tags);
    EXPECT_EQ(tags.error().code, ErrorCode::data_corrupted);
    EXPECT_NE(tags.error().message.find("longer than"), std::string::npos) << tags.error().message;
    script_.push_back({.body = large, .piece = large.size(), .tells_end = tells_end});
    auto stored = put("data");
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().message.find("PUT s3://bucket/k at "), 0u) << stored.error().message;
  }
}

TEST_F(S3StoreTest, AListingIsPutIntoTheMemoryOfAnEarlierOne) {
  script_.push_back({.body = "<ListBucketResult><IsTruncated>false</IsTruncated>"
                             "<Contents><Key>k</Key><Size>1</Size></Contents></ListBucketResult>"});
  std::vector<ObjectInfo> spare(1);
  spare.reserve(2000);
  const ObjectInfo* const memory = spare.data();
  ListRequest request = list_request("");
  request.spare = &spare;
  auto page = run(store().list(request));
  ASSERT_TRUE(page) << page.error().to_string();
  ASSERT_EQ(page->objects.size(), 1u);
  EXPECT_EQ(page->objects[0].key, "k");
  EXPECT_EQ(page->objects.data(), memory);
  EXPECT_TRUE(spare.empty());
}

TEST_F(S3StoreTest, AListingIsAnErrorWhereItIsNotWhole) {
  const std::string truncated =
      "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>";
  for (const auto& [body, code] : std::vector<std::pair<std::string, ErrorCode>>{
           {"", ErrorCode::unavailable},
           {std::string(empty_listing).substr(0, 40), ErrorCode::unavailable},
           {"<html></html>", ErrorCode::unavailable},  // a page, which may go away
           {"<Other></Other>", ErrorCode::data_corrupted},
           {truncated, ErrorCode::data_corrupted},
           {error_document("SlowDown"), ErrorCode::throttled},
           {std::string((16 << 20) + 1, ' '), ErrorCode::data_corrupted}}) {
    script_.push_back({.body = body});
    auto page = run(store().list({}));
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, code) << page.error().to_string();
  }
}

TEST_F(S3StoreTest, AnUnknownServerWithoutVersion2IsAskedInVersion1) {
  options_.vendor.clear();
  // Nor is it the encoding of keys that it does not have.
  for (int i = 0; i < 2; ++i)
    script_.push_back({.status = 501, .body = error_document("NotImplemented")});
  script_.push_back(
      {.body = "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
               "<Contents><Key>a%2Fb</Key><Size>1</Size></Contents></ListBucketResult>"});
  script_.push_back({.body = empty_listing});
  auto page = run(store().list(list_request("a")));
  ASSERT_TRUE(page) << page.error().to_string();
  EXPECT_EQ(seen_[2].request.target, "/bucket?encoding-type=url&marker=a&max-keys=1000&prefix=");
  ASSERT_TRUE(run(store().list(list_request("", page->next_token))));
  EXPECT_EQ(seen_[3].request.target,
            "/bucket?encoding-type=url&marker=a%2Fb&max-keys=1000&prefix=");
}

}  // namespace
}  // namespace dth::objects::s3

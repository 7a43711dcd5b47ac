// What a write asks for besides bytes and metadata; copies within the store.
#include "objects/testing/conformance.h"

namespace dth::objects {

void link_conformance_of_properties() {}

namespace {

const Tags some_tags = {
    {"a", ""}, {"colour & shape", "red+round = good"}, {"gr\xC3\xBCn", "\xE6\x95\xB0"}};

CopyRequest copy_of(const std::string& bucket, const std::string& from, const std::string& etag,
                    const std::string& to) {
  CopyRequest request;
  request.source = {bucket, from, "", etag};
  request.key = to;
  return request;
}

TEST_P(ObjectStoreConformance, TagsAreKeptAndCounted) {
  if (!limits().tags) GTEST_SKIP() << "not a promise of this store";
  put_text("plain", "text");
  auto plain = run(store().get_tags("plain", ""));
  ASSERT_TRUE(plain.has_value()) << plain.error().to_string();
  EXPECT_TRUE(plain->empty());
  EXPECT_EQ(run(store().head("plain", ""))->tag_count, 0u);

  PutRequest request{.key = "tagged"};
  request.properties.tags = some_tags;
  auto put = try_put(request, "text");
  ASSERT_TRUE(put.has_value()) << put.error().to_string();
  CreateUploadRequest create{.key = "uploaded"};
  if (limits().uploads_as_asked) create.properties.tags = some_tags;
  auto id = run(store().create_upload(create));
  ASSERT_TRUE(id.has_value()) << id.error().to_string();
  const CompletedPart part = put_part("uploaded", *id, 1, "text");
  ASSERT_TRUE(complete("uploaded", *id, {part}).has_value());
  std::vector<std::string> tagged = {"tagged"};
  if (limits().uploads_as_asked) tagged.push_back("uploaded");
  for (const std::string& key : tagged) {
    auto tags = run(store().get_tags(key, ""));
    ASSERT_TRUE(tags.has_value()) << tags.error().to_string();
    EXPECT_EQ(*tags, some_tags) << key;
    EXPECT_EQ(run(store().head(key, ""))->tag_count, 3u) << key;
    auto got = run(store().get(GetRequest{.key = key}));
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->head.tag_count, 3u) << key;
    EXPECT_TRUE(run(read_all(*got->body, 100)).has_value());
  }
  auto missing = run(store().get_tags("missing", ""));
  ASSERT_TRUE(missing.has_error());
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

TEST_P(ObjectStoreConformance, TooManyTagsAreRefused) {
  if (!limits().tags) GTEST_SKIP() << "not a promise of this store";
  PutRequest request{.key = "object"};
  for (std::uint32_t i = 0; i <= limits().tag_count_max; ++i)
    request.properties.tags.emplace_back("k" + std::to_string(100 + i), "v");
  auto put = try_put(request, "text");
  ASSERT_TRUE(put.has_error());
  EXPECT_EQ(head_error("object"), ErrorCode::not_found);
  request.properties.tags.pop_back();
  EXPECT_TRUE(try_put(request, "text").has_value());
}

TEST_P(ObjectStoreConformance, CannedAclsAreTaken) {
  if (!limits().acls) GTEST_SKIP() << "not a promise of this store";
  PutRequest request{.key = "object"};
  request.properties.canned_acl = "public-read";
  auto put = try_put(request, "text");
  EXPECT_TRUE(put.has_value()) << put.error().to_string();
}

TEST_P(ObjectStoreConformance, CopyWithinTheStore) {
  const std::string text = sample_text(20'000, 1);
  PutRequest request{.key = "from/a+b c"};
  request.metadata.content_type = "text/x-copied";
  request.metadata.user = {{"name", "value"}};
  if (limits().tags) request.properties.tags = some_tags;
  auto put = try_put(request, text);
  ASSERT_TRUE(put.has_value()) << put.error().to_string();
  auto copied = run(store().copy(copy_of(bucket_name(), "from/a+b c", put->etag, "to")));
  if (!limits().server_side_copy) {
    ASSERT_TRUE(copied.has_error());
    EXPECT_EQ(copied.error().code, ErrorCode::unsupported);
    return;
  }
  ASSERT_TRUE(copied.has_value()) << copied.error().to_string();
  EXPECT_TRUE(get_text("to").value() == text);
  auto head = run(store().head("to", ""));
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->info.etag, copied->etag);
  EXPECT_EQ(head->metadata.content_type, "text/x-copied");
  EXPECT_EQ(head->metadata.user, request.metadata.user);
  if (limits().etag_is_md5) {
    EXPECT_EQ(copied->etag, put->etag);
  }
  if (limits().tags) {
    EXPECT_EQ(run(store().get_tags("to", "")).value(), some_tags);
  }
}

TEST_P(ObjectStoreConformance, CopyIsBoundToItsSource) {
  if (!limits().server_side_copy) GTEST_SKIP() << "not a promise of this store";
  const PutResult before = put_text("from", "before");
  put_text("from", "after");
  auto changed = run(store().copy(copy_of(bucket_name(), "from", before.etag, "to")));
  ASSERT_TRUE(changed.has_error());
  EXPECT_EQ(changed.error().code, ErrorCode::precondition_failed);
  EXPECT_EQ(head_error("to"), ErrorCode::not_found);
  run(store().remove({.key = "from"}));
  auto gone = run(store().copy(copy_of(bucket_name(), "from", before.etag, "to")));
  ASSERT_TRUE(gone.has_error());
  EXPECT_EQ(gone.error().code, ErrorCode::not_found);
}

TEST_P(ObjectStoreConformance, CopyReplacesMetadata) {
  if (!limits().server_side_copy) GTEST_SKIP() << "not a promise of this store";
  PutRequest request{.key = "object"};
  request.metadata.content_type = "text/x-before";
  request.metadata.user = {{"before", "1"}};
  auto put = try_put(request, "text");
  ASSERT_TRUE(put.has_value());
  CopyRequest copy = copy_of(bucket_name(), "object", put->etag, "object");  // onto itself
  copy.metadata.emplace();
  copy.metadata->content_type = "text/x-after";
  copy.metadata->user = {{"after", "2"}};
  auto copied = run(store().copy(copy));
  ASSERT_TRUE(copied.has_value()) << copied.error().to_string();
  auto head = run(store().head("object", ""));
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->metadata.content_type, "text/x-after");
  EXPECT_EQ(head->metadata.user, copy.metadata->user);
  EXPECT_EQ(get_text("object").value(), "text");
}

TEST_P(ObjectStoreConformance, CopyHeedsWhatItIsAskedFor) {
  if (!limits().server_side_copy || !limits().copies_as_asked)
    GTEST_SKIP() << "not a promise of this store";
  PutRequest request{.key = "from"};
  request.properties.tags = {{"old", "1"}};
  auto put = try_put(request, "text");
  ASSERT_TRUE(put.has_value());
  CopyRequest copy = copy_of(bucket_name(), "from", put->etag, "to");
  copy.metadata.emplace();
  ASSERT_TRUE(run(store().copy(copy)).has_value());
  if (limits().tags) {
    EXPECT_EQ(run(store().get_tags("to", "")).value(), (Tags{{"old", "1"}}));
  }
  copy.keep_tags = false;
  copy.properties.tags = {{"new", "2"}};
  ASSERT_TRUE(run(store().copy(copy)).has_value());
  if (limits().tags) {
    EXPECT_EQ(run(store().get_tags("to", "")).value(), copy.properties.tags);
  }
}

TEST_P(ObjectStoreConformance, ConditionalCopy) {
  if (!limits().server_side_copy || !limits().conditional_copy)
    GTEST_SKIP() << "not a promise of this store";
  const PutResult from = put_text("from", "text");
  CopyRequest copy = copy_of(bucket_name(), "from", from.etag, "to");
  copy.precondition.if_absent = true;
  ASSERT_TRUE(run(store().copy(copy)).has_value());
  auto again = run(store().copy(copy));
  ASSERT_TRUE(again.has_error());
  EXPECT_EQ(again.error().code, ErrorCode::precondition_failed);
}

TEST_P(ObjectStoreConformance, PartsAreCopiedWithinTheStore) {
  const std::string text = sample_text(limits().part_size_min + 1'000, 1);
  const PutResult from = put_text("from", text);
  const std::string id = create_upload("to");
  CopyPartRequest request{
      .source = {bucket_name(), "from", "", from.etag}, .key = "to", .upload_id = id};
  request.range = {0, limits().part_size_min};
  auto first = run(store().copy_part(request));
  if (!limits().server_side_copy_parts) {
    ASSERT_TRUE(first.has_error());
    EXPECT_EQ(first.error().code, ErrorCode::unsupported);
    return;
  }
  ASSERT_TRUE(first.has_value()) << first.error().to_string();
  request.part_number = 2;
  request.range = {limits().part_size_min, 1'000};
  auto second = run(store().copy_part(request));
  ASSERT_TRUE(second.has_value()) << second.error().to_string();
  auto completed = complete("to", id, {{1, first->etag}, {2, second->etag}});
  ASSERT_TRUE(completed.has_value()) << completed.error().to_string();
  EXPECT_TRUE(get_text("to").value() == text);

  put_text("from", "another text");
  request.range = {0, 5};
  const std::string other = create_upload("other");
  request.key = "other";
  request.upload_id = other;
  auto changed = run(store().copy_part(request));
  ASSERT_TRUE(changed.has_error());
  EXPECT_EQ(changed.error().code, ErrorCode::precondition_failed);
  run(store().abort_upload("other", other));
}

TEST_P(ObjectStoreConformance, MakingABucketThatIsThereIsNoError) {
  put_text("object", "text");
  auto made = run(store().create_bucket({}));
  EXPECT_TRUE(made.has_value()) << made.error().to_string();
  EXPECT_EQ(get_text("object").value(), "text");
}

}  // namespace
}  // namespace dth::objects

// Multipart uploads.
#include <algorithm>

#include "objects/testing/conformance.h"

namespace dth::objects {

void link_conformance_of_uploads() {}

namespace {

class BrokenBody final : public Body {
 public:
  std::uint64_t size() const override { return 10; }
  Async<Result<Bytes>> next() override {
    co_return Error{ErrorCode::unavailable, "the source broke", "test"};
  }
  bool rewind() override { return true; }
};

std::string md5_of_md5s(const std::vector<std::string>& texts) {
  std::string md5s;
  for (const std::string& text : texts) {
    const Digest md5 = hash(HashAlgorithm::md5, as_bytes(text));
    md5s.append(reinterpret_cast<const char*>(md5.bytes().data()), md5.bytes().size());
  }
  return hash(HashAlgorithm::md5, as_bytes(md5s)).hex() + "-" + std::to_string(texts.size());
}

TEST_P(ObjectStoreConformance, UploadInPartsOfAnyOrder) {
  const std::size_t size = std::max<std::uint64_t>(limits().part_size_min, 1'000);
  const std::vector<std::string> texts = {sample_text(size, 1), sample_text(size, 2),
                                          sample_text(100, 3)};
  CreateUploadRequest create{.key = "object"};
  create.metadata.content_type = "text/x-parts";
  create.metadata.user = {{"name", "value"}};
  auto id = run(store().create_upload(create));
  ASSERT_TRUE(id.has_value()) << id.error().to_string();
  std::vector<CompletedPart> parts(3);
  for (std::uint32_t number : {3u, 1u, 2u}) {
    parts[number - 1] = put_part("object", *id, number, texts[number - 1]);
    if (limits().etag_is_md5) {
      EXPECT_EQ(parts[number - 1].etag,
                hash(HashAlgorithm::md5, as_bytes(texts[number - 1])).hex());
    }
  }
  EXPECT_EQ(head_error("object"),
            ErrorCode::not_found);  // nothing is seen of it before it is complete
  EXPECT_TRUE(list_keys({}).empty());
  auto completed = complete("object", *id, parts);
  ASSERT_TRUE(completed.has_value()) << completed.error().to_string();
  EXPECT_TRUE(get_text("object").value() == texts[0] + texts[1] + texts[2]);
  auto head = run(store().head("object", ""));
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->info.size, 2 * size + 100);
  EXPECT_EQ(head->metadata.content_type, "text/x-parts");
  if (deviations().adds_mtime)
    std::erase_if(head->metadata.user, [](const auto& entry) { return entry.first == "mtime"; });
  EXPECT_EQ(head->metadata.user, create.metadata.user);
  if (limits().multipart_etag_is_md5_of_md5s) {
    EXPECT_EQ(head->info.etag, md5_of_md5s(texts));
  }
  if (!deviations().complete_etag_empty) {
    EXPECT_EQ(completed->etag, head->info.etag);
  }
  EXPECT_TRUE(uploads_of("object").empty());

  // Ranges cross the parts' borders.
  GetRequest request{.key = "object"};
  request.range = ByteRange{size - 2, 4};
  EXPECT_EQ(get_text(request).value(), (texts[0] + texts[1]).substr(size - 2, 4));
}

TEST_P(ObjectStoreConformance, PartNumbersMayHaveGaps) {
  const std::string first = sample_text(limits().part_size_min, 1), second = sample_text(10, 2);
  const std::string id = create_upload("object");
  const CompletedPart low = put_part("object", id, 7, first);
  const CompletedPart high = put_part("object", id, limits().part_count_max, second);
  auto completed = complete("object", id, {low, high});
  ASSERT_TRUE(completed.has_value()) << completed.error().to_string();
  EXPECT_TRUE(get_text("object").value() == first + second);
}

TEST_P(ObjectStoreConformance, PartUploadedAgainReplaces) {
  const std::string id = create_upload("object");
  const CompletedPart before = put_part("object", id, 1, "before");
  const CompletedPart after = put_part("object", id, 1, "after");
  auto stale = complete("object", id, {before});
  ASSERT_TRUE(stale.has_error());
  EXPECT_EQ(stale.error().code, ErrorCode::invalid_argument) << stale.error().to_string();
  auto completed = complete("object", id, {after});
  ASSERT_TRUE(completed.has_value()) << completed.error().to_string();
  EXPECT_EQ(get_text("object").value(), "after");
}

TEST_P(ObjectStoreConformance, UploadReplacesObject) {
  put_text("object", "before");
  const std::string id = create_upload("object");
  const CompletedPart part = put_part("object", id, 1, "after");
  EXPECT_EQ(get_text("object").value(), "before");
  ASSERT_TRUE(complete("object", id, {part}).has_value());
  EXPECT_EQ(get_text("object").value(), "after");
}

TEST_P(ObjectStoreConformance, CompleteRefusesWrongParts) {
  const std::string id = create_upload("object");
  const CompletedPart small = put_part("object", id, 1, "too small to be first");
  const CompletedPart last = put_part("object", id, 2, "last");
  const auto expect_refused = [&](std::vector<CompletedPart> parts, const char* what) {
    auto completed = complete("object", id, std::move(parts));
    ASSERT_TRUE(completed.has_error()) << what;
    EXPECT_EQ(completed.error().code, ErrorCode::invalid_argument)
        << what << ": " << completed.error().to_string();
  };
  if (limits().part_size_min > 100) expect_refused({small, last}, "a part below the minimum");
  expect_refused({small, CompletedPart{3, last.etag}}, "a part that was not uploaded");
  expect_refused({CompletedPart{1, last.etag}}, "a part with another's ETag");
  if (!deviations().part_order_unchecked) {
    const CompletedPart large = put_part("object", id, 3, sample_text(limits().part_size_min, 1));
    expect_refused({large, last}, "parts out of order");
  }
  EXPECT_EQ(head_error("object"), ErrorCode::not_found);
  EXPECT_EQ(uploads_of("object").size(), 1u);  // refused is not aborted
  auto aborted = run(store().abort_upload("object", id));
  EXPECT_TRUE(aborted.has_value());
}

TEST_P(ObjectStoreConformance, AbortedUploadIsGone) {
  const std::string id = create_upload("object");
  const CompletedPart part = put_part("object", id, 1, "part");
  for (int i = 0; i < 2; ++i) {
    auto aborted = run(store().abort_upload("object", id));
    EXPECT_TRUE(aborted.has_value()) << aborted.error().to_string();
  }
  EXPECT_TRUE(uploads_of("object").empty());
  auto late = try_part("object", id, 2, "late");
  ASSERT_TRUE(late.has_error());
  EXPECT_EQ(late.error().code, ErrorCode::not_found);
  auto completed = complete("object", id, {part});
  ASSERT_TRUE(completed.has_error());
  EXPECT_EQ(completed.error().code, ErrorCode::not_found);
  auto parts = run(store().list_parts("object", id));
  ASSERT_TRUE(parts.has_error());
  EXPECT_EQ(parts.error().code, ErrorCode::not_found);
  EXPECT_EQ(head_error("object"), ErrorCode::not_found);
}

TEST_P(ObjectStoreConformance, UploadsOfExactlyOneKey) {
  const std::string first = create_upload("key"), second = create_upload("key");
  std::vector<std::pair<std::string, std::string>> all = {{"key", first}, {"key", second}};
  for (const char* other : {"key2", "key/below", "ke", "Key"})
    all.emplace_back(other, create_upload(other));
  EXPECT_NE(first, second);
  std::vector<std::string> found;
  for (const UploadInfo& upload : uploads_of("key")) {
    EXPECT_EQ(upload.key, "key");
    EXPECT_GT(upload.initiated, TimePoint{});
    found.push_back(upload.upload_id);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> expected = {first, second};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(found, expected);
  EXPECT_TRUE(uploads_of("k").empty());
  for (const auto& [key, id] : all) EXPECT_TRUE(run(store().abort_upload(key, id)).has_value());
  EXPECT_TRUE(uploads_of("key").empty());
}

TEST_P(ObjectStoreConformance, ListParts) {
  const std::string id = create_upload("object");
  EXPECT_TRUE(run(store().list_parts("object", id)).value().empty());
  for (std::uint32_t number : {11u, 2u, 5u})
    put_part("object", id, number, std::string(number, 'x'));
  auto parts = run(store().list_parts("object", id));
  ASSERT_TRUE(parts.has_value()) << parts.error().to_string();
  ASSERT_EQ(parts->size(), 3u);
  const std::uint32_t numbers[] = {2, 5, 11};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ((*parts)[i].part_number, numbers[i]);
    EXPECT_EQ((*parts)[i].size, numbers[i]);
    if (limits().etag_is_md5) {
      EXPECT_EQ((*parts)[i].etag,
                hash(HashAlgorithm::md5, as_bytes(std::string(numbers[i], 'x'))).hex());
    }
  }
  EXPECT_TRUE(run(store().abort_upload("object", id)).has_value());
}

TEST_P(ObjectStoreConformance, CompleteTwice) {
  const std::string id = create_upload("object");
  const CompletedPart part = put_part("object", id, 1, "text");
  ASSERT_TRUE(complete("object", id, {part}).has_value());
  auto again = complete("object", id, {part});
  if (deviations().complete_twice_succeeds) {
    EXPECT_TRUE(again.has_value()) << again.error().to_string();
  } else {
    ASSERT_TRUE(again.has_error());
    EXPECT_EQ(again.error().code, ErrorCode::not_found) << again.error().to_string();
  }
  EXPECT_EQ(get_text("object").value(), "text");
}

TEST_P(ObjectStoreConformance, ConditionalComplete) {
  if (!limits().conditional_complete) GTEST_SKIP() << "not a promise of this store";
  const PutResult put = put_text("object", "one");
  const std::string id = create_upload("object");
  const CompletedPart part = put_part("object", id, 1, "two");
  Precondition absent;
  absent.if_absent = true;
  auto refused = complete("object", id, {part}, absent);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, ErrorCode::precondition_failed) << refused.error().to_string();
  EXPECT_EQ(get_text("object").value(), "one");
  Precondition match;
  match.if_match = put.etag;
  auto completed = complete("object", id, {part}, match);
  if (completed.has_error()) {
    // S3 keeps the upload after a failed precondition; a store may also have given it up.
    EXPECT_EQ(completed.error().code, ErrorCode::not_found) << completed.error().to_string();
  } else {
    EXPECT_EQ(get_text("object").value(), "two");
  }
}

TEST_P(ObjectStoreConformance, PartsThatAreNotStored) {
  const std::string id = create_upload("object");
  BrokenBody broken;
  auto part = run(store().upload_part(UploadPartRequest{.key = "object", .upload_id = id}, broken));
  ASSERT_TRUE(part.has_error());
  EXPECT_NE(part.error().message.find("the source broke"), std::string::npos);
  if (limits().enforces_content_md5) {
    UploadPartRequest request{.key = "object", .upload_id = id};
    request.content_md5 = hash(HashAlgorithm::md5, as_bytes("other"));
    BytesBody body(as_bytes("text"));
    part = run(store().upload_part(request, body));
    ASSERT_TRUE(part.has_error());
    EXPECT_EQ(part.error().code, ErrorCode::data_corrupted);
  }
  auto unknown = try_part("object", "no-such-upload", 1, "text");
  ASSERT_TRUE(unknown.has_error());
  EXPECT_EQ(unknown.error().code, ErrorCode::not_found) << unknown.error().to_string();
  EXPECT_TRUE(run(store().list_parts("object", id)).value().empty());
  EXPECT_TRUE(run(store().abort_upload("object", id)).has_value());
}

TEST_P(ObjectStoreConformance, FullObjectChecksum) {
  if (!limits().enforces_checksums) GTEST_SKIP() << "not a promise of this store";
  const std::string first = sample_text(limits().part_size_min, 1), second = sample_text(50, 2);
  for (HashAlgorithm algorithm : {HashAlgorithm::crc64nvme, HashAlgorithm::crc32c}) {
    const auto member =
        algorithm == HashAlgorithm::crc32c ? &Checksums::crc32c : &Checksums::crc64nvme;
    CreateUploadRequest create{.key = "object", .full_object_checksum = algorithm};
    auto id = run(store().create_upload(create));
    ASSERT_TRUE(id.has_value()) << id.error().to_string();
    const std::vector<CompletedPart> parts = {put_part("object", *id, 1, first),
                                              put_part("object", *id, 2, second)};
    Checksums wrong, right;
    wrong.*member = hash(algorithm, as_bytes(second + first)).base64();
    right.*member = hash(algorithm, as_bytes(first + second)).base64();
    auto refused = complete("object", *id, parts, {}, wrong);
    ASSERT_TRUE(refused.has_error()) << to_string(algorithm);
    EXPECT_EQ(refused.error().code, ErrorCode::data_corrupted) << refused.error().to_string();
    EXPECT_EQ(head_error("object"), ErrorCode::not_found);
    auto completed = complete("object", *id, parts, {}, right);
    ASSERT_TRUE(completed.has_value()) << completed.error().to_string();
    auto head = run(store().head("object", ""));
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->checksums.*member, right.*member);
    EXPECT_TRUE(run(store().remove({"object"})).has_value());
  }
}

}  // namespace
}  // namespace dth::objects

// Whole runs whose copies are to look like something: what is asked of the stores, and how often.
// More than 100 bytes are large here, a part has 50.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/option_table.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::Encryption;
using objects::LockMode;
using objects::StoreOperation;
using objects::Tags;
using state::RunState;
using ::testing::HasSubstr;

objects::ObjectMetadata plain_text() {
  objects::ObjectMetadata metadata;
  metadata.content_type = "text/plain";
  return metadata;
}

class DestinationTest : public RunFixture {
 protected:
  DestinationTest() {
    for (int i = 0; i < 280; ++i) large.push_back(static_cast<char>('a' + i % 23));
  }
  std::string large;  // six parts
};

TEST_F(DestinationTest, TagsCostOneRequestForEachObjectThatHasSome) {
  copy.at_destination.keeps_tags = true;
  copy.at_destination.tags = {{"all", "1"}};
  for (const char* key : {"a", "b", "c", "d"}) put(key, "bytes");
  put("large", large);
  source.set_tags("b", {{"colour", "red"}});
  source.set_tags("large", {{"all", "2"}, {"shape", "round"}});
  run();
  EXPECT_EQ(destination.properties("a")->tags, (Tags{{"all", "1"}}));
  EXPECT_EQ(destination.properties("b")->tags, (Tags{{"all", "1"}, {"colour", "red"}}));
  EXPECT_EQ(destination.properties("large")->tags, (Tags{{"all", "1"}, {"shape", "round"}}));
  // "b" and "large", and the first object of all, which shows that tags may be read.
  EXPECT_LE(source_requests(StoreOperation::get_tags), 4u);
  EXPECT_GE(source_requests(StoreOperation::get_tags), 2u);
}

TEST_F(DestinationTest, TagsAreNotAskedForUnlessTheyAreKept) {
  put("a", "bytes");
  source.set_tags("a", {{"colour", "red"}});
  run();
  EXPECT_EQ(source_requests(StoreOperation::get_tags), 0u);
  EXPECT_EQ(source_requests(StoreOperation::get), 1u);
  EXPECT_EQ(destination_requests(StoreOperation::put), 1u);
  EXPECT_TRUE(destination.properties("a")->tags.empty());
}

// S3 counts no tags for who may not read them: the first object tells.
TEST_F(DestinationTest, TagsThatMayNotBeReadAreAFailureAndNotLeftOut) {
  copy.at_destination.keeps_tags = true;
  put("a", "bytes");
  source.set_on_request(fail_always(StoreOperation::get_tags, "a",
                                    Error{ErrorCode::permission_denied, "no", "AccessDenied"}));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_THAT(failures().at(0).message, HasSubstr("s3:GetObjectTagging"));
  EXPECT_EQ(destination.size(), 0u);
}

TEST_F(DestinationTest, MoreTagsThanTheDestinationTakesAreAFailure) {
  copy.at_destination.keeps_tags = true;
  copy.at_destination.tags = {{"a", "1"}, {"b", "2"}};
  destination_options.limits.tag_count_max = 2;
  put("k", "bytes");
  source.set_tags("k", {{"c", "3"}});
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_THAT(failures().at(0).message, HasSubstr("3 tags"));
  EXPECT_THAT(failures().at(0).message, HasSubstr("--tags none"))
      << "found before the write, not by the store";
}

TEST_F(DestinationTest, PropertiesAndMetadataAreThoseAskedForAlsoInParts) {
  copy.at_destination.storage_class = "STANDARD_IA";
  copy.at_destination.canned_acl = "public-read";
  copy.at_destination.encryption = Encryption::sse_kms;
  copy.at_destination.kms_key_id = "key-1";
  destination_options.limits.enforces_checksums = true;
  copy.at_destination.metadata_mode = MetadataMode::merge;
  copy.at_destination.metadata.cache_control = "no-cache";
  for (const auto& [key, bytes] :
       {std::pair<std::string, std::string>("small", "bytes"), {"large", large}}) {
    put(key, bytes, plain_text());
  }
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(done.counts[Counter::proof_none], 0);
  for (const char* key : {"small", "large"}) {
    EXPECT_EQ(destination.head(key)->info.storage_class, "STANDARD_IA") << key;
    EXPECT_EQ(destination.properties(key)->canned_acl, "public-read") << key;
    EXPECT_EQ(destination.head(key)->encryption, Encryption::sse_kms) << key;
    EXPECT_EQ(destination.properties(key)->kms_key_id, "key-1") << key;
    EXPECT_EQ(destination.head(key)->metadata.content_type, "text/plain") << key;
    EXPECT_EQ(destination.head(key)->metadata.cache_control, "no-cache") << key;
  }
}

// ETags of encrypted objects are no MD5s: they neither prove nor contradict.
TEST_F(DestinationTest, AnEtagThatEncryptionMadeIsNoContradiction) {
  copy.at_destination.encryption = Encryption::sse_kms;
  source_options.limits.etag_is_md5 = false;  // nothing is declared
  source_options.body_piece_max = 3;          // nor known ahead
  put("k", "bytes");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::proof_none], 1);
  EXPECT_EQ(done.counts[Counter::retries], 0);
}

TEST_F(DestinationTest, EncryptionThatTheStoreIgnoresStopsTheWriting) {
  copy.at_destination.encryption = Encryption::sse_s3;
  destination_options.ignores_encryption = true;
  tuning.objects_in_flight_max = 1;
  for (const char* key : {"a", "b", "c"}) put(key, "bytes");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 3);
  EXPECT_EQ(destination.size(), 1u);  // the one that showed it
  EXPECT_THAT(failures().at(0).message, HasSubstr("without the encryption"));
}

TEST_F(DestinationTest, EncryptionThatTheStoreIgnoresIsSeenInPartsToo) {
  copy.at_destination.encryption = Encryption::sse_s3;
  destination_options.ignores_encryption = true;
  put("large", large);
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_THAT(failures().at(0).message, HasSubstr("without the encryption"));
  EXPECT_TRUE(destination.open_uploads().empty());
}

TEST_F(DestinationTest, LockedObjectsAreSentWithADigest) {
  copy.at_destination.lock = LockPolicy::governance;
  copy.at_destination.retain_for = std::chrono::hours(24);
  copy.at_destination.legal_hold = true;
  source_options.body_piece_max = 3;
  put("declared", "bytes");
  put("computed", "bytes");
  source.change("computed", [](objects::ObjectHead& head) {
    head.info.etag = "0123456789abcdef0123456789abcdef-2";
  });
  put("large", large);
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 3);
  EXPECT_EQ(done.counts[Counter::proof_none], 0);
  for (const char* key : {"declared", "computed", "large"}) {
    EXPECT_EQ(destination.head(key)->lock.mode, LockMode::governance) << key;
    EXPECT_TRUE(destination.head(key)->lock.legal_hold) << key;
    EXPECT_GT(destination.head(key)->lock.retain_until, clock.now()) << key;
    EXPECT_EQ(destination.bytes(key), source.bytes(key)) << key;
  }
  // What no digest is known of is read twice: one object, and six parts.
  EXPECT_EQ(source_requests(StoreOperation::get), 1u + 2u + 12u);
}

TEST_F(DestinationTest, ASourceThatChangesBetweenItsTwoReadingsIsReadAgain) {
  copy.at_destination.legal_hold = true;
  source_options.limits.etag_is_md5 = false;
  source_options.body_piece_max = 3;
  put("k", "first bytes");
  source.set_on_request(before(StoreOperation::get, 2, [this] { put("k", "other bytes"); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), "other bytes");
}

TEST_F(DestinationTest, ABucketThatDemandsDigestsIsObeyedOnceItHasSaidSo) {
  destination_options.demands_digests = true;
  source_options.limits.etag_is_md5 = false;
  source_options.body_piece_max = 3;
  put("k", "some bytes");
  put("large", large);
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(destination.bytes("k"), "some bytes");
  EXPECT_EQ(destination.bytes("large"), large);
}

TEST_F(DestinationTest, AStoreWhoseUploadsDropTagsGetsThemInOnePut) {
  destination_options.limits.uploads_as_asked = false;
  destination_options.limits.put_size_max = 300;
  copy.at_destination.keeps_tags = true;
  for (const char* key : {"tagged", "plain", "huge"}) put(key, large);
  put("huge", large + large);
  for (const char* key : {"tagged", "huge"}) source.set_tags(key, {{"colour", "red"}});
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(destination.properties("tagged")->tags, (Tags{{"colour", "red"}}));
  EXPECT_EQ(destination.bytes("tagged"), large);
  EXPECT_EQ(destination_requests(StoreOperation::put), 1u);
  EXPECT_EQ(destination_requests(StoreOperation::upload_part), 6u);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(failures().at(0).key, "huge");
  EXPECT_THAT(failures().at(0).message, HasSubstr("in parts"));
}

// ----- Copies within a store -----

class WithinTest : public DestinationTest {
 protected:
  WithinTest() {
    one_place = true;
    destination_options.limits.conditional_copy = true;
  }
};

TEST_F(WithinTest, NoBytePassesHere) {
  put("small", "bytes", plain_text());
  put("large", large);
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(done.counts[Counter::proof_source_checksum], 2);
  EXPECT_EQ(source_requests(StoreOperation::get) + source_requests(StoreOperation::head), 0u);
  EXPECT_EQ(destination_requests(StoreOperation::copy), 2u);
  EXPECT_EQ(destination.bytes("large"), large);
  EXPECT_EQ(destination.head("small")->metadata.content_type, "text/plain");
}

TEST_F(WithinTest, NeverMeansNever) {
  copy.at_destination.server_side_copy = ServerSideCopy::never;
  put("small", "bytes");
  run();
  EXPECT_EQ(destination_requests(StoreOperation::copy), 0u);
  EXPECT_EQ(destination.bytes("small"), "bytes");
}

TEST_F(WithinTest, ASourceThatWasReplacedIsTakenAsItIsNow) {
  put("k", "old");
  source.set_on_request(nullptr);
  destination.set_on_request(
      before(StoreOperation::copy, 1, [this] { put("k", "new and longer"); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), "new and longer");
  EXPECT_EQ(lines().at(0).size, 14u);
  EXPECT_EQ(destination_requests(StoreOperation::copy), 2u);
}

TEST_F(WithinTest, ASourceThatIsGoneIsDeletedAtSource) {
  put("k", "bytes");
  destination.set_on_request(before(StoreOperation::copy, 1, [this] { source.erase("k"); }));
  EXPECT_EQ(run().counts[Counter::deleted_at_source], 1);
}

TEST_F(WithinTest, WhatSomebodyElseWroteSinceTheListingIsLeftAlone) {
  put("k", "bytes");
  destination.set_on_request(
      before(StoreOperation::copy, 1, [this] { destination.put("k", "theirs"); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(destination.bytes("k"), "theirs");
}

TEST_F(WithinTest, ACopyWhoseAnswerWasLostIsOurs) {
  put("k", "bytes");
  start();
  corrupting_destination().lose_answer =
      [left = 1](StoreOperation operation, const std::string&) mutable -> std::optional<Error> {
    if (operation == StoreOperation::copy && left-- > 0)
      return Error{ErrorCode::unavailable, "the answer was lost", ""};
    return std::nullopt;
  };
  work();
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), "bytes");
}

TEST_F(WithinTest, AStoreThatCannotIsNotAskedTwice) {
  tuning.objects_in_flight_max = 1;
  for (const char* key : {"a", "b"}) put(key, "bytes");
  destination.set_on_request(
      [](StoreOperation operation, const std::string&) -> std::optional<Error> {
        if (operation != StoreOperation::copy) return std::nullopt;
        return Error{ErrorCode::unsupported, "no", "NotImplemented"};
      });
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(destination_requests(StoreOperation::copy), 1u);
  EXPECT_EQ(destination_requests(StoreOperation::put), 2u);
}

TEST_F(WithinTest, ALargeObjectThatMayNotBeCopiedWithinIsMovedInParts) {
  put("large", large);
  destination.set_on_request(
      [](StoreOperation operation, const std::string&) -> std::optional<Error> {
        if (operation != StoreOperation::copy) return std::nullopt;
        return Error{ErrorCode::permission_denied, "no", "AccessDenied"};
      });
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination_requests(StoreOperation::upload_part), 6u);
  EXPECT_EQ(destination.bytes("large"), large);
}

TEST_F(WithinTest, AMultipartObjectIsProvedByItsChecksum) {
  destination_options.limits.enforces_checksums = source_options.limits.enforces_checksums = true;
  put("known", "bytes");
  put("unknown", "bytes");
  for (const char* key : {"known", "unknown"}) {
    source.change(key, [](objects::ObjectHead& head) {
      head.info.etag = "0123456789abcdef0123456789abcdef-2";
    });
  }
  source.change("known", [](objects::ObjectHead& head) {
    head.checksums.crc64nvme = hash(HashAlgorithm::crc64nvme, as_bytes("bytes")).base64();
  });
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(done.counts[Counter::proof_none], 0);
  EXPECT_EQ(done.counts[Counter::proof_source_checksum], 1);
  EXPECT_EQ(done.counts[Counter::proof_transit_checksum], 1);  // its bytes were moved over the copy
  EXPECT_EQ(source_requests(StoreOperation::get), 1u);
}

TEST_F(WithinTest, TagsAreTheStoresAffairUnlessTheyChange) {
  copy.at_destination.keeps_tags = true;
  put("k", "bytes");
  source.set_tags("k", {{"colour", "red"}});
  run();
  EXPECT_EQ(source_requests(StoreOperation::get_tags), 0u);
  EXPECT_EQ(destination.properties("k")->tags, (Tags{{"colour", "red"}}));
}

TEST_F(WithinTest, AStoreThatDoesNotCopyAsAskedIsGivenTheBytes) {
  destination_options.limits.copies_as_asked = false;
  copy.at_destination.tags = {{"colour", "red"}};
  put("k", "bytes");
  run();
  EXPECT_EQ(destination_requests(StoreOperation::copy), 0u);
  EXPECT_EQ(destination.properties("k")->tags, (Tags{{"colour", "red"}}));
}

TEST_F(WithinTest, WhatIsTooLargeForOneCopyIsCopiedInPartsAndProvedAsAWhole) {
  destination_options.limits.enforces_checksums = source_options.limits.enforces_checksums = true;
  destination_options.limits.copy_size_max = 100;
  copy.at_destination.storage_class = "STANDARD_IA";
  put("large", large, plain_text());
  source.change("large", [this](objects::ObjectHead& head) {
    head.checksums.crc64nvme = hash(HashAlgorithm::crc64nvme, as_bytes(large)).base64();
  });
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::proof_source_checksum], 1);
  EXPECT_EQ(destination_requests(StoreOperation::copy_part), 6u);
  EXPECT_EQ(source_requests(StoreOperation::get), 0u);
  EXPECT_EQ(destination.bytes("large"), large);
  EXPECT_EQ(destination.head("large")->metadata.content_type, "text/plain");
  EXPECT_EQ(destination.head("large")->info.storage_class, "STANDARD_IA");
}

TEST_F(WithinTest, PartsOfASourceThatChangesAreNotMixed) {
  destination_options.limits.enforces_checksums = source_options.limits.enforces_checksums = true;
  destination_options.limits.copy_size_max = 100;
  const auto put_large = [this](const std::string& bytes) {
    put("large", bytes);
    source.change("large", [&](objects::ObjectHead& head) {
      head.checksums.crc64nvme = hash(HashAlgorithm::crc64nvme, as_bytes(bytes)).base64();
    });
  };
  put_large(large);
  const std::string other(280, 'x');
  destination.set_on_request(before(StoreOperation::copy_part, 3, [&] { put_large(other); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("large"), other);
}

// ----- In place -----

class InPlaceTest : public DestinationTest {
 protected:
  InPlaceTest() {
    one_place = one_bucket = true;
    destination_options.limits.conditional_copy = true;
    copy.in_place = true;
    copy.comparison.mode = CompareMode::always;
  }
  void want(const options::Values& spec) {
    const auto values =
        options::ParsedValues::parse(options_of_task(), spec, options::Action::copy, clock.now());
    copy.at_destination = parse_destination_options(*values, clock.now()).value();
    keep_what_is_not_changed(*values, &copy.at_destination);
  }
};

TEST_F(InPlaceTest, ObjectsAreRewrittenWhereTheyAreAndKeepWhatIsNotChanged) {
  want({{"storage-class", "STANDARD_IA"}});
  put("k", "bytes", plain_text());
  put("large", large);
  source.set_tags("k", {{"colour", "red"}});
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(done.counts[Counter::proof_source_checksum], 2);
  EXPECT_EQ(source_requests(StoreOperation::get), 0u);
  for (const char* key : {"k", "large"})
    EXPECT_EQ(source.head(key)->info.storage_class, "STANDARD_IA") << key;
  EXPECT_EQ(source.head("k")->metadata.content_type, "text/plain");
  EXPECT_EQ(source.properties("k")->tags, (Tags{{"colour", "red"}}));
  EXPECT_EQ(source.bytes("large"), large);
}

TEST_F(InPlaceTest, AStoreThatDoesNotCopyAsAskedGetsItsOwnBytesBack) {
  destination_options.limits.copies_as_asked = false;
  want({{"metadata", "merge"}, {"metadata-set", options::make_list({"owner=me"})}});
  put("k", "bytes", plain_text());
  put("large", large);
  source.set_tags("k", {{"colour", "red"}});
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 2);
  EXPECT_EQ(destination_requests(StoreOperation::copy), 0u);
  EXPECT_EQ(source.head("k")->metadata.content_type, "text/plain");
  EXPECT_EQ(source.head("k")->metadata.user.size(), 1u);
  EXPECT_EQ(source.properties("k")->tags, (Tags{{"colour", "red"}}));
  EXPECT_EQ(source.bytes("k"), "bytes");
  EXPECT_EQ(source.bytes("large"), large);
}

TEST_F(InPlaceTest, WhatCouldNotBeProvedAfterwardsIsMovedInstead) {
  want({{"encryption", "sse-kms"}});
  put("k", "bytes");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  // Encryption makes the ETag, and this store answers no checksum: that it takes an MD5 shows
  // nothing.
  EXPECT_EQ(done.counts[Counter::proof_none], 1);
  EXPECT_EQ(destination_requests(StoreOperation::copy), 0u);
  EXPECT_EQ(source.head("k")->encryption, Encryption::sse_kms);
  EXPECT_EQ(source.bytes("k"), "bytes");
}

TEST_F(InPlaceTest, AnObjectThatIsReplacedMeanwhileIsRewrittenAsItIsThen) {
  want({{"storage-class", "STANDARD_IA"}});
  put("k", "old");
  source.set_on_request(before(StoreOperation::copy, 1, [this] { put("k", "new and longer"); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(source.bytes("k"), "new and longer");
  EXPECT_EQ(source.head("k")->info.storage_class, "STANDARD_IA");
}

}  // namespace
}  // namespace dth::object_copy::testing

#include "plugins/object_copy/destination_options.h"

#include <gmock/gmock.h>

#include "plugins/object_copy/option_table.h"

namespace dth::object_copy {
namespace {

using objects::Encryption;
using objects::LockMode;
using options::Values;
using ::testing::HasSubstr;

const TimePoint now = *parse_time("2026-03-01T12:00:00Z");

options::ParsedValues values_of(const Values& given) {
  return options::ParsedValues::parse(options_of_task(), given, options::Action::copy, now).value();
}

DestinationOptions parsed(const Values& given) {
  return parse_destination_options(values_of(given), now).value();
}

std::string refusal(const Values& spec) {
  auto options = parse_destination_options(values_of(spec), now);
  return options.has_error() ? options.error().message : "";
}

objects::ObjectMetadata some_metadata() {
  objects::ObjectMetadata metadata;
  metadata.content_type = "text/plain";
  metadata.cache_control = "no-store";
  metadata.user = {{"colour", "red"}, {"owner", "me"}};
  return metadata;
}

TEST(DestinationOptions, NothingAskedForAsksForNothing) {
  const DestinationOptions options = parsed({});
  EXPECT_FALSE(options.changes_objects());
  EXPECT_FALSE(options.needs_head());
  objects::ObjectHead head;
  head.info.storage_class = "STANDARD_IA";
  head.encryption = Encryption::sse_kms;
  head.lock.legal_hold = true;
  EXPECT_EQ(properties_of_copy(options, head, {}, now), objects::ObjectProperties{});
  EXPECT_EQ(metadata_of_copy(options, some_metadata()), some_metadata());
}

TEST(DestinationOptions, WhatIsAskedForIsAskedOfTheStore) {
  const DestinationOptions options = parsed({{"storage-class", "GLACIER_IR"},
                                             {"acl", "bucket-owner-full-control"},
                                             {"encryption", "sse-kms"},
                                             {"kms-key-id", "key-1"},
                                             {"kms-bucket-key", "true"},
                                             {"tag", options::make_list({"b=2=3", "a="})},
                                             {"object-lock", "compliance"},
                                             {"retain-for", "7d"},
                                             {"legal-hold", "true"}});
  EXPECT_TRUE(options.changes_objects());
  const objects::ObjectProperties properties =
      properties_of_copy(options, {}, {{"a", "old"}, {"c", "kept"}}, now);
  EXPECT_EQ(properties.storage_class, "GLACIER_IR");
  EXPECT_EQ(properties.canned_acl, "bucket-owner-full-control");
  EXPECT_EQ(properties.encryption, Encryption::sse_kms);
  EXPECT_EQ(properties.kms_key_id, "key-1");
  EXPECT_TRUE(properties.bucket_key);
  EXPECT_EQ(properties.tags, (objects::Tags{{"a", ""}, {"b", "2=3"}, {"c", "kept"}}));
  EXPECT_EQ(properties.lock.mode, LockMode::compliance);
  EXPECT_EQ(properties.lock.retain_until, now + std::chrono::hours(7 * 24));
  EXPECT_TRUE(properties.lock.legal_hold);
}

TEST(DestinationOptions, StorageClassAndLockArePreservedWhereAsked) {
  const DestinationOptions options =
      parsed({{"storage-class", "preserve"}, {"object-lock", "preserve"}});
  EXPECT_TRUE(options.needs_head());
  objects::ObjectHead head;
  head.info.storage_class = "STANDARD_IA";
  head.lock = {LockMode::governance, now + std::chrono::hours(1), true};
  objects::ObjectProperties properties = properties_of_copy(options, head, {}, now);
  EXPECT_EQ(properties.storage_class, "STANDARD_IA");
  EXPECT_EQ(properties.lock, head.lock);
  head.lock.retain_until = now;  // over: stores refuse to be told so
  properties = properties_of_copy(options, head, {}, now);
  EXPECT_EQ(properties.lock.mode, LockMode::none);
  EXPECT_TRUE(properties.lock.legal_hold);
}

TEST(DestinationOptions, MetadataIsReplacedOrMerged) {
  Values spec = {
      {"metadata", "replace"},
      {"metadata-set", options::make_list({"Content-Type=image/png", "X-Amz-Meta-Shape=round"})}};
  objects::ObjectMetadata metadata = metadata_of_copy(parsed(spec), some_metadata());
  EXPECT_EQ(metadata.content_type, "image/png");
  EXPECT_EQ(metadata.cache_control, "");
  EXPECT_EQ(metadata.user, (decltype(metadata.user){{"shape", "round"}}));

  spec["metadata"] = "merge";
  spec["metadata-set"] = options::make_list(
      {"content-type=image/png", "cache-control=", "colour=", "shape=round=ish"});
  metadata = metadata_of_copy(parsed(spec), some_metadata());
  EXPECT_EQ(metadata.content_type, "image/png");
  EXPECT_EQ(metadata.cache_control, "");
  EXPECT_EQ(metadata.user, (decltype(metadata.user){{"owner", "me"}, {"shape", "round=ish"}}));
  EXPECT_TRUE(parsed(spec).needs_head());
}

TEST(DestinationOptions, WhatDoesNotFitTogetherIsRefusedByName) {
  EXPECT_THAT(refusal({{"kms-key-id", "k"}}), HasSubstr("--encryption sse-kms"));
  EXPECT_THAT(refusal({{"kms-key-id", "k"}, {"encryption", "sse-s3"}}),
              HasSubstr("--encryption sse-kms"));
  EXPECT_THAT(refusal({{"metadata-set", options::make_list({"a=b"})}}),
              HasSubstr("--metadata merge"));
  EXPECT_THAT(refusal({{"metadata", "merge"}, {"metadata-set", options::make_list({"a b=c"})}}),
              HasSubstr("name=value"));
  EXPECT_THAT(refusal({{"metadata", "merge"},
                       {"metadata-set", options::make_list({"a=b\nx-amz-acl: public-read"})}}),
              HasSubstr("on one line"));
  EXPECT_THAT(refusal({{"tag", options::make_list({"=v"})}}), HasSubstr("name=value"));
  EXPECT_THAT(refusal({{"tag", options::make_list({"k=1", "k=2"})}}), HasSubstr("twice"));
  EXPECT_THAT(refusal({{"tag", options::make_list({std::string(129, 'k') + "=v"})}}),
              HasSubstr("128"));
  std::vector<std::string> eleven;
  for (int i = 0; i < 11; ++i) eleven.push_back("k" + std::to_string(i) + "=v");
  EXPECT_THAT(refusal({{"tag", options::make_list(eleven)}}), HasSubstr("10 tags at most"));
  EXPECT_THAT(refusal({{"object-lock", "governance"}}),
              HasSubstr("--retain-until or --retain-for"));
  EXPECT_THAT(refusal({{"retain-for", "7d"}}), HasSubstr("--object-lock"));
  EXPECT_THAT(refusal({{"object-lock", "governance"}, {"retain-until", "7d"}}),
              HasSubstr("--retain-for"));
  EXPECT_THAT(
      refusal(
          {{"object-lock", "governance"}, {"retain-until", "2027-01-01"}, {"retain-for", "7d"}}),
      HasSubstr("exclude each other"));
}

TEST(DestinationOptions, WhatAStoreCannotDoIsRefusedBeforeBytesMove) {
  objects::StoreLimits able, unable;
  unable.tags = unable.acls = unable.object_lock = false;
  const auto check = [&](const Values& spec, const objects::StoreLimits& source,
                         const objects::StoreLimits& destination) {
    auto checked = check_capabilities(parsed(spec), source, destination, now);
    return checked.has_error() ? checked.error().message : "";
  };
  const Values keep = {{"tags", "preserve"}}, acl = {{"acl", "private"}},
               tag = {{"tag", options::make_list({"a=b"})}};
  const Values lock = {{"object-lock", "governance"}, {"retain-until", "2027-01-01"}},
               hold = {{"legal-hold", "true"}};
  for (const Values& spec : {keep, acl, tag, lock, hold}) EXPECT_EQ(check(spec, able, able), "");
  EXPECT_THAT(check(keep, able, unable), HasSubstr("--tags preserve: the destination"));
  EXPECT_THAT(check(keep, unable, able), HasSubstr("--tags preserve: the source"));
  EXPECT_THAT(check(tag, able, unable), HasSubstr("--tag"));
  EXPECT_EQ(check(tag, unable, able), "");
  EXPECT_THAT(check(acl, able, unable), HasSubstr("--acl"));
  EXPECT_THAT(check(lock, able, unable), HasSubstr("--object-lock"));
  EXPECT_THAT(check(hold, able, unable), HasSubstr("--legal-hold"));
  const auto later = check_capabilities(parsed(lock), able, able, now + std::chrono::years(1));
  ASSERT_TRUE(later.has_error());
  EXPECT_THAT(later.error().message, HasSubstr("over already"));
}

TEST(DestinationOptions, ADirectoryIsNoVendorsStore) {
  objects::StoreLimits able, directory;
  directory.keys_are_paths = true;
  directory.tags = directory.acls = directory.object_lock = false;
  for (const Values& spec :
       {Values{{"acl", "private"}}, Values{{"tags", "preserve"}},
        Values{{"tag", options::make_list({"a=b"})}}, Values{{"legal-hold", "true"}}}) {
    const auto checked = check_capabilities(parsed(spec), able, directory, now);
    ASSERT_TRUE(checked.has_error());
    EXPECT_THAT(checked.error().message, ::testing::AllOf(HasSubstr("omit the option"),
                                                          ::testing::Not(HasSubstr("vendor"))));
  }
}

TEST(DestinationOptions, WhatADirectoryDoesNotHaveIsRefusedBeforeAnythingIsRead) {
  objects::StoreLimits able, directory;
  directory.storage_classes = directory.encryption = directory.metadata = false;
  const auto check = [&](const Values& spec) {
    auto checked = check_capabilities(parsed(spec), able, directory, now);
    return checked.has_error() ? checked.error().message : "";
  };
  EXPECT_THAT(check({{"storage-class", "GLACIER"}}), HasSubstr("--storage-class"));
  EXPECT_THAT(check({{"storage-class", "preserve"}}), HasSubstr("--storage-class"));
  for (const char* encryption : {"sse-s3", "sse-kms", "sse-c"})
    EXPECT_THAT(check({{"encryption", encryption}}), HasSubstr("--encryption"));
  EXPECT_THAT(check({{"metadata", "replace"}, {"metadata-set", options::make_list({"a=b"})}}),
              HasSubstr("--metadata"));
  EXPECT_EQ(check({}), "");
}

TEST(DestinationOptions, InPlaceWhatIsNotChangedIsAskedForAgain) {
  const Values spec = {{"metadata", "merge"}, {"metadata-set", options::make_list({"a=b"})}};
  DestinationOptions options = parsed(spec);
  keep_what_is_not_changed(values_of(spec), &options);
  objects::ObjectHead head;
  head.info.storage_class = "STANDARD_IA";
  head.encryption = Encryption::sse_kms;
  head.kms_key_id = "key-1";
  head.lock = {LockMode::compliance, now + std::chrono::hours(1), false};
  const objects::ObjectProperties properties = properties_of_copy(options, head, {{"k", "v"}}, now);
  EXPECT_EQ(properties.storage_class, "STANDARD_IA");
  EXPECT_EQ(properties.encryption, Encryption::sse_kms);
  EXPECT_EQ(properties.kms_key_id, "key-1");
  EXPECT_EQ(properties.lock, head.lock);
  EXPECT_TRUE(options.keeps_tags);

  const Values other = {{"encryption", "sse-s3"}, {"storage-class", "GLACIER"}, {"tags", "none"}};
  options = parsed(other);
  keep_what_is_not_changed(values_of(other), &options);
  EXPECT_EQ(properties_of_copy(options, head, {}, now).encryption, Encryption::sse_s3);
  EXPECT_EQ(properties_of_copy(options, head, {}, now).storage_class, "GLACIER");
  EXPECT_FALSE(options.keeps_tags);
}

TEST(DestinationOptions, EncryptionThatDidNotHappenIsNoticed) {
  EXPECT_TRUE(check_encryption(Encryption::none, Encryption::sse_kms).has_value());
  EXPECT_TRUE(check_encryption(Encryption::sse_s3, Encryption::sse_s3).has_value());
  EXPECT_TRUE(check_encryption(Encryption::sse_s3, Encryption::sse_kms).has_value());
  EXPECT_EQ(check_encryption(Encryption::sse_s3, Encryption::none).error().code,
            ErrorCode::unsupported);
  EXPECT_EQ(check_encryption(Encryption::sse_kms, Encryption::sse_s3).error().code,
            ErrorCode::unsupported);
  EXPECT_EQ(check_encryption(Encryption::sse_c, Encryption::none).error().code,
            ErrorCode::unsupported);
}

}  // namespace
}  // namespace dth::object_copy

#include "plugins/object_copy/comparison.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

objects::ObjectInfo object(std::uint64_t size, std::string etag, int modified_s) {
  objects::ObjectInfo info;
  info.key = "k";
  info.size = size;
  info.etag = std::move(etag);
  info.last_modified = TimePoint(std::chrono::seconds(modified_s));
  return info;
}

constexpr char md5_a[] = "0cc175b9c0f1b6a831c399e269772661";
constexpr char md5_b[] = "92eb5ffee6ae2fec3ad71c777531578f";

TEST(Comparison, OtherSizeIsNeverTheSame) {
  EXPECT_FALSE(is_same(object(1, md5_a, 1), object(2, md5_a, 9)));
}

TEST(Comparison, EqualEtagsDecideWhateverTheTimes) {
  EXPECT_TRUE(is_same(object(1, md5_a, 9), object(1, md5_a, 1)));
}

TEST(Comparison, NoEtagsAreNotEqualEtags) { EXPECT_FALSE(is_same(object(1, "", 9), object(1, "", 1))); }

TEST(Comparison, SameSizeEditIsSeen) { EXPECT_FALSE(is_same(object(1, md5_b, 9), object(1, md5_a, 5))); }

TEST(Comparison, MultipartObjectsAreNotCopiedForEver) {
  EXPECT_TRUE(is_same(object(1, std::string(md5_a) + "-3", 5), object(1, md5_b, 6)));
}

TEST(Comparison, WrittenInTheSameInstantIsNotAfter) { EXPECT_FALSE(is_same(object(1, md5_a, 5), object(1, md5_b, 5))); }

TEST(Comparison, WhatTheDestinationLacksIsCopiedInEveryMode) {
  for (CompareMode mode : {CompareMode::standard, CompareMode::missing, CompareMode::size, CompareMode::etag, CompareMode::checksum,
                           CompareMode::modified, CompareMode::always}) {
    EXPECT_EQ(compare({mode, true, true}, object(1, md5_a, 1), nullptr), Verdict::copy);
  }
}

// What each mode says of a destination that has ...
struct Case {
  const char* what;
  objects::ObjectInfo destination;  // against size 1, ETag md5_a, modified at 5
  Verdict standard, missing, size, etag, checksum, modified, always;
};

TEST(Comparison, Modes) {
  const auto skip = Verdict::skip, copy = Verdict::copy, ask = Verdict::ask;
  const std::string parts = std::string(md5_b) + "-3";
  const Case cases[] = {
      {"the same, older", object(1, md5_a, 1), skip, skip, skip, skip, skip, copy, copy},
      {"the same, newer", object(1, md5_a, 9), skip, skip, skip, skip, skip, skip, copy},
      {"another size, newer", object(2, md5_b, 9), copy, skip, copy, copy, copy, copy, copy},
      {"another MD5, older", object(1, md5_b, 1), copy, skip, skip, copy, ask, copy, copy},
      {"another MD5, newer", object(1, md5_b, 9), skip, skip, skip, copy, ask, skip, copy},
      {"another MD5, as old", object(1, md5_b, 5), copy, skip, skip, copy, ask, skip, copy},
      {"an ETag of parts, older", object(1, parts, 1), copy, skip, skip, skip, ask, copy, copy},
  };
  const auto source = object(1, md5_a, 5);
  for (const Case& row : cases) {
    auto told = [&](CompareMode mode) { return compare({mode, false, true}, source, &row.destination); };
    EXPECT_EQ(told(CompareMode::standard), row.standard) << row.what;
    EXPECT_EQ(told(CompareMode::missing), row.missing) << row.what;
    EXPECT_EQ(told(CompareMode::size), row.size) << row.what;
    EXPECT_EQ(told(CompareMode::etag), row.etag) << row.what;
    EXPECT_EQ(told(CompareMode::checksum), row.checksum) << row.what;
    EXPECT_EQ(told(CompareMode::modified), row.modified) << row.what;
    EXPECT_EQ(told(CompareMode::always), row.always) << row.what;
  }
}

TEST(Comparison, WhereEtagsAreNoMd5sTheyProveNoDifference) {
  const auto source = object(1, md5_a, 5), destination = object(1, md5_b, 1);
  EXPECT_EQ(compare({CompareMode::etag, false, false}, source, &destination), Verdict::skip);
  EXPECT_EQ(compare({CompareMode::checksum, false, false}, source, &source), Verdict::ask);
}

TEST(Comparison, NewerOnlyLeavesAloneWhatIsNewer) {
  const auto newer = object(2, md5_b, 6), as_old = object(2, md5_b, 5);
  const auto source = object(1, md5_a, 5);
  for (CompareMode mode : {CompareMode::standard, CompareMode::size, CompareMode::always}) {
    EXPECT_EQ(compare({mode, true, true}, source, &newer), Verdict::skip);
    EXPECT_EQ(compare({mode, true, true}, source, &as_old), Verdict::copy);
  }
}

objects::ObjectHead head(std::string etag, objects::Checksums checksums = {}, objects::Encryption encryption = objects::Encryption::none) {
  objects::ObjectHead head;
  head.info = object(1, std::move(etag), 1);
  head.checksums = std::move(checksums);
  head.encryption = encryption;
  return head;
}

objects::Checksums checksums(std::string objects::Checksums::*algorithm, const std::string& text, bool composite = false) {
  objects::Checksums checksums;
  checksums.*algorithm = text;
  checksums.composite = composite;
  return checksums;
}

TEST(Comparison, DigestsOfHeads) {
  const std::string parts = std::string(md5_a) + "-3";
  const auto one = checksums(&objects::Checksums::crc64nvme, "AAAA"), same = one;
  const auto other = checksums(&objects::Checksums::crc64nvme, "BBBB"), foreign = checksums(&objects::Checksums::sha256, "CCCC");
  EXPECT_TRUE(have_same_digest(head(md5_a, one), head(parts, same))) << "a digest counts more than ETags";
  EXPECT_FALSE(have_same_digest(head(md5_a, one), head(md5_a, other)));
  EXPECT_FALSE(have_same_digest(head(parts, one), head(md5_b, foreign))) << "no digest in common: not known to be the same";
  EXPECT_TRUE(have_same_digest(head(md5_a), head(md5_a)));
  EXPECT_TRUE(have_same_digest(head(parts), head(parts)));
  EXPECT_FALSE(have_same_digest(head(md5_a), head(md5_b)));
  EXPECT_FALSE(have_same_digest(head(""), head("")));
  EXPECT_FALSE(have_same_digest(head(md5_a, {}, objects::Encryption::sse_kms), head(md5_a)));
  auto larger = head(md5_a, one);
  larger.info.size = 2;
  EXPECT_FALSE(have_same_digest(larger, head(md5_a, one)));
}

TEST(Comparison, CompositesAreComparedWithCompositesOnly) {
  const auto composite = checksums(&objects::Checksums::crc32c, "AAAA-3", true), equal = composite;
  const auto whole = checksums(&objects::Checksums::crc32c, "BBBB");
  const std::string parts = std::string(md5_a) + "-3";
  EXPECT_TRUE(have_same_digest(head(parts, composite), head(md5_b, equal)));
  EXPECT_FALSE(have_same_digest(head(parts, composite), head(md5_b, whole)));
  EXPECT_FALSE(have_same_digest(head(parts, composite), head(md5_b, checksums(&objects::Checksums::crc32c, "AAAA-3")))) << "of different kinds";
  EXPECT_TRUE(have_same_digest(head(parts, composite), head(parts, whole))) << "the ETags are equal";
}

TEST(Comparison, Md5Etags) {
  EXPECT_TRUE(is_md5_etag(md5_a));
  EXPECT_TRUE(is_md5_etag("0CC175B9C0F1B6A831C399E269772661"));
  EXPECT_FALSE(is_md5_etag(std::string(md5_a) + "-3"));
  EXPECT_FALSE(is_md5_etag("0cc175b9c0f1b6a831c399e26977266g"));
  EXPECT_FALSE(is_md5_etag(""));
}

// Two tasks that copy to and fro: a round, and what the next one makes of it.
TEST(Comparison, RoundsOfOppositeTasksEndWhereEtagsAreEqual) {
  objects::ObjectInfo here, there;
  here.size = there.size = 5;
  here.etag = there.etag = "0cc175b9c0f1b6a831c399e269772661";
  here.last_modified = TimePoint(std::chrono::hours(1));
  EXPECT_EQ(compare({}, here, nullptr), Verdict::copy);
  there.last_modified = TimePoint(std::chrono::hours(2));
  EXPECT_EQ(compare({}, there, &here), Verdict::skip) << "back: the copy is younger, and equal";
  EXPECT_EQ(compare({}, here, &there), Verdict::skip);
}

TEST(Comparison, RoundsOfOppositeTasksEndWithARecordOfTheOther) {
  objects::ObjectInfo here, there;
  here.size = there.size = 5;
  here.etag = "made-of-parts-3";
  there.etag = "made-of-others-2";
  here.last_modified = TimePoint(std::chrono::hours(1));
  there.last_modified = TimePoint(std::chrono::hours(2));
  EXPECT_EQ(compare({}, there, &here), Verdict::copy) << "nothing but a record tells that this is our own copy";
  const RecordedCopy recorded{5, here.etag, there.etag};
  EXPECT_EQ(compare({}, there, &here, &recorded), Verdict::skip);
  EXPECT_EQ(compare({}, here, &there, &recorded), Verdict::skip) << "forth again";
  objects::ObjectInfo edited = there;
  edited.etag = "edited";
  EXPECT_EQ(compare({}, edited, &here, &recorded), Verdict::copy) << "what was changed there since comes back";
  edited = here;
  edited.etag = "edited";
  EXPECT_EQ(compare({}, there, &edited, &recorded), Verdict::copy);
  edited = there;
  edited.size = 6;
  EXPECT_EQ(compare({}, edited, &here, &recorded), Verdict::copy);
}

TEST(Comparison, EtagsOfStoresThatMakeNoMd5sAreNotCompared) {
  const ComparisonRules rules{.mode = CompareMode::etag, .etags_are_md5 = false};
  const objects::ObjectInfo source = head(md5_a, {}).info, destination = head(md5_b, {}).info;
  EXPECT_EQ(compare(rules, source, &destination), Verdict::skip) << "the sizes are equal, and nothing else can be said";
  EXPECT_EQ(compare({.mode = CompareMode::etag, .etags_are_md5 = true}, source, &destination), Verdict::copy);
}

TEST(Comparison, ArchivedClasses) {
  EXPECT_TRUE(is_archived("GLACIER"));
  EXPECT_TRUE(is_archived("DEEP_ARCHIVE"));
  EXPECT_FALSE(is_archived("GLACIER_IR"));
  EXPECT_FALSE(is_archived(""));
}

}  // namespace
}  // namespace dth::object_copy

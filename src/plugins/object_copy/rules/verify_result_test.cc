#include "plugins/object_copy/rules/verify_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

using testing::HasSubstr;
using Kind = VerifyResult::Kind;

constexpr char md5_a[] = "900150983cd24fb0d6963f7d28e17f72";
constexpr char md5_b[] = "187ef4436122d1cc2f40dc2b92f0eba0";

objects::ObjectHead head(std::uint64_t size, const std::string& etag) {
  objects::ObjectHead head;
  head.info.size = size;
  head.info.etag = etag;
  return head;
}

Kind listed(const std::string& from, const std::string& to, objects::StoreLimits destination = {}) {
  return compare_listed(head(3, from).info, head(3, to).info, {}, destination).kind;
}

TEST(VerifyResult, SizesThatDifferRefuteByEveryMethod) {
  EXPECT_EQ(compare_listed(head(3, md5_a).info, head(4, md5_a).info, {}, {}).kind, Kind::differs);
  const VerifyResult result = compare_stated(head(3, md5_a), head(4, md5_a), {}, {});
  EXPECT_EQ(result.kind, Kind::differs);
  EXPECT_THAT(result.reason, HasSubstr("has 4 bytes, the source's 3"));
}

TEST(VerifyResult, ListingsProveByEqualDigestsOnly) {
  EXPECT_EQ(listed(md5_a, md5_a), Kind::same);
  EXPECT_EQ(listed(std::string(md5_a) + "-3", std::string(md5_a) + "-3"), Kind::same);
  // A listing does not show what is encrypted, so unlike ETags refute nothing.
  EXPECT_EQ(listed(md5_a, md5_b), Kind::undetermined);
  EXPECT_EQ(listed("", ""), Kind::undetermined);
  EXPECT_EQ(listed("opaque", "opaque"), Kind::undetermined);
  EXPECT_EQ(listed("not-3", "not-3"), Kind::undetermined);
  // A store whose ETags are known to be something else.
  EXPECT_EQ(listed(md5_a, md5_a, {.etag_is_md5 = false, .etag_is_never_md5 = true}),
            Kind::undetermined);
}

TEST(VerifyResult, EqualEtagsOfStoresThatNobodyKnowsAreEvidenceOfTheirOwn) {
  const objects::StoreLimits unknown{.etag_is_md5 = false, .multipart_etag_is_md5_of_md5s = false};
  const objects::StoreLimits never{.etag_is_md5 = false, .etag_is_never_md5 = true};
  std::string upper = md5_a;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  for (const std::string& other : {std::string(md5_a), upper}) {
    const VerifyResult found =
        compare_listed(head(3, md5_a).info, head(3, other).info, unknown, {});
    EXPECT_EQ(found.kind, Kind::same);
    EXPECT_EQ(found.proof.kind, ledger::ProofKind::equal_etags);
    EXPECT_EQ(found.proof.kind, ledger::ProofKind::equal_etags);
    EXPECT_EQ(compare_stated(head(3, md5_a), head(3, other), unknown, unknown).proof.kind,
              ledger::ProofKind::equal_etags);
  }
  EXPECT_EQ(compare_listed(head(3, md5_a).info, head(4, md5_a).info, unknown, unknown).kind,
            Kind::differs);
  EXPECT_EQ(compare_listed(head(3, "x").info, head(3, "x").info, unknown, unknown).kind,
            Kind::undetermined);
  EXPECT_EQ(compare_listed(head(3, md5_a).info, head(3, md5_a).info, unknown, never).kind,
            Kind::undetermined);
  EXPECT_EQ(compare_listed(head(3, std::string(md5_a) + "-2").info,
                           head(3, std::string(md5_a) + "-2").info, unknown, unknown)
                .kind,
            Kind::undetermined);
}

TEST(VerifyResult, UnlikeEtagsThatLookLikeMd5sRefuteUnlessEncryptionOrTheStoreMadeThem) {
  const objects::StoreLimits unknown{.etag_is_md5 = false};
  const objects::StoreLimits never{.etag_is_md5 = false, .etag_is_never_md5 = true};
  EXPECT_EQ(compare_listed(head(3, md5_a).info, head(3, md5_b).info, unknown, unknown).kind,
            Kind::undetermined)
      << "to be asked about";
  const VerifyResult differs = compare_stated(head(3, md5_a), head(3, md5_b), unknown, unknown);
  EXPECT_EQ(differs.kind, Kind::differs);
  EXPECT_THAT(differs.reason, HasSubstr("looks like an MD5"));
  EXPECT_EQ(compare_stated(head(3, md5_a), head(3, md5_b), unknown, never).kind,
            Kind::undetermined);
  for (const auto encryption : {objects::Encryption::sse_kms, objects::Encryption::sse_c}) {
    objects::ObjectHead encrypted = head(3, md5_b);
    encrypted.encryption = encryption;
    EXPECT_EQ(compare_stated(head(3, md5_a), encrypted, unknown, unknown).kind, Kind::undetermined);
  }
}

TEST(VerifyResult, ChecksumsOfOneKindDecide) {
  objects::ObjectHead from = head(3, md5_a);
  objects::ObjectHead to = head(3, "other-2");
  from.checksums.sha256 = "AAEC";
  to.checksums.crc32c = "AAEC";
  EXPECT_EQ(compare_stated(from, to, {}, {}).kind, Kind::undetermined);
  to.checksums.sha256 = "AAEC";
  const VerifyResult same = compare_stated(from, to, {}, {});
  EXPECT_EQ(same.kind, Kind::same);
  EXPECT_EQ(same.proof.kind, ledger::ProofKind::source_checksum);
  EXPECT_EQ(same.proof.algorithm, "SHA256");
  EXPECT_EQ(same.proof.checksum, "000102");
  to.checksums.sha256 = "AAED";
  const VerifyResult differs = compare_stated(from, to, {}, {});
  EXPECT_EQ(differs.kind, Kind::differs);
  EXPECT_THAT(differs.reason, HasSubstr("000103"));
}

TEST(VerifyResult, CompositeChecksumsProveAndDoNotRefute) {
  objects::ObjectHead from = head(3, "x-2");
  objects::ObjectHead to = head(3, "y-2");
  from.checksums.crc32c = to.checksums.crc32c = "AAEC-2";
  from.checksums.composite = to.checksums.composite = true;
  EXPECT_EQ(compare_stated(from, to, {}, {}).kind, Kind::same);
  to.checksums.crc32c = "AAED-2";
  EXPECT_EQ(compare_stated(from, to, {}, {}).kind, Kind::undetermined);
  to.checksums.crc32c = "AAEC-2";
  to.checksums.composite = false;
  EXPECT_EQ(compare_stated(from, to, {}, {}).kind, Kind::undetermined);
}

TEST(VerifyResult, EtagsDecideWhereTheyAreMd5sOfPlainObjects) {
  EXPECT_EQ(compare_stated(head(3, md5_a), head(3, md5_a), {}, {}).kind, Kind::same);
  EXPECT_EQ(compare_stated(head(3, md5_a), head(3, md5_b), {}, {}).kind, Kind::differs);
  EXPECT_EQ(compare_stated(head(3, md5_a), head(3, md5_b), {},
                           {.etag_is_md5 = false, .etag_is_never_md5 = true})
                .kind,
            Kind::undetermined);
  EXPECT_EQ(compare_stated(head(3, md5_a), head(3, std::string(md5_b) + "-2"), {}, {}).kind,
            Kind::undetermined);
  objects::ObjectHead encrypted = head(3, md5_b);
  encrypted.encryption = objects::Encryption::sse_kms;
  EXPECT_EQ(compare_stated(head(3, md5_a), encrypted, {}, {}).kind, Kind::undetermined);
  EXPECT_EQ(compare_stated(encrypted, encrypted, {}, {}).kind, Kind::undetermined);
}

TEST(VerifyResult, WhatWasReadDecides) {
  const Digest one = hash(HashAlgorithm::sha256, as_bytes("one"));
  const VerifyResult same = compare_read(3, one, 3, one);
  EXPECT_EQ(same.kind, Kind::same);
  EXPECT_EQ(same.proof.kind, ledger::ProofKind::read_back);
  EXPECT_EQ(same.proof.checksum, one.hex());
  EXPECT_EQ(compare_read(3, one, 3, hash(HashAlgorithm::sha256, as_bytes("two"))).kind,
            Kind::differs);
}

TEST(VerifyResult, ASampleIsAlwaysTheSameAndAboutAsLargeAsAsked) {
  int sampled = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string key = "prefix/" + std::to_string(i);
    EXPECT_FALSE(is_sampled(key, 0));
    EXPECT_TRUE(is_sampled(key, 100));
    if (is_sampled(key, 10)) {
      ++sampled;
      EXPECT_TRUE(is_sampled(key, 11)) << "a larger sample holds the smaller one";
    }
  }
  EXPECT_GT(sampled, 850);
  EXPECT_LT(sampled, 1150);
}

}  // namespace
}  // namespace dth::object_copy

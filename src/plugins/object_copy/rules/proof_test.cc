#include "plugins/object_copy/rules/proof.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

constexpr char md5_of_a[] = "0cc175b9c0f1b6a831c399e269772661";

objects::ObjectHead head(std::string etag) {
  objects::ObjectHead head;
  head.info.etag = std::move(etag);
  return head;
}

constexpr ProofDoubts trusted{.etags = EtagsSeen::md5s};
constexpr ProofDoubts distrusting{.declared = true, .etags = EtagsSeen::md5s};

objects::StoreLimits md5_only() { return {}; }

objects::StoreLimits with_checksums() {
  objects::StoreLimits limits;
  limits.enforces_checksums = true;
  return limits;
}

objects::StoreLimits knows_nothing() {
  objects::StoreLimits limits;
  limits.etag_is_md5 = false;
  limits.enforces_content_md5 = false;
  return limits;
}

TEST(Proof, ASourcesMd5EtagIsDeclaredAtNoCost) {
  const ProofPlan plan = plan_proof(head(md5_of_a), md5_only(), md5_only(), trusted);
  EXPECT_EQ(plan.declared_md5.hex(), md5_of_a);
  EXPECT_FALSE(plan.compute.has_value());
  auto proof = judge(plan, {md5_of_a, {}}, std::nullopt, md5_only()).value();
  EXPECT_EQ(proof.kind, ledger::ProofKind::source_checksum);
  EXPECT_EQ(proof.checksum, md5_of_a);
}

TEST(Proof, EtagsThatAreNoMd5AreNotDeclared) {
  auto encrypted = head(md5_of_a);
  encrypted.encryption = objects::Encryption::sse_kms;
  EXPECT_FALSE(plan_proof(encrypted, md5_only(), md5_only(), trusted).is_declared());
  encrypted.encryption = objects::Encryption::sse_c;
  EXPECT_FALSE(plan_proof(encrypted, md5_only(), md5_only(), trusted).is_declared());
  EXPECT_FALSE(plan_proof(head(std::string(md5_of_a) + "-2"), md5_only(), md5_only(), trusted)
                   .is_declared());
  EXPECT_FALSE(plan_proof(head(md5_of_a), knows_nothing(), md5_only(), trusted).is_declared());
  EXPECT_FALSE(plan_proof(head(md5_of_a), md5_only(), md5_only(), distrusting).is_declared());
}

TEST(Proof, ACompositeChecksumIsNotOfTheBytes) {
  auto source = head("x");
  source.checksums.crc32c = "AAAAAA==-2";
  source.checksums.composite = true;
  EXPECT_FALSE(plan_proof(source, md5_only(), with_checksums(), trusted).is_declared());
}

TEST(Proof, TheSourcesChecksumIsPreferred) {
  auto source = head(md5_of_a);
  source.checksums.crc64nvme = "AAAAAAAAAAA=";
  const ProofPlan plan = plan_proof(source, md5_only(), with_checksums(), trusted);
  EXPECT_EQ(plan.declared_checksums.crc64nvme, "AAAAAAAAAAA=");
  EXPECT_TRUE(plan.declared_md5.empty());
  // Sent, and not answered: it may as well have been ignored.
  EXPECT_EQ(judge(plan, {}, std::nullopt, with_checksums()).value().kind, ledger::ProofKind::none);
  objects::Checksums answered;
  answered.crc64nvme = "AAAAAAAAAAA=";
  EXPECT_EQ(judge(plan, {"", answered}, std::nullopt, with_checksums()).value().algorithm,
            "CRC64NVME");
  EXPECT_EQ(judge(plan, {md5_of_a, {}}, std::nullopt, with_checksums()).value().algorithm, "MD5");
  // A directory is our own code, which has compared them.
  auto own = with_checksums();
  own.checks_digests = true;
  EXPECT_EQ(judge(plan, {}, std::nullopt, own).value().kind, ledger::ProofKind::source_checksum);
}

TEST(Proof, TheAnsweredEtagIsComparedWhateverElseAgrees) {
  auto source = head(md5_of_a);
  source.checksums.crc64nvme = "AAAAAAAAAAA=";
  const ProofPlan plan = plan_proof(source, md5_only(), with_checksums(), trusted);
  objects::Checksums answered;
  answered.crc64nvme = "AAAAAAAAAAA=";
  constexpr char other[] = "92eb5ffee6ae2fec3ad71c777531578f";
  EXPECT_EQ(judge(plan, {other, answered}, std::nullopt, with_checksums()).error().code,
            ErrorCode::data_corrupted);
  EXPECT_EQ(judge(plan, {other, answered, true}, std::nullopt, with_checksums()).value().algorithm,
            "CRC64NVME");
  EXPECT_EQ(judge(plan, {"0CC175B9C0F1B6A831C399E269772661", {}}, std::nullopt, with_checksums())
                .value()
                .algorithm,
            "MD5");
  const ProofPlan declared = plan_proof(head(md5_of_a), md5_only(), md5_only(), trusted);
  EXPECT_EQ(judge(declared, {other, {}}, std::nullopt, md5_only()).error().code,
            ErrorCode::data_corrupted);
  // Directory buckets: what looks like an MD5 is none.
  auto directory_bucket = with_checksums();
  directory_bucket.etag_is_md5 = false;
  EXPECT_EQ(judge(plan, {other, answered}, std::nullopt, directory_bucket).value().algorithm,
            "CRC64NVME");
}

TEST(Proof, WhatWasContradictedIsComparedByTheEtagOfItsBytes) {
  EXPECT_EQ(plan_proof(head(md5_of_a), md5_only(), with_checksums(), distrusting).compute,
            HashAlgorithm::md5);
  EXPECT_EQ(plan_proof(head(md5_of_a), md5_only(), with_checksums(),
                       {.declared = true, .etags = EtagsSeen::opaque})
                .compute,
            HashAlgorithm::crc64nvme);
}

TEST(Proof, AChecksumStandsInWhereEtagsMayBeNoMd5s) {
  const ProofPlan plan = plan_proof(head(md5_of_a), md5_only(), with_checksums(), {});
  EXPECT_EQ(plan.compute, HashAlgorithm::crc64nvme);
  EXPECT_FALSE(plan.declared_md5.empty());
  const Digest crc = hash(HashAlgorithm::crc64nvme, as_bytes("a"));
  objects::Checksums answered;
  answered.crc64nvme = crc.base64();
  EXPECT_EQ(judge(plan, {"92eb5ffee6ae2fec3ad71c777531578f", answered, true}, crc, with_checksums())
                .value()
                .algorithm,
            "CRC64NVME");
  EXPECT_FALSE(
      plan_proof(head(md5_of_a), md5_only(), with_checksums(), trusted).compute.has_value());
  // A destination that says nothing of checksums is not asked again.
  EXPECT_EQ(plan_proof(head("x"), md5_only(), with_checksums(), {.checksums = true}).compute,
            HashAlgorithm::md5);
}

TEST(Proof, OtherwiseTheCheapestThatTheDestinationKnowsIsComputed) {
  EXPECT_EQ(plan_proof(head("x"), md5_only(), with_checksums(), trusted).compute,
            HashAlgorithm::crc64nvme);
  EXPECT_EQ(plan_proof(head("x"), md5_only(), md5_only(), trusted).compute, HashAlgorithm::md5);
  auto signing = md5_only();
  signing.payload_always_signed = true;
  const ProofPlan plan = plan_proof(head("x"), md5_only(), signing, trusted);
  EXPECT_EQ(plan.compute, HashAlgorithm::md5) << "an ETag that is answered is compared";
  EXPECT_EQ(judge(plan, {}, std::nullopt, signing).value().algorithm, "SHA256");
  auto unverified = signing;
  unverified.verifies_signed_payload = false;
  // Nor does a signature outweigh an ETag that nobody has compared.
  EXPECT_EQ(judge(plan, {md5_of_a, {}}, std::nullopt, signing).value().kind,
            ledger::ProofKind::none);
  EXPECT_EQ(
      judge(plan_proof(head("x"), md5_only(), unverified, trusted), {}, std::nullopt, unverified)
          .value()
          .kind,
      ledger::ProofKind::none);
  // The store has refused signatures since, and got the bytes without.
  EXPECT_EQ(judge(plan, {}, std::nullopt, knows_nothing()).value().kind, ledger::ProofKind::none);
}

TEST(Proof, WhatNobodyConfirmsIsNoProof) {
  const ProofPlan plan = plan_proof(head("x"), knows_nothing(), knows_nothing(), trusted);
  EXPECT_EQ(judge(plan, {"y", {}}, std::nullopt, knows_nothing()).value().kind,
            ledger::ProofKind::none);
  auto answers_only = knows_nothing();
  answers_only.etag_is_md5 = true;
  const ProofPlan declared = plan_proof(head(md5_of_a), md5_only(), answers_only, trusted);
  EXPECT_EQ(judge(declared, {"not-an-md5", {}}, std::nullopt, answers_only).value().kind,
            ledger::ProofKind::none);
  EXPECT_EQ(judge(declared, {md5_of_a, {}}, std::nullopt, answers_only).value().kind,
            ledger::ProofKind::source_checksum);
}

TEST(Proof, AnAnswerThatContradictsIsCorruption) {
  const Digest md5 = hash(HashAlgorithm::md5, as_bytes("a"));
  const ProofPlan plan = plan_part_proof(md5_only(), trusted);
  EXPECT_EQ(judge(plan, {md5_of_a, {}}, md5, md5_only()).value().kind,
            ledger::ProofKind::transit_checksum);
  auto other = judge(plan, {"92eb5ffee6ae2fec3ad71c777531578f", {}}, md5, md5_only());
  ASSERT_TRUE(other.has_error());
  EXPECT_EQ(other.error().code, ErrorCode::data_corrupted);
}

TEST(Proof, AnEtagThatEncryptionMadeIsNoContradiction) {
  const Digest md5 = hash(HashAlgorithm::md5, as_bytes("a"));
  const ProofPlan plan = plan_part_proof(md5_only(), trusted);
  objects::PutResult answer;
  answer.encryption = objects::Encryption::sse_kms;
  answer.etag = "92eb5ffee6ae2fec3ad71c777531578f";
  EXPECT_EQ(judge(plan, digests_of(answer), md5, md5_only()).value().kind, ledger::ProofKind::none);
  answer.etag = md5_of_a;  // some stores keep the MD5 all the same
  EXPECT_EQ(judge(plan, digests_of(answer), md5, md5_only()).value().kind,
            ledger::ProofKind::transit_checksum);
  answer.encryption = objects::Encryption::sse_s3;
  EXPECT_FALSE(digests_of(answer).opaque_etag);
}

// The source's CRC-64/NVME, as the destination answers it (or not) to a PUT of which it was not
// told.
TEST(Proof, WhatBothSidesStateIsCompared) {
  auto source = head("x");
  source.checksums.crc64nvme = "AAAAAAAAAAA=";
  for (const auto& limits : {with_checksums(), md5_only(), knows_nothing()}) {
    const ProofPlan plan = plan_proof(source, md5_only(), limits, trusted);
    objects::Checksums answered;
    answered.crc64nvme = "AAAAAAAAAAA=";
    auto same = judge(plan, {"y", answered}, std::nullopt, limits);
    EXPECT_EQ(same.value().kind, ledger::ProofKind::source_checksum);
    EXPECT_EQ(same.value().algorithm, "CRC64NVME");
    EXPECT_EQ(same.value().checksum, "0000000000000000");
    answered.crc64nvme = "AAAAAAAAAAE=";
    auto other = judge(plan, {"y", answered}, std::nullopt, limits);
    ASSERT_TRUE(other.has_error());
    EXPECT_EQ(other.error().code, ErrorCode::data_corrupted);
    // A composite is of the parts, and another kind of digest says nothing of this one.
    answered.composite = true;
    EXPECT_TRUE(judge(plan, {"y", answered}, std::nullopt, limits).has_value());
    objects::Checksums another_kind;
    another_kind.crc32c = "AAAAAQ==";
    EXPECT_TRUE(judge(plan, {"y", another_kind}, std::nullopt, limits).has_value());
  }
}

TEST(Proof, ACompositeOfTheSourcesIsComparedWithNothing) {
  auto source = head("x");
  source.checksums.crc32c = "AAAAAA==";
  source.checksums.composite = true;
  const ProofPlan plan = plan_proof(source, md5_only(), knows_nothing(), trusted);
  objects::Checksums answered;
  answered.crc32c = "AAAAAQ==";
  EXPECT_EQ(judge(plan, {"y", answered}, std::nullopt, knows_nothing()).value().kind,
            ledger::ProofKind::none);
  EXPECT_FALSE(whole_crc(source.checksums).has_value());
}

TEST(Proof, ADeclaredMd5IsContradictedByAChecksum) {
  auto source = head(md5_of_a);
  source.checksums.sha1 = "AAAA";
  const ProofPlan plan = plan_proof(source, md5_only(), md5_only(), trusted);
  objects::Checksums answered;
  answered.sha1 = "AAAB";
  EXPECT_EQ(judge(plan, {md5_of_a, answered}, std::nullopt, md5_only()).error().code,
            ErrorCode::data_corrupted);
}

TEST(Proof, TheCrcOfAWholeIsTheBestOneThatIsStated) {
  objects::Checksums stated;
  EXPECT_FALSE(whole_crc(stated).has_value());
  stated.crc32 = hash(HashAlgorithm::crc32, as_bytes("a")).base64();
  EXPECT_EQ(whole_crc(stated)->algorithm, HashAlgorithm::crc32);
  stated.crc32c = hash(HashAlgorithm::crc32c, as_bytes("a")).base64();
  EXPECT_EQ(whole_crc(stated)->algorithm, HashAlgorithm::crc32c);
  stated.crc64nvme = "AAAA";  // not of its length
  EXPECT_EQ(whole_crc(stated)->algorithm, HashAlgorithm::crc32c);
  stated.crc64nvme = hash(HashAlgorithm::crc64nvme, as_bytes("a")).base64();
  EXPECT_EQ(whole_crc(stated)->algorithm, HashAlgorithm::crc64nvme);
  EXPECT_EQ(
      judge_read(*whole_crc(stated), hash(HashAlgorithm::crc64nvme, as_bytes("a"))).value().kind,
      ledger::ProofKind::source_checksum);
  EXPECT_EQ(
      judge_read(*whole_crc(stated), hash(HashAlgorithm::crc64nvme, as_bytes("b"))).error().code,
      ErrorCode::data_corrupted);
}

TEST(Proof, ACopyWithinAStoreIsProvedByTheSourcesChecksum) {
  EXPECT_EQ(judge_checksum("AAAAAAAAAAA=", "AAAAAAAAAAA=").value().kind,
            ledger::ProofKind::source_checksum);
  EXPECT_EQ(judge_checksum("AAAAAAAAAAA=", "AAAAAAAAAAE=").error().code, ErrorCode::data_corrupted);
}

TEST(Proof, MultipartEtagIsTheMd5OfTheMd5s) {
  // md5(unhex(md5("a")) || unhex(md5("b"))), as printf | md5sum gives it.
  EXPECT_EQ(multipart_etag({md5_of_a, "92eb5ffee6ae2fec3ad71c777531578f"}),
            "96e024ba2074fe77e8e965ba43a704be-2");
}

}  // namespace
}  // namespace dth::object_copy

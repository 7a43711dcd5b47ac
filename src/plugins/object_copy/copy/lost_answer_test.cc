#include "plugins/object_copy/copy/lost_answer.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

const Digest md5 = hash(HashAlgorithm::md5, as_bytes("bytes"));

objects::ObjectHead present(std::uint64_t size, std::string etag) {
  objects::ObjectHead head;
  head.info.size = size;
  head.info.etag = std::move(etag);
  return head;
}

TEST(LostAnswer, AnEqualDigestShowsThatTheObjectIsWhatWasSent) {
  const LostWrite write{.size = 5, .md5 = md5};
  const auto proof = recognise(write, present(5, md5.hex()));
  ASSERT_TRUE(proof.has_value());
  EXPECT_EQ(proof->kind, ledger::ProofKind::transit_checksum);
  EXPECT_EQ(proof->checksum, md5.hex());
  EXPECT_FALSE(recognise(write, present(6, md5.hex())).has_value());
  EXPECT_FALSE(recognise(write, present(5, "00112233445566778899aabbccddeeff")).has_value());
  EXPECT_FALSE(recognise(write, present(5, "")).has_value());
}

TEST(LostAnswer, EqualSizesShowNothing) {
  EXPECT_FALSE(recognise({.size = 5}, present(5, md5.hex())).has_value());
}

TEST(LostAnswer, WhatWasThereBeforeIsNotTakenForIt) {
  EXPECT_FALSE(recognise({.size = 5, .md5 = md5, .etag_before = md5.hex()}, present(5, md5.hex()))
                   .has_value());
  EXPECT_TRUE(recognise({.size = 5, .md5 = md5, .etag_before = "another"}, present(5, md5.hex()))
                  .has_value());
}

TEST(LostAnswer, WhatMayHaveBeenThereBeforeIsNotTakenForIt) {
  Item item;
  item.set_destination("");
  const LostWrite write{.size = 5, .md5 = md5, .etag_before = etag_before(item)};
  EXPECT_FALSE(write.etag_before.has_value());
  EXPECT_FALSE(recognise(write, present(5, md5.hex())).has_value());
  EXPECT_FALSE(may_be_ours(write, present(5, md5.hex())));
  item.set_destination_absent();
  EXPECT_EQ(etag_before(item), "");
  EXPECT_TRUE(may_be_ours({.size = 5, .etag_before = etag_before(item)}, present(5, "another")));
}

TEST(LostAnswer, AnObjectWithoutAnEtagMayBeTheOneBefore) {
  EXPECT_FALSE(may_be_ours({.size = 5, .etag_before = "before"}, present(5, "")));
  EXPECT_TRUE(may_be_ours({.size = 5}, present(5, "")));
}

TEST(LostAnswer, AChecksumThatDiffersOutweighsAnEtag) {
  objects::ObjectHead head = present(5, md5.hex());
  head.checksums.crc64nvme = "AAAAAAAAAAA=";
  EXPECT_FALSE(recognise({.size = 5, .md5 = md5, .crc64nvme = "AAAAAAAAAAE="}, head).has_value());
  EXPECT_TRUE(recognise({.size = 5, .crc64nvme = "AAAAAAAAAAA="}, head).has_value());
}

}  // namespace
}  // namespace dth::object_copy

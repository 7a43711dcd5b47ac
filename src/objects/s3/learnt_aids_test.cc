#include "objects/s3/learnt_aids.h"

#include <gtest/gtest.h>

namespace dth::objects::s3 {
namespace {

constexpr AidSet three =
    AidSet(TransferAid::chunk_signatures) | TransferAid::checksums | TransferAid::precondition;

Refusal refusal_of(int status, std::string code, std::string message = {}) {
  Refusal refusal;
  refusal.status = status;
  refusal.code = std::move(code);
  refusal.message = std::move(message);
  return refusal;
}

// A store that refuses whatever uses one of `unknown`; what is left out when it takes the request.
// Nothing: it never does.
std::optional<AidSet> settle(LearntAids* aids, AidSet used, AidSet unknown, const Refusal& refusal,
                             int* tries = nullptr) {
  AidTrial trial;
  for (int i = 0; i < 20; ++i) {
    const AidSet left = used - trial.without - aids->dropped();
    if ((left & unknown).empty()) {
      aids->succeeded(trial.without);
      if (tries) *tries = i;
      return trial.without;
    }
    if (!aids->plan_next_try(refusal, left, &trial)) return std::nullopt;
  }
  ADD_FAILURE() << "it never ends";
  return std::nullopt;
}

TEST(LearntAids, OneAtATimeIsLeftOutUntilTheStoreTakesIt) {
  for (const TransferAid unknown :
       {TransferAid::chunk_signatures, TransferAid::checksums, TransferAid::precondition}) {
    LearntAids aids;
    const auto without = settle(&aids, three, unknown, refusal_of(501, "NotImplemented"));
    ASSERT_TRUE(without.has_value());
    EXPECT_EQ(*without, AidSet(unknown));
  }
}

TEST(LearntAids, ARefusalThatNamesOneLeavesThatOutFirst) {
  LearntAids aids;
  int tries = 0;
  const Refusal named =
      refusal_of(400, "InvalidArgument", "Unsupported header 'x-amz-checksum-crc64nvme'");
  EXPECT_EQ(settle(&aids, three, TransferAid::checksums, named, &tries),
            AidSet(TransferAid::checksums));
  EXPECT_EQ(tries, 1);
  EXPECT_EQ(aids.dropped(), AidSet(TransferAid::checksums));
}

TEST(LearntAids, WhatOnlyAllOfThemLeftOutCuresDropsAllButThePrecondition) {
  LearntAids aids;
  EXPECT_EQ(settle(&aids, three, AidSet(TransferAid::chunk_signatures) | TransferAid::checksums,
                   refusal_of(501, "")),
            three);
  EXPECT_EQ(aids.dropped(), AidSet(TransferAid::chunk_signatures) | TransferAid::checksums);
}

TEST(LearntAids, NothingIsLearntFromWhatHasAnotherCause) {
  for (const auto& [status, code] : {std::pair{403, "AccessDenied"},
                                     {404, "NoSuchKey"},
                                     {403, "InvalidObjectState"},
                                     {400, "BadDigest"},
                                     {403, "InvalidAccessKeyId"},
                                     {503, "SlowDown"},
                                     {500, "InternalError"},
                                     {412, "PreconditionFailed"},
                                     {400, "EntityTooLarge"},
                                     {403, ""},
                                     {404, ""},
                                     {405, "MethodNotAllowed"}}) {
    LearntAids aids;
    AidTrial trial;
    EXPECT_FALSE(
        aids.plan_next_try(refusal_of(status, code), three | TransferAid::checksum_mode, &trial))
        << code << status;
    EXPECT_TRUE(trial.without.empty());
  }
}

TEST(LearntAids, DigestsAndConditionsOfReadsGoOn501Only) {
  for (const TransferAid aid : {TransferAid::content_md5, TransferAid::read_condition}) {
    LearntAids aids;
    EXPECT_FALSE(settle(&aids, AidSet(aid) | TransferAid::checksum_mode, aid,
                        refusal_of(400, "InvalidRequest"))
                     .has_value());
    EXPECT_EQ(settle(&aids, AidSet(aid) | TransferAid::checksum_mode, aid,
                     refusal_of(501, "NotImplemented")),
              AidSet(aid));
    EXPECT_EQ(aids.dropped(), AidSet(aid));
  }
}

TEST(LearntAids, PreconditionsGoOn501Only) {
  LearntAids aids;
  EXPECT_FALSE(settle(&aids, three, TransferAid::precondition, refusal_of(400, "InvalidRequest"))
                   .has_value());
  EXPECT_TRUE(aids.dropped().empty());
}

TEST(LearntAids, ARefusalThatStaysEndsAndIsNotPaidForAgainAndAgain) {
  LearntAids aids;
  for (int i = 0; i < 10; ++i) {
    AidTrial trial;
    int tries = 0;
    while (
        aids.plan_next_try(refusal_of(400, "InvalidRequest"), TransferAid::checksum_mode, &trial))
      ++tries;
    EXPECT_EQ(tries, i < LearntAids::failures_max ? 1 : 0) << i;
  }
  EXPECT_TRUE(aids.dropped().empty());
}

TEST(LearntAids, FourTriesFailInAllHoweverManyAidsThereAre) {
  const AidSet used = AidSet(TransferAid::chunk_signatures) | TransferAid::checksums;
  LearntAids aids;
  int tries = 0;
  for (int i = 0; i < 20; ++i) {
    AidTrial trial;
    while (aids.plan_next_try(refusal_of(400, "InvalidRequest"), used - trial.without, &trial))
      ++tries;
  }
  EXPECT_EQ(tries, LearntAids::failures_max);
}

TEST(LearntAids, RequestsSideBySideDoNotUseUpTheTriesOfWhatNoneHasLeftOut) {
  const AidSet used = AidSet(TransferAid::chunk_signatures) | TransferAid::checksums;
  const Refusal refusal = refusal_of(400, "InvalidRequest");
  LearntAids aids;
  std::array<AidTrial, 8> trials;
  for (AidTrial& trial : trials) EXPECT_TRUE(aids.plan_next_try(refusal, used, &trial));
  for (AidTrial& trial : trials)
    EXPECT_TRUE(aids.plan_next_try(refusal, used - trial.without, &trial));
  for (const AidTrial& trial : trials) EXPECT_EQ(trial.without, AidSet(TransferAid::checksums));
}

TEST(LearntAids, ATryThatAnotherLessonMadeSucceedTeachesNothing) {
  LearntAids aids;
  const AidSet used = AidSet(TransferAid::checksums) | TransferAid::precondition;
  AidTrial first, second;
  EXPECT_TRUE(aids.plan_next_try(refusal_of(501, ""), used, &first));
  EXPECT_TRUE(aids.plan_next_try(refusal_of(501, ""), TransferAid::precondition, &first));
  EXPECT_TRUE(aids.plan_next_try(refusal_of(501, ""), used, &second));
  EXPECT_EQ(second.without, AidSet(TransferAid::checksums));
  EXPECT_EQ(aids.succeeded(first.without), AidSet(TransferAid::precondition));
  EXPECT_TRUE(aids.succeeded(second.without).empty()) << "nothing sends the precondition any more";
  EXPECT_TRUE(aids.dropped().empty());
}

TEST(LearntAids, RequestsThatWereUnderWayLearnFromTheFirst) {
  LearntAids aids;
  EXPECT_TRUE(
      settle(&aids, TransferAid::checksum_mode, TransferAid::checksum_mode, refusal_of(400, ""))
          .has_value());
  AidTrial trial;
  EXPECT_TRUE(aids.plan_next_try(refusal_of(400, ""), TransferAid::checksum_mode, &trial));
  EXPECT_EQ(trial.without, AidSet(TransferAid::checksum_mode));
  EXPECT_FALSE(aids.plan_next_try(refusal_of(400, ""), AidSet(), &trial));
}

}  // namespace
}  // namespace dth::objects::s3

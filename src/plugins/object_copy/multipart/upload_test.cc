// Whole runs of large objects: the pitfalls of multipart uploads. More than 100 bytes are large
// here, a part has 50.
#include <gmock/gmock.h>

#include "base/testing/run_for_test.h"
#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::HasSubstr;

class UploadTest : public RunFixture {
 protected:
  UploadTest() {
    for (int i = 0; i < 280; ++i) large.push_back(static_cast<char>('a' + i % 23));
  }

  // Loses the answer of the first `count` requests of a kind.
  auto lose(StoreOperation lost, int count) {
    return [lost, left = count](StoreOperation operation,
                                const std::string&) mutable -> std::optional<Error> {
      if (operation == lost && left-- > 0)
        return Error{ErrorCode::unavailable, "the answer was lost", ""};
      return std::nullopt;
    };
  }

  // An upload that is none of ours.
  std::string begin_foreign_upload(const std::string& key, bool with_part = false) {
    objects::MemoryStore theirs(destination, clock, destination_options);
    boost::asio::io_context context;
    objects::CreateUploadRequest request;
    request.key = key;
    const std::string id = run_for_test(context, theirs.create_upload(std::move(request))).value();
    if (!with_part) return id;
    objects::UploadPartRequest part;
    part.key = key;
    part.upload_id = id;
    part.part_number = 1;
    BytesBody body(as_bytes("theirs"));
    EXPECT_TRUE(run_for_test(context, theirs.upload_part(std::move(part), body)).has_value());
    return id;
  }

  std::string large;  // six parts
};

TEST_F(UploadTest, ALargeObjectGoesUpInPartsWithItsMetadata) {
  objects::ObjectMetadata metadata;
  metadata.content_type = "video/mp4";
  metadata.user = {{"owner", "me"}};
  put("k", large, metadata);
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::bytes], 280);
  EXPECT_EQ(done.counts[Counter::proof_transit_checksum], 1);
  EXPECT_EQ(destination.bytes("k"), large);
  EXPECT_EQ(destination.head("k")->metadata, metadata);
  EXPECT_EQ(destination_requests(StoreOperation::upload_part), 6u);
  EXPECT_EQ(source_requests(StoreOperation::get), 6u);
  EXPECT_EQ(lines().at(0).destination_etag, destination.head("k")->info.etag);
}

TEST_F(UploadTest, WithChecksumsTheWholeObjectsIsStated) {
  destination_options.limits.enforces_checksums = true;
  put("k", large);
  run();
  EXPECT_EQ(lines().at(0).algorithm, "CRC64NVME");
  EXPECT_EQ(lines().at(0).checksum, hash(HashAlgorithm::crc64nvme, as_bytes(large)).hex());
}

// What the source states of the whole is held against what was read, part by part, whatever the
// destination computes.
class WholeCrcTest : public UploadTest,
                     public ::testing::WithParamInterface<std::tuple<bool, HashAlgorithm>> {};

TEST_P(WholeCrcTest, ProvesItFromEndToEnd) {
  const auto [enforces, algorithm] = GetParam();
  destination_options.limits.enforces_checksums = enforces;
  put("k", large);
  const Digest crc = hash(algorithm, as_bytes(large));
  source.change("k", [&, kind = algorithm](objects::ObjectHead& head) {
    if (kind == HashAlgorithm::crc64nvme) head.checksums.crc64nvme = crc.base64();
    if (kind == HashAlgorithm::crc32c) head.checksums.crc32c = crc.base64();
    if (kind == HashAlgorithm::crc32) head.checksums.crc32 = crc.base64();
  });
  EXPECT_EQ(run().counts[Counter::proof_source_checksum], 1);
  EXPECT_EQ(lines().at(0).algorithm, to_string(algorithm));
  EXPECT_EQ(lines().at(0).checksum, crc.hex());
  EXPECT_EQ(destination.bytes("k"), large);
  EXPECT_EQ(source_requests(StoreOperation::head), 1u);
  EXPECT_EQ(source_requests(StoreOperation::get), 6u);
}

INSTANTIATE_TEST_SUITE_P(Upload, WholeCrcTest,
                         ::testing::Combine(::testing::Bool(),
                                            ::testing::Values(HashAlgorithm::crc64nvme,
                                                              HashAlgorithm::crc32c,
                                                              HashAlgorithm::crc32)));

TEST_F(UploadTest, WhatTheSourcesCrcContradictsIsReadAgain) {
  put("k", large);
  source.change("k", [&](objects::ObjectHead& head) {
    head.checksums.crc32c = hash(HashAlgorithm::crc32c, as_bytes(large)).base64();
  });
  start();
  corrupting_source().flip_read = times(1);
  work();
  EXPECT_EQ(end().counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), large);
  EXPECT_EQ(destination_requests(StoreOperation::create_upload), 2u)
      << "the damaged upload was never completed";
  EXPECT_EQ(destination_requests(StoreOperation::complete_upload), 1u);
}

TEST_F(UploadTest, WhatTheSourcesCrcContradictsAlwaysIsAFailureAndNotWritten) {
  put("k", large);
  source.change("k", [&](objects::ObjectHead& head) { head.checksums.crc32c = "AAAAAA=="; });
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(failures().at(0).code, "data_corrupted");
  EXPECT_THAT(failures().at(0).message, HasSubstr("their CRC32C is"));
  EXPECT_EQ(destination.size(), 0u);
  EXPECT_TRUE(destination.open_uploads().empty());
  EXPECT_EQ(destination_requests(StoreOperation::create_upload), 3u);
}

TEST_F(UploadTest, ACompositeOfTheSourcesIsNotComparedWithTheWhole) {
  put("k", large);
  source.change("k", [&](objects::ObjectHead& head) {
    head.checksums.crc32c = "AAAAAA==";
    head.checksums.composite = true;
  });
  EXPECT_EQ(run().counts[Counter::proof_transit_checksum], 1);
}

TEST_F(UploadTest, AnObjectReplacedBetweenPartsIsPlannedAfresh) {
  put("k", large);
  std::string other = large;
  std::reverse(other.begin(), other.end());
  other += "and more";
  source.set_on_request(before(StoreOperation::get, 3, [&] { put("k", other); }));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), other) << "never a mixture";
  EXPECT_TRUE(destination.open_uploads().empty()) << "the first upload was aborted";
  EXPECT_EQ(destination_requests(StoreOperation::create_upload), 2u);
}

// Neither its size nor a failure tells: only that every part is read under the ETag that the plan
// has.
TEST_F(UploadTest, AnObjectReplacedBetweenPartsByOneOfItsSizeIsPlannedAfresh) {
  put("k", large);
  const std::string other(large.rbegin(), large.rend());
  source.set_on_request(before(StoreOperation::get, 3, [&] { put("k", other); }));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), other) << "never a mixture";
  EXPECT_EQ(destination_requests(StoreOperation::create_upload), 2u);
  EXPECT_TRUE(destination.open_uploads().empty());
}

TEST_F(UploadTest, AnObjectReplacedWhileTheRunStoodStillIsPlannedAfresh) {
  tuning.part_job_bytes = 1'000;  // one job of six parts
  tuning.parts_in_flight_per_job_max = 1;
  put("k", large);
  const std::string other(large.rbegin(), large.rend());
  start();
  destination.set_on_request(
      before(StoreOperation::upload_part, 3, [this] { worker->request_stop(); }));
  work();
  ASSERT_EQ(destination_requests(StoreOperation::upload_part), 3u);
  put("k", other);
  work();
  EXPECT_EQ(end().counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), other) << "never a mixture";
}

TEST_F(UploadTest, AnObjectDeletedBetweenPartsIsCountedAsSuch) {
  put("k", large);
  source.set_on_request(before(StoreOperation::get, 3, [&] { source.erase("k"); }));
  EXPECT_EQ(run().counts[Counter::deleted_at_source], 1);
  EXPECT_TRUE(destination.open_uploads().empty());
  EXPECT_EQ(destination.size(), 0u);
}

TEST_F(UploadTest, AFlippedByteOfAPartIsFoundAndThePartSentAgain) {
  put("k", large);
  start();
  corrupting_destination().flip_write = times(1);
  work();
  EXPECT_EQ(end().counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), large);
  EXPECT_EQ(destination_requests(StoreOperation::upload_part), 7u);
}

TEST_F(UploadTest, ACompleteWhoseAnswerWasLostIsRecognised) {
  put("k", large);
  start();
  corrupting_destination().lose_answer = lose(StoreOperation::complete_upload, 1);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination_requests(StoreOperation::create_upload), 1u) << "nothing was sent twice";
  EXPECT_EQ(lines().at(0).destination_etag, destination.head("k")->info.etag);
}

// Some stores look at the precondition first, and find our own object there.
TEST_F(UploadTest, ACompleteWhoseAnswerWasLostIsRecognisedBehindItsPrecondition) {
  put("k", large);
  destination.set_on_request(
      [seen = 0](StoreOperation operation, const std::string&) mutable -> std::optional<Error> {
        if (operation == StoreOperation::complete_upload && ++seen > 1)
          return Error{ErrorCode::precondition_failed, "exists", ""};
        return std::nullopt;
      });
  start();
  corrupting_destination().lose_answer = lose(StoreOperation::complete_upload, 1);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::copied], 1);
}

// As Ceph RGW answers: what the parts' ETags make is what the object has.
TEST_F(UploadTest, WhereCompleteTellsNoEtagTheExpectedOneIsRecorded) {
  destination_options.complete_etag_empty = true;
  put("k", large);
  EXPECT_EQ(run().counts[Counter::proof_transit_checksum], 1);
  EXPECT_EQ(lines().at(0).destination_etag, destination.head("k")->info.etag);
}

TEST_F(UploadTest, WhatSomebodyElseWroteBeforeCompleteIsLeftAlone) {
  put("k", large);
  destination.set_on_request(
      before(StoreOperation::complete_upload, 1, [this] { destination.put("k", "theirs"); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(destination.bytes("k"), "theirs");
  EXPECT_TRUE(destination.open_uploads().empty());
}

TEST_F(UploadTest, ADestinationRemovedMeanwhileIsNoConflict) {
  put("k", large);
  destination.put("k", "old");
  destination.set_on_request(
      before(StoreOperation::complete_upload, 1, [this] { destination.erase("k"); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), large);
  EXPECT_EQ(destination_requests(StoreOperation::create_upload), 2u);
}

TEST_F(UploadTest, ForeignUploadsOfTheSameKeySurvive) {
  put("k", large);
  const std::string theirs = begin_foreign_upload("k");
  EXPECT_EQ(run().counts[Counter::copied], 1);
  ASSERT_EQ(destination.open_uploads().size(), 1u);
  EXPECT_EQ(destination.open_uploads()[0].upload_id, theirs);
}

// Created, but the answer was lost, so its id is not on record; only the intent is.
TEST_F(UploadTest, OurOwnOrphanIsAbortedAndNobodyElses) {
  put("k", large);
  const std::string theirs = begin_foreign_upload("k");
  start();
  corrupting_destination().lose_answer = lose(StoreOperation::create_upload, 1);
  work();
  EXPECT_EQ(end().counts[Counter::copied], 1);
  EXPECT_EQ(destination_requests(StoreOperation::create_upload), 2u);
  EXPECT_EQ(destination_requests(StoreOperation::abort_upload), 1u);
  ASSERT_EQ(destination.open_uploads().size(), 1u);
  EXPECT_EQ(destination.open_uploads()[0].upload_id, theirs);
}

// Begun after we had looked who else was there. Ours was never created, so that theirs is the only
// one that could be it: but it has a part, and ours could have none.
TEST_F(UploadTest, AForeignUploadWithPartsIsNotTakenForOurOrphan) {
  put("k", large);
  std::string theirs;
  destination.set_on_request(
      [&](StoreOperation operation, const std::string&) -> std::optional<Error> {
        if (operation != StoreOperation::create_upload || !theirs.empty()) return std::nullopt;
        theirs = "being begun";
        theirs = begin_foreign_upload("k", true);
        return Error{ErrorCode::unavailable, "it did not get there", ""};
      });
  EXPECT_EQ(run().counts[Counter::copied], 1);
  ASSERT_EQ(destination.open_uploads().size(), 1u);
  EXPECT_EQ(destination.open_uploads()[0].upload_id, theirs);
}

// Two that could be it: then neither is touched.
TEST_F(UploadTest, WhichOfTwoIsOurOrphanIsNotGuessed) {
  put("k", large);
  std::string theirs;
  destination.set_on_request(
      before(StoreOperation::create_upload, 1, [&] { theirs = begin_foreign_upload("k"); }));
  start();
  corrupting_destination().lose_answer = lose(StoreOperation::create_upload, 1);
  work();
  EXPECT_EQ(end().counts[Counter::copied], 1);
  EXPECT_EQ(destination_requests(StoreOperation::abort_upload), 0u);
  const auto open = destination.open_uploads();
  EXPECT_TRUE(std::any_of(open.begin(), open.end(),
                          [&](const auto& upload) { return upload.upload_id == theirs; }));
}

TEST_F(UploadTest, AnUploadThatCannotBeBegunFailsItsObjectAndNotTheRun) {
  put("k", large);
  put("small", "bytes");
  destination.set_on_request(fail_always(StoreOperation::create_upload, "k",
                                         {ErrorCode::unavailable, "out of order", "500"}));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures) << done.error;
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(failures().at(0).attempts, 3);
}

TEST_F(UploadTest, AnUploadThatCannotBeCompletedFailsItsObjectAndNotTheRun) {
  put("k", large);
  put("small", "bytes");
  destination.set_on_request(fail_always(StoreOperation::complete_upload, "k",
                                         {ErrorCode::unavailable, "out of order", "500"}));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures) << done.error;
  EXPECT_EQ(done.counts[Counter::copied], 1);
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_TRUE(destination.open_uploads().empty());
}

// A rule of the bucket takes unfinished uploads away, as happens to a run that is taken up again
// days later.
TEST_F(UploadTest, AnUploadThatIsGoneBeforeItsPartsAreUpIsPlannedAfresh) {
  put("k", large);
  destination.set_on_request(
      before(StoreOperation::upload_part, 3, [this] { destination.clear(); }));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(destination.bytes("k"), large);
}

TEST_F(UploadTest, AGracefulStopKeepsThePartsThatAreDone) {
  tuning.part_job_bytes = 1'000;  // one job of six parts
  tuning.parts_in_flight_per_job_max = 1;
  put("k", large);
  start();
  destination.set_on_request(
      before(StoreOperation::upload_part, 3, [this] { worker->request_stop(); }));
  work();
  EXPECT_EQ(destination_requests(StoreOperation::upload_part), 3u);
  work();
  EXPECT_EQ(end().counts[Counter::copied], 1);
  EXPECT_EQ(destination.bytes("k"), large);
  EXPECT_EQ(destination_requests(StoreOperation::upload_part), 6u) << "no part went twice";
  EXPECT_EQ(destination_requests(StoreOperation::create_upload), 1u);
}

TEST_F(UploadTest, UploadsThatAreOpenAtOnceAreBounded) {
  tuning.backlog_part_jobs_max = 1;
  slots = {{kind_finish, 1}, {kind_part, 1}, {kind_copy, 2}, {kind_scan, 1}};
  for (int i = 0; i < 20; ++i) put("k" + std::to_string(i), large);
  std::size_t most = 0;
  destination.set_on_request([&](StoreOperation, const std::string&) -> std::optional<Error> {
    most = std::max(most, destination.open_uploads().size());
    return std::nullopt;
  });
  EXPECT_EQ(run().counts[Counter::copied], 20);
  EXPECT_LE(most, 4u);
}

// Whoever may not abort uploads must not be kept from ending.
TEST_F(UploadTest, AnUploadThatMayNotBeAbortedIsLeftOpenAndSaidSo) {
  put("k", large);
  put("small", "bytes");
  start();
  destination.set_on_request(
      [](StoreOperation operation, const std::string&) -> std::optional<Error> {
        if (operation == StoreOperation::complete_upload)
          return Error{ErrorCode::permission_denied, "no", "AccessDenied complete"};
        if (operation == StoreOperation::abort_upload)
          return Error{ErrorCode::permission_denied, "no", "AccessDenied abort"};
        return std::nullopt;
      });
  work();
  settle_now();
  EXPECT_EQ(destination_requests(StoreOperation::abort_upload), 2u)
      << "when it failed and at the end";
  settle_now();
  EXPECT_EQ(destination_requests(StoreOperation::abort_upload), 2u) << "it is not tried for ever";
  const state::Run done = close();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::copied], 1);
  const auto left = state->uploads().open_uploads("run", "").value();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].key, "k");
  EXPECT_EQ(left[0].upload_id, destination.open_uploads().at(0).upload_id);
  EXPECT_THAT(left[0].left_open, HasSubstr("AccessDenied abort"));
}

// Neither on record nor to be aborted: it is found, and named.
TEST_F(UploadTest, AnOrphanThatMayNotBeAbortedIsNamed) {
  put("k", large);
  start();
  corrupting_destination().lose_answer = lose(StoreOperation::create_upload, 3);
  destination.set_on_request(
      [](StoreOperation operation, const std::string&) -> std::optional<Error> {
        if (operation == StoreOperation::abort_upload)
          return Error{ErrorCode::permission_denied, "no", "AccessDenied"};
        return std::nullopt;
      });
  work();
  settle_now();
  const auto left = state->uploads().open_uploads("run", "").value();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].upload_id, destination.open_uploads().at(0).upload_id);
  EXPECT_NE(left[0].left_open, "");
}

// A run that was given up: what it left open goes, at its end at the latest.
TEST_F(UploadTest, TheEndOfARunTakesItsUploadsAway) {
  put("k", large);
  start();
  destination.set_on_request(
      before(StoreOperation::upload_part, 1, [this] { worker->request_stop(); }));
  work();
  ASSERT_EQ(destination.open_uploads().size(), 1u);
  ASSERT_TRUE(state->runs().request_cancel("run", clock.now()).has_value());
  settle_now();
  EXPECT_TRUE(destination.open_uploads().empty());
  EXPECT_EQ(close().state, RunState::cancelled);
}

}  // namespace
}  // namespace dth::object_copy::testing

// Runs that check a destination, and repair it.
#include <gmock/gmock.h>

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/testing/run_fixture.h"

namespace dth::object_copy::testing {
namespace {

using objects::StoreOperation;
using state::RunState;
using ::testing::HasSubstr;

class VerifyTest : public RunFixture {
 protected:
  VerifyTest() { copy.action = options::Action::verify; }

  void both(const std::string& key, const std::string& bytes) {
    put(key, bytes);
    destination.put(key, bytes);
  }
  std::map<std::string, ledger::Line> lines_by_key() {
    std::map<std::string, ledger::Line> found;
    for (const ledger::Line& line : lines()) found[line.key] = line;
    return found;
  }
  // ETags as of uploads in parts of unlike sizes: nothing is stated that could be compared.
  void make_opaque(objects::MemoryBucket& bucket, const std::string& key, const std::string& etag) {
    bucket.change(key, [&](objects::ObjectHead& head) { head.info.etag = etag; });
  }
  std::uint64_t written() const {
    return destination_requests(StoreOperation::put) +
           destination_requests(StoreOperation::create_upload) +
           destination_requests(StoreOperation::remove);
  }
};

TEST_F(VerifyTest, WhatIsTheSameIsVerifiedByAHeadAtEitherSide) {
  for (int i = 0; i < 5; ++i) both("k" + std::to_string(i), "bytes " + std::to_string(i));
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::selected], 5);
  EXPECT_EQ(done.counts[Counter::matched], 5);
  EXPECT_EQ(done.counts[Counter::proof_source_checksum], 5);
  EXPECT_EQ(source_requests(StoreOperation::head), 5u);
  EXPECT_EQ(destination_requests(StoreOperation::head), 5u);
  EXPECT_EQ(source_requests(StoreOperation::get), 0u);
  EXPECT_EQ(written(), 0u);
  const ledger::Line line = lines_by_key()["k0"];
  EXPECT_EQ(line.outcome, ledger::Outcome::matched);
  EXPECT_EQ(line.proof, ledger::ProofKind::source_checksum);
  EXPECT_EQ(line.checksum, source.head("k0")->info.etag);
}

TEST_F(VerifyTest, WhatDiffersOrIsMissingIsAFailureWithItsReason) {
  both("same", "bytes");
  put("shorter", "bytes");
  destination.put("shorter", "byte");
  put("edited", "bytes");
  destination.put("edited", "bytez");
  put("missing", "bytes");
  destination.put("extra", "bytes");
  copy.verify.report_extra = true;
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::completed_with_failures);
  EXPECT_EQ(done.counts[Counter::matched], 1);
  EXPECT_EQ(done.counts[Counter::differs], 2);
  EXPECT_EQ(done.counts[Counter::missing], 1);
  EXPECT_EQ(done.counts[Counter::extra], 1);
  EXPECT_EQ(done.counts[Counter::failed], 3);
  auto found = lines_by_key();
  EXPECT_EQ(found["shorter"].outcome, ledger::Outcome::differs);
  EXPECT_THAT(found["shorter"].error, HasSubstr("has 4 bytes, the source's 5"));
  EXPECT_EQ(found["edited"].outcome, ledger::Outcome::differs);
  EXPECT_THAT(found["edited"].error, HasSubstr("MD5"));
  EXPECT_EQ(found["missing"].outcome, ledger::Outcome::missing);
  EXPECT_EQ(found["extra"].outcome, ledger::Outcome::extra);
  EXPECT_EQ(failures().size(), 3u);
  EXPECT_EQ(written(), 0u);
}

TEST_F(VerifyTest, ListingsAloneNeedNoRequestPerObject) {
  copy.verify.method = VerifyMethod::listing;
  both("same", "bytes");
  put("edited", "bytes");
  destination.put("edited", "bytez");
  put("longer", "bytes");
  destination.put("longer", "bytes!");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::matched], 1);
  EXPECT_EQ(done.counts[Counter::undetermined], 1)
      << "a listing does not show encryption, so unlike ETags prove nothing";
  EXPECT_EQ(done.counts[Counter::differs], 1);
  EXPECT_EQ(source_requests(StoreOperation::head) + destination_requests(StoreOperation::head), 0u);
  EXPECT_EQ(source_requests(StoreOperation::get) + destination_requests(StoreOperation::get), 0u);
  EXPECT_EQ(lines_by_key()["edited"].outcome, ledger::Outcome::undetermined);
}

TEST_F(VerifyTest, WhatNobodyStatesIsUndeterminedAndReadingBackTells) {
  both("parts", "bytes");
  both("damaged", "bytes");
  destination.put("damaged", "bytez");
  for (const char* key : {"parts", "damaged"}) {
    make_opaque(source, key, "aaaa-2");
    make_opaque(destination, key, "bbbb-3");
  }
  const state::Run by_checksum = run();
  EXPECT_EQ(by_checksum.counts[Counter::undetermined], 2);
  EXPECT_EQ(by_checksum.counts[Counter::failed], 0);
  EXPECT_THAT(lines_by_key()["parts"].error, HasSubstr("read-back"));
}

TEST_F(VerifyTest, ReadingBackProvesAndRefutes) {
  copy.verify.method = VerifyMethod::read_back;
  both("parts", "bytes");
  both("empty", "");
  both("damaged", "bytes");
  destination.put("damaged", "bytez");
  for (const char* key : {"parts", "damaged"}) {
    make_opaque(source, key, "aaaa-2");
    make_opaque(destination, key, "bbbb-3");
  }
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::matched], 2);
  EXPECT_EQ(done.counts[Counter::proof_read_back], 2);
  EXPECT_EQ(done.counts[Counter::differs], 1);
  auto found = lines_by_key();
  EXPECT_EQ(found["parts"].proof, ledger::ProofKind::read_back);
  EXPECT_EQ(found["parts"].algorithm, "SHA256");
  EXPECT_EQ(found["parts"].checksum, hash(HashAlgorithm::sha256, as_bytes("bytes")).hex());
  EXPECT_EQ(found["damaged"].outcome, ledger::Outcome::differs);
  EXPECT_EQ(source_requests(StoreOperation::get), 3u);
  EXPECT_EQ(destination_requests(StoreOperation::get), 3u);
}

TEST_F(VerifyTest, ABodyThatBreaksOffIsReadOnFromThere) {
  copy.verify.method = VerifyMethod::read_back;
  source_options.body_piece_max = 7;
  both("k", "more than seven bytes");
  start();
  corrupting_source().cut_get = times(2);
  work();
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::matched], 1);
  EXPECT_EQ(corrupting_source().ranges_seen, 2u);
  EXPECT_EQ(lines().at(0).checksum,
            hash(HashAlgorithm::sha256, as_bytes("more than seven bytes")).hex());
}

TEST_F(VerifyTest, ASampleIsReadAndTheOthersAreAsked) {
  copy.verify.method = VerifyMethod::read_back;
  copy.verify.sample_percent = 30;
  for (int i = 0; i < 60; ++i) both("k" + std::to_string(i), "bytes");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::matched], 60);
  EXPECT_GT(done.counts[Counter::proof_read_back], 5);
  EXPECT_LT(done.counts[Counter::proof_read_back], 40);
  EXPECT_EQ(done.counts[Counter::proof_read_back] + done.counts[Counter::proof_source_checksum],
            60);
  EXPECT_EQ(source_requests(StoreOperation::get),
            static_cast<std::uint64_t>(done.counts[Counter::proof_read_back]));
}

TEST_F(VerifyTest, AnObjectThatChangesWhileItIsReadIsNotCalledDamaged) {
  copy.verify.method = VerifyMethod::read_back;
  both("k", "bytes");
  destination.set_on_request(
      before(StoreOperation::get, 1, [this] { destination.put("k", "other"); }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::failed], 1);
  EXPECT_EQ(done.counts[Counter::differs], 0);
  EXPECT_THAT(failures().at(0).message, HasSubstr("changed at the destination"));
}

TEST_F(VerifyTest, WhatGoesMeanwhileIsDeletedAtSourceOrMissing) {
  both("a", "bytes");
  both("b", "bytes");
  source.set_on_request(before(StoreOperation::head, 1, [this] {
    source.erase("a");
    destination.erase("b");
  }));
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::deleted_at_source], 1);
  EXPECT_EQ(done.counts[Counter::missing], 1);
}

TEST_F(VerifyTest, AListingThatBreaksOffFailsTheRun) {
  source_options.page_size_max = 2;
  for (int i = 0; i < 6; ++i) both("k" + std::to_string(i), "bytes");
  int pages = 0;
  source.set_on_request([&](StoreOperation operation, const std::string&) -> std::optional<Error> {
    if (operation == StoreOperation::list && ++pages > 1)
      return Error{ErrorCode::permission_denied, "listing denied", ""};
    return std::nullopt;
  });
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::failed);
  EXPECT_EQ(done.counts[Counter::extra], 0) << "what was not listed is not missing";
}

TEST_F(VerifyTest, OnlyWhatIsSelectedIsChecked) {
  copy.selection = Selection::make({.exclude_globs = {"*.tmp"}, .size_max = 5}).value();
  both("same", "bytes");
  put("missing.tmp", "bytes");
  destination.put("extra.tmp", "bytes");
  put("missing and larger", "longer than five");
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded);
  EXPECT_EQ(done.counts[Counter::scanned], 3);
  EXPECT_EQ(done.counts[Counter::selected], 1);
  EXPECT_EQ(done.counts[Counter::matched], 1);
  EXPECT_EQ(done.counts[Counter::extra], 0);
}

TEST_F(VerifyTest, OneObject) {
  copy.scope = SourceScope::object;
  copy.source_key = "one";
  copy.destination_key = "renamed";
  put("one", "bytes");
  destination.put("renamed", "bytes");
  EXPECT_EQ(run().counts[Counter::matched], 1);
}

TEST_F(VerifyTest, OneObjectThatIsMissing) {
  copy.scope = SourceScope::object;
  copy.source_key = copy.destination_key = "one";
  put("one", "bytes");
  EXPECT_EQ(run().counts[Counter::missing], 1);
}

TEST_F(VerifyTest, RepairCopiesWhatDiffersOrIsMissingAndNothingElse) {
  copy.verify.repair = true;
  both("same", "bytes");
  put("missing", "bytes");
  put("missing and large", std::string(170, 'm'));
  put("shorter", "bytes");
  destination.put("shorter", "byte");
  // Younger than the source and of its size: to a copy it would look the same.
  put("edited", "bytes");
  destination.put("edited", "bytez", {}, clock.now());
  put("edited and large", std::string(170, 's'));
  destination.put("edited and large", std::string(170, 't'), {}, clock.now());
  destination.put("extra", "stays");
  const state::Run done = run();
  EXPECT_EQ(done.state, RunState::succeeded) << done.error;
  EXPECT_EQ(done.counts[Counter::matched], 1);
  EXPECT_EQ(done.counts[Counter::copied], 5);
  EXPECT_EQ(done.counts[Counter::missing], 2);
  EXPECT_EQ(done.counts[Counter::differs], 3);
  EXPECT_EQ(done.counts[Counter::failed], 0);
  for (const std::string& key : source.keys())
    EXPECT_EQ(destination.bytes(key), source.bytes(key)) << key;
  EXPECT_EQ(destination.bytes("extra"), "stays");
  EXPECT_EQ(lines_by_key()["edited"].outcome, ledger::Outcome::copied);
}

TEST_F(VerifyTest, AVerificationGoesOnWhereItStopped) {
  source_options.page_size_max = destination_options.page_size_max = 4;
  tuning.batch_items_max = 3;
  tuning.scan_keys_per_step_max = 5;
  copy.verify.report_extra = true;
  for (int i = 0; i < 40; ++i) {
    const std::string key = "k" + std::to_string(100 + i);
    if (i % 5 != 1) put(key, "bytes");
    if (i % 5 != 2) destination.put(key, i % 5 == 3 ? "other" : "bytes");
  }
  start();
  unsigned requests = 0, lives = 0;
  for (objects::MemoryBucket* bucket : {&source, &destination}) {
    bucket->set_on_request([&](StoreOperation, const std::string&) -> std::optional<Error> {
      if (++requests % 9 == 0) worker->request_stop();
      return std::nullopt;
    });
  }
  for (; lives < 200 && !is_drained(); ++lives) work();
  EXPECT_GT(lives, 3u);
  const state::Run done = end();
  EXPECT_EQ(done.counts[Counter::matched], 16);
  EXPECT_EQ(done.counts[Counter::differs], 8);
  EXPECT_EQ(done.counts[Counter::missing], 8);
  EXPECT_EQ(done.counts[Counter::extra], 8);
}

TEST_F(VerifyTest, OnlyWhatLiesBeneathThePrefixes) {
  copy.list = SourceList::prefixes;
  copy.prefixes = {"a/", "c"};
  copy.verify.report_extra = true;
  source_options.page_size_max = destination_options.page_size_max = 2;
  for (const char* key : {"a/1", "a/2", "a/3", "b/1", "c", "c/1"}) put(key, "bytes");
  for (const char* key : {"a/1", "a/2", "b/2", "c", "c/1", "c/extra"})
    destination.put(key, "bytes");
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::selected], 5);
  EXPECT_EQ(done.counts[Counter::matched], 4);
  EXPECT_EQ(done.counts[Counter::missing], 1);
  EXPECT_EQ(done.counts[Counter::extra], 1) << "b/2 is beneath no prefix";
}

TEST_F(VerifyTest, PrefixesOfAFileAcrossStops) {
  copy.list = SourceList::prefix_file;
  copy.list_location = "prefixes";
  lists.put("prefixes", "k3\nk0\nk1\nk0\n");
  tuning.scan_keys_per_step_max = 3;
  source_options.page_size_max = destination_options.page_size_max = 3;
  for (int i = 0; i < 50; ++i) {
    const std::string key = "k" + std::to_string(i / 10) + std::to_string(i % 10);
    put(key, "bytes");
    destination.put(key, "bytes");
  }
  start();
  int lives = 0;
  for (; lives < 100 && !is_drained(); ++lives) {
    source.set_on_request(before(StoreOperation::list, 3, [this] { worker->request_stop(); }));
    work();
  }
  EXPECT_GT(lives, 2);
  EXPECT_EQ(end().counts[Counter::matched], 30);
}

// A directory states no digest of the bytes that a file has now: it is read.
TEST_F(VerifyTest, WhatIsHashedByReadingIsComparedWithWhatTheOtherSideStates) {
  source_options.limits.hashed_by_reading = true;
  source_options.limits.etag_is_md5 = source_options.limits.multipart_etag_is_md5_of_md5s = false;
  both("same", "bytes");
  put("edited", "bytes");
  destination.put("edited", "bytez");
  for (const char* key : {"same", "edited"})
    make_opaque(source, key, std::string("token-of-") + key);
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::matched], 1) << done.error;
  EXPECT_EQ(done.counts[Counter::undetermined], 0);
  EXPECT_EQ(done.counts[Counter::proof_transit_checksum], 1);
  EXPECT_EQ(done.counts[Counter::differs], 1);
  EXPECT_THAT(lines_by_key()["edited"].error, HasSubstr("MD5"));
}

TEST_F(VerifyTest, WhereBothAreHashedByReadingBothAreRead) {
  for (auto* options : {&source_options, &destination_options}) {
    options->limits.hashed_by_reading = true;
    options->limits.etag_is_md5 = options->limits.multipart_etag_is_md5_of_md5s = false;
  }
  both("same", "bytes");
  put("edited", "bytes");
  destination.put("edited", "bytez");
  for (const char* key : {"same", "edited"}) {
    make_opaque(source, key, "one");
    make_opaque(destination, key, "other");
  }
  const state::Run done = run();
  EXPECT_EQ(done.counts[Counter::matched], 1) << done.error;
  EXPECT_EQ(done.counts[Counter::proof_read_back], 1);
  EXPECT_EQ(done.counts[Counter::differs], 1);
  EXPECT_THAT(lines_by_key()["edited"].error, HasSubstr("SHA256"));
}

}  // namespace
}  // namespace dth::object_copy::testing

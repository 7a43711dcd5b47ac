#include "cli/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "options/amounts.h"
#include "plugins/object_copy/counters.h"

namespace dth::cli {
namespace {

using object_copy::Counter;
using testing::HasSubstr;

Summary summary() {
  Summary summary;
  summary.run.id = "r1";
  summary.run.state = state::RunState::succeeded;
  summary.run.counts[Counter::scanned] = 1'234'567;
  summary.run.counts[Counter::selected] = 1'234'567;
  summary.run.counts[Counter::copied] = 1'000'000;
  summary.run.counts[Counter::proof_source_checksum] = 1'000'000;
  summary.run.counts[Counter::unchanged] = 234'567;
  summary.run.counts[Counter::requests_get] = 1'000'000;
  summary.seconds = 10.5;
  summary.ledger = "/l/\"r1\"";
  return summary;
}

TEST(Summary, JsonHasThePromisedFields) {
  const std::string json = to_json(summary());
  for (const char* field :
       {"\"scanned\":1234567", "\"selected\":", "\"copied\":1000000",
        "\"skipped\":", "\"deleted_at_source\":0", "\"failed\":0", "\"deleted\":0", "\"bytes\":0",
        "\"seconds\":10.5", "\"requests\":{\"get\":1000000,\"put\":0,\"list\":0",
        "\"proof\":{\"SOURCE_CHECKSUM\":1000000", "\"ledger\":\"/l/\\\"r1\\\"\""}) {
    EXPECT_THAT(json, HasSubstr(field));
  }
}

TEST(Summary, YamlNestsTheSame) {
  EXPECT_THAT(to_yaml(summary()), HasSubstr("scanned: 1234567\n"));
  EXPECT_THAT(to_yaml(summary()), HasSubstr("proof:\n  SOURCE_CHECKSUM: 1000000\n"));
}

TEST(Summary, TextSeparatesThousands) { EXPECT_THAT(to_text(summary()), HasSubstr("1,234,567")); }

TEST(Summary, ExitCodes) {
  Summary s = summary();
  EXPECT_EQ(exit_code(s), 0);
  s.run.counts[Counter::deleted_at_source] = 1;
  EXPECT_EQ(exit_code(s), 0);
  s.run.counts[Counter::failed] = 1;
  EXPECT_EQ(exit_code(s), 5);
  s.run.counts[Counter::failed] = 0;
  s.run.counts[Counter::proof_none] = 1;
  EXPECT_EQ(exit_code(s), 5);
  s.run.state = state::RunState::failed;
  EXPECT_EQ(exit_code(s), 1);
  s.run.state = state::RunState::running;
  s.abandoned =
      "the destination cannot be reached since 2026-11-01T09:30:00Z, longer than "
      "--unreachable-timeout (900 s)";
  EXPECT_EQ(exit_code(s), 3);
  EXPECT_THAT(
      to_json(s),
      HasSubstr(
          "\"interrupted\":true,\"stopped_because\":\"the destination cannot be reached since"));
  EXPECT_THAT(to_text(s), HasSubstr("Stopped           the destination cannot be reached since"));
  s.interrupted = true;
  EXPECT_EQ(exit_code(s), 130);
}

TEST(Summary, AnUploadThatIsLeftOpenIsNamed) {
  state::Upload closed, left;
  left.key = "k\n";
  left.upload_id = "2~abc";
  left.left_open = "permission_denied: AccessDenied";
  Summary s = summary();
  s.left_open = left_open_of({closed, left});
  ASSERT_EQ(s.left_open.size(), 1u);
  EXPECT_EQ(exit_code(s), 5);
  EXPECT_THAT(to_text(s), HasSubstr("Left open  1 multipart"));
  EXPECT_THAT(to_json(s),
              HasSubstr("\"uploads_left_open\":[{\"key\":\"k\\n\",\"upload_id\":\"2~abc\""));
  EXPECT_THAT(about_left_open(s.left_open[0]),
              HasSubstr("the multipart upload 2~abc of k\\n stays open"));
}

TEST(Summary, AVerificationThatVerifiedNothingIsNoSuccess) {
  Summary s;
  s.action = options::Action::verify;
  s.run.state = state::RunState::succeeded;
  EXPECT_EQ(exit_code(s), 0);
  s.run.counts[Counter::selected] = s.run.counts[Counter::deleted_at_source] = 30;
  EXPECT_EQ(exit_code(s), 5);
  EXPECT_TRUE(verified_nothing(s));
  s.run.state = state::RunState::running;
  EXPECT_FALSE(verified_nothing(s)) << "it can be resumed";
  s.run.state = state::RunState::succeeded;
  s.run.counts[Counter::matched] = 1;
  EXPECT_EQ(exit_code(s), 0);
}

TEST(Summary, UnverifiedCopiesMayBeAccepted) {
  Summary s = summary();
  s.run.counts[Counter::proof_none] = 1;
  s.accepts_unverified = true;
  EXPECT_EQ(exit_code(s), 0);
}

TEST(Summary, WhatCouldNotBeProvedIsNotAllRight) {
  Summary s = summary();
  s.action = options::Action::verify;
  s.run.counts[Counter::undetermined] = 1;
  EXPECT_EQ(exit_code(s), 5);
  EXPECT_THAT(to_text(s), HasSubstr("Undetermined 1:"));
}

TEST(Summary, AVerificationSaysWhatWasFound) {
  Summary s = summary();
  s.action = options::Action::verify;
  s.run.counts = {};
  s.run.counts[Counter::matched] = 1'000;
  s.run.counts[Counter::proof_read_back] = 400;
  s.run.counts[Counter::differs] = 2;
  s.run.counts[Counter::missing] = 3;
  s.run.counts[Counter::extra] = 4;
  const std::string text = to_text(s);
  for (const char* line :
       {"Matched    1,000: 600 by the digests that both sides state, 400 by reading both\n",
        "Differ     2\n", "Missing    3 at", "Extra      4 only"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, testing::Not(HasSubstr("Repaired")));
  s.run.counts[Counter::copied] = 5;
  EXPECT_THAT(to_text(s), HasSubstr("Repaired   5 ("));
}

TEST(Summary, AMirrorSaysWhatWentOrWouldGo) {
  Summary s = summary();
  s.action = options::Action::sync;
  s.run.counts[Counter::extra] = 1'200;
  s.run.counts[Counter::deleted] = 1'199;
  EXPECT_THAT(to_text(s), HasSubstr("Deleted    1,199 of 1,200 that only"));
  s.dry_run = true;
  ledger::Line line;
  line.key = "gone\n";
  line.outcome = ledger::Outcome::would_delete;
  line.size = 5;
  s.would_delete = {line};
  const std::string text = to_text(s);
  EXPECT_THAT(text, testing::StartsWith("would delete gone\\n (5 B)\n… and 1,199 more\nScanned"));
  EXPECT_THAT(text, HasSubstr("To delete  1,200"));
  EXPECT_THAT(to_json(s), HasSubstr("\"would_delete\":[{\"key\":\"gone\\n\""));
}

TEST(Summary, Numbers) {
  EXPECT_EQ(options::format_count(0), "0");
  EXPECT_EQ(options::format_count(999), "999");
  EXPECT_EQ(options::format_count(1'000), "1,000");
  EXPECT_EQ(options::format_count(-1'234'567), "-1,234,567");
  EXPECT_EQ(options::format_size_rounded(1023), "1023 B");
  EXPECT_EQ(options::format_size_rounded(1536), "1.5 KiB");
}

}  // namespace
}  // namespace dth::cli

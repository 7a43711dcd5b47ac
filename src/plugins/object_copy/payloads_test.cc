#include "plugins/object_copy/payloads.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

const std::string awkward("a\0\n\"\\\xff\xfe/\xc3\xa9", 11);

Item item() {
  Item item;
  item.key = awkward;
  item.size = UINT64_MAX;
  item.etag = "e\xff";
  item.modified = TimePoint(std::chrono::microseconds(1'700'000'000'123'456));
  item.destination_etag = "d";
  item.maybe_written = true;
  item.replanned = 3;
  item.replaces_unknown = true;
  item.way = CopyWay::single_put;
  return item;
}

void expect_equal(const Item& a, const Item& b) {
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.size, b.size);
  EXPECT_EQ(a.etag, b.etag);
  EXPECT_EQ(a.modified.known(), b.modified.known());
  EXPECT_EQ(a.modified.value_or(TimePoint{}), b.modified.value_or(TimePoint{}));
  EXPECT_EQ(a.destination_etag, b.destination_etag);
  EXPECT_EQ(a.maybe_written, b.maybe_written);
  EXPECT_EQ(a.replanned, b.replanned);
  EXPECT_EQ(a.way, b.way);
  EXPECT_EQ(a.state, b.state);
  EXPECT_EQ(a.replaces_unknown, b.replaces_unknown);
}

UploadPlan plan() {
  UploadPlan plan;
  plan.item = item();
  plan.metadata.content_type = "text/plain";
  plan.metadata.user = {{"a", "1"}, {"b", "\xff"}};
  plan.parts = {100, 40, 3};
  plan.source_etag = "v1";
  plan.others = {"x", "y"};
  plan.encryption = objects::Encryption::sse_kms;
  plan.digest_ahead = plan.within = true;
  plan.source_checksums.crc64nvme = "AAAAAAAAAAA=";
  plan.source_checksums.crc32c = "AAAAAA==";
  plan.source_checksums.crc32 = "AAAAAQ==";
  return plan;
}

TEST(Payloads, ScanSurvives) {
  EXPECT_EQ(parse_scan_payload(to_json(ScanPayload{awkward})).value().after, awkward);
}

TEST(Payloads, RetrySurvives) {
  auto parsed = parse_retry_payload(to_json(RetryPayload{"run", 7, {awkward, ""}})).value();
  EXPECT_EQ(parsed.run, "run");
  EXPECT_EQ(parsed.offset, 7u);
  EXPECT_EQ(parsed.keys, (std::vector<std::string>{awkward, ""}));
}

TEST(Payloads, CopySurvives) {
  auto parsed = parse_copy_payload(to_json(CopyPayload{{item(), Item{}}})).value();
  ASSERT_EQ(parsed.items.size(), 2u);
  expect_equal(parsed.items[0], item());
  expect_equal(parsed.items[1], Item{});
}

TEST(Payloads, PlanSurvives) {
  const UploadPlan parsed = parse_upload_plan(to_json(plan())).value();
  expect_equal(parsed.item, item());
  EXPECT_EQ(parsed.metadata, plan().metadata);
  EXPECT_EQ(parsed.parts.object_size_bytes, 100u);
  EXPECT_EQ(parsed.parts.part_size_bytes, 40u);
  EXPECT_EQ(parsed.parts.part_count, 3u);
  EXPECT_EQ(parsed.source_etag, "v1");
  EXPECT_EQ(parsed.others, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(parsed.encryption, objects::Encryption::sse_kms);
  EXPECT_TRUE(parsed.digest_ahead && parsed.within);
  EXPECT_EQ(parsed.source_checksums.crc64nvme, "AAAAAAAAAAA=");
  EXPECT_EQ(parsed.source_checksums.crc32c, "AAAAAA==");
  EXPECT_EQ(parsed.source_checksums.crc32, "AAAAAQ==");
}

TEST(Payloads, PartSurvives) {
  PartPayload payload{7, "up\xff", plan(), 2, 3, {{2, "etag", "MD5", "00ff", true}}};
  const PartPayload parsed = parse_part_payload(to_json(payload)).value();
  EXPECT_EQ(parsed.upload_row, 7);
  EXPECT_EQ(parsed.upload_id, "up\xff");
  EXPECT_EQ(parsed.first, 2u);
  EXPECT_EQ(parsed.last, 3u);
  ASSERT_EQ(parsed.done.size(), 1u);
  EXPECT_EQ(parsed.done[0].number, 2u);
  EXPECT_EQ(parsed.done[0].digest, "00ff");
  EXPECT_TRUE(parsed.done[0].proved);
}

TEST(Payloads, OutcomeSurvives) {
  PartOutcome outcome{
      {{1, "e", "", "", false, "0a0b"}}, true, Error{ErrorCode::throttled, "slow\xff", "SlowDown"}};
  const PartOutcome parsed = parse_part_outcome(to_json(outcome)).value();
  EXPECT_TRUE(parsed.changed);
  EXPECT_EQ(parsed.done.at(0).source_crc, "0a0b");
  ASSERT_TRUE(parsed.error.has_value());
  EXPECT_EQ(parsed.error->code, ErrorCode::throttled);
  EXPECT_EQ(parsed.error->message, "slow\xff");
}

TEST(Payloads, FinishSurvives) {
  const FinishPayload parsed =
      parse_finish_payload(to_json(FinishPayload{9, "id", plan()})).value();
  EXPECT_EQ(parsed.upload_row, 9);
  EXPECT_EQ(parsed.upload_id, "id");
}

TEST(Payloads, WhatIsNoneIsRefused) {
  for (const char* text : {"", "[]", "{}", "{\"items\":3}", "{\"items\":[3]}",
                           "{\"items\":[{\"k\":{\"base64\":\"!\"}}]}"}) {
    EXPECT_TRUE(parse_copy_payload(text).has_error()) << text;
    EXPECT_TRUE(parse_part_payload(text).has_error()) << text;
  }
}

TEST(Payloads, RestoreSurvives) {
  Item item;
  item.key = "k\xff";
  item.restored = true;
  const RestorePayload back =
      parse_restore_payload(
          to_json(RestorePayload{{item}, TimePoint(std::chrono::microseconds(7))}))
          .value();
  ASSERT_EQ(back.items.size(), 1u);
  EXPECT_EQ(back.items[0].key, "k\xff");
  EXPECT_TRUE(back.items[0].restored);
  EXPECT_EQ(back.since, TimePoint(std::chrono::microseconds(7)));
  EXPECT_TRUE(parse_restore_payload("{}").has_error());
}

TEST(Payloads, ScansOfPrefixesAndListsSurvive) {
  ScanPayload payload;
  payload.after = "p\xff/k";
  payload.prefixes = {"p\xff/", "q"};
  payload.list = ListCursor{1ull << 40, "tag\"", 12'345, 67};
  payload.sorted = true;
  payload.sorted_after = "\xfe";
  const ScanPayload back = parse_scan_payload(to_json(payload)).value();
  EXPECT_TRUE(back.sorted);
  EXPECT_EQ(back.sorted_after, "\xfe");
  EXPECT_EQ(back.after, payload.after);
  EXPECT_EQ(back.prefixes, payload.prefixes);
  ASSERT_TRUE(back.list.has_value());
  EXPECT_EQ(back.list->size, 1ull << 40);
  EXPECT_EQ(back.list->tag, "tag\"");
  EXPECT_EQ(back.list->offset, 12'345u);
  EXPECT_EQ(back.list->line, 67u);
  EXPECT_FALSE(parse_scan_payload(to_json(ScanPayload{})).value().list.has_value());
}

TEST(Payloads, NamedAndUnsureItemsSurvive) {
  Item named, unsure;
  named.key = unsure.key = "k";
  named.version = "v1";
  named.state = ItemState::named;
  unsure.state = ItemState::needs_comparison;
  const CopyPayload back = parse_copy_payload(to_json(CopyPayload{{named, unsure}})).value();
  ASSERT_EQ(back.items.size(), 2u);
  EXPECT_EQ(back.items[0].version, "v1");
  EXPECT_EQ(back.items[0].state, ItemState::named);
  EXPECT_EQ(back.items[1].state, ItemState::needs_comparison);
  EXPECT_TRUE(back.items[1].version.empty());
}

}  // namespace
}  // namespace dth::object_copy

#include "plugins/object_copy/mirror/mirror_payloads.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

const Extra awkward{.key = "in\xff/\x01",
                    .size = 1ull << 40,
                    .etag = "abc-2",
                    .modified = TimePoint(std::chrono::microseconds(5)),
                    .maybe_removed = true,
                    .seen = Seen::unknown};

void expect_same(const Extra& one, const Extra& other) {
  EXPECT_EQ(one.key, other.key);
  EXPECT_EQ(one.size.known(), other.size.known());
  EXPECT_EQ(one.size.value_or(0), other.size.value_or(0));
  EXPECT_EQ(one.etag, other.etag);
  EXPECT_EQ(one.modified.known(), other.modified.known());
  EXPECT_EQ(one.modified.value_or(TimePoint{}), other.modified.value_or(TimePoint{}));
  EXPECT_EQ(one.maybe_removed, other.maybe_removed);
  EXPECT_EQ(one.seen, other.seen);
}

TEST(MirrorPayloads, FindExtraSurvives) {
  FindExtraPayload payload;
  payload.removing = true;
  payload.after = "\xfe";
  payload.prefix = 3;
  payload.counts = {1, 2, 3};
  payload.removals = 4;
  payload.kept = {awkward, Extra{.key = "plain"}};
  payload.kept_all = false;
  payload.suspects.unlisted = {Extra{.key = "left out", .seen = Seen::yes}};
  payload.retry_of = "run";
  payload.keys = {"k\xff"};
  auto read = parse_find_extra_payload(to_json(payload));
  ASSERT_TRUE(read.has_value()) << read.error().to_string();
  EXPECT_TRUE(read->removing);
  EXPECT_EQ(read->after, payload.after);
  EXPECT_EQ(read->prefix, 3u);
  EXPECT_EQ(read->counts, payload.counts);
  EXPECT_EQ(read->removals, 4u);
  ASSERT_EQ(read->kept.size(), 2u);
  expect_same(read->kept[0], awkward);
  expect_same(read->kept[1], payload.kept[1]);
  EXPECT_FALSE(read->kept_all);
  ASSERT_EQ(read->suspects.unlisted.size(), 1u);
  expect_same(read->suspects.unlisted[0], payload.suspects.unlisted[0]);
  EXPECT_EQ(read->retry_of, "run");
  EXPECT_EQ(read->keys, payload.keys);
}

// The first key beneath a prefix may be the empty one: having seen that is not having seen nothing.
TEST(MirrorPayloads, NoCursorIsNotTheEmptyOne) {
  EXPECT_FALSE(parse_find_extra_payload(to_json(FindExtraPayload{})).value().after.has_value());
  FindExtraPayload payload;
  payload.after = "";
  EXPECT_EQ(parse_find_extra_payload(to_json(payload)).value().after, "");
}

TEST(MirrorPayloads, RemoveSurvives) {
  auto read = parse_remove_payload(to_json(RemovePayload{{awkward}}));
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->items.size(), 1u);
  expect_same(read->items[0], awkward);
}

TEST(MirrorPayloads, WhatWeDidNotWriteIsRefused) {
  for (const char* text : {"", "[]", "{}", "{\"items\":[1]}", "{\"kept\":3}"}) {
    EXPECT_EQ(parse_remove_payload(text).error().code, ErrorCode::data_corrupted) << text;
    EXPECT_EQ(parse_find_extra_payload(text).error().code, ErrorCode::data_corrupted) << text;
  }
}

}  // namespace
}  // namespace dth::object_copy

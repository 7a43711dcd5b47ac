#include "state/testing/state_conformance.h"

namespace dth::state::testing {

using namespace std::string_literals;
namespace {

NewGroup group_of(int members) {
  NewGroup group;
  for (int i = 0; i < members; ++i)
    group.members.push_back({.kind = "part", .payload = "p" + std::to_string(i), .items = 0});
  group.continuation = {
      .kind = "finish", .payload = "\0upload"s, .items = 1, .group = {}, .priority = 3};
  return group;
}

}  // namespace

TEST_P(StateConformance, LastMemberOfAGroupBringsItsContinuation) {
  create_run("r1", 1);
  finish(claim_one(0), {.groups = {group_of(3)}});
  auto parts = claim(0, 9, "part");
  ASSERT_EQ(parts.size(), 3u);
  for (const Job& part : parts) {
    ASSERT_TRUE(part.group.has_value());
    EXPECT_EQ(part.group, parts[0].group);
  }
  // Whatever the order, only the last brings it.
  finish(parts[1], {.group_result = "etag\0 1"s});
  finish(parts[2]);  // leaves nothing
  EXPECT_TRUE(claim(0, 9, "finish").empty());
  EXPECT_FALSE(end("r1", 1));
  finish(parts[0], {.group_result = "etag 0"});
  reopen();

  const Job last = claim_one(0, "finish");
  EXPECT_EQ(last.payload, "\0upload"s);
  EXPECT_EQ(last.items, 1);
  ASSERT_EQ(last.group, parts[0].group);
  auto results = state().jobs().group_results(*last.group);
  ASSERT_OK(results);
  ASSERT_EQ(results->size(), 2u);
  EXPECT_EQ((*results)[0].job, parts[0].lease.job);
  EXPECT_EQ((*results)[0].payload, "etag 0");
  EXPECT_EQ((*results)[1].payload, "etag\0 1"s);

  EXPECT_CODE(state().jobs().finish(last.lease, {.group_result = "of whom?"}, at(1)),
              invalid_argument);
  EXPECT_FALSE(end("r1", 1));
  finish(last);
  EXPECT_TRUE(state().jobs().group_results(*last.group)->empty())
      << "results go with their continuation";
  EXPECT_TRUE(claim(0, 9, "finish").empty()) << "a continuation came twice";
  EXPECT_TRUE(end("r1", 1));
}

TEST_P(StateConformance, ContinuationComesAlsoWhereAMemberEndsWithAnError) {
  create_run("r1", 1);
  finish(claim_one(0), {.groups = {group_of(2)}});
  auto parts = claim(0, 2, "part");
  ASSERT_EQ(parts.size(), 2u);
  finish(parts[0], {.counts = count(Counter::failed, 1), .run_error = "cannot go on"});
  finish(parts[1], {.run_error = "nor can I"});
  EXPECT_EQ(claim(0, 9, "finish").size(), 1u);
}

TEST_P(StateConformance, LostLeaseOfAMemberDoesNotCountForItsGroup) {
  create_run("r1", 1);
  finish(claim_one(0), {.groups = {group_of(1)}});
  const Job stale = claim_one(0, "part");
  const Job fresh = claim_one(100, "part");
  EXPECT_CODE(state().jobs().finish(stale.lease, {.group_result = "stale"}, at(101)),
              precondition_failed);
  EXPECT_TRUE(claim(101, 1, "finish").empty());
  finish(fresh, {.group_result = "fresh"});
  const Job last = claim_one(101, "finish");
  auto results = state().jobs().group_results(*last.group);
  ASSERT_OK(results);
  ASSERT_EQ(results->size(), 1u);
  EXPECT_EQ((*results)[0].payload, "fresh");
}

TEST_P(StateConformance, GroupWaitsForAMemberThatWasHandedBack) {
  create_run("r1", 1);
  finish(claim_one(0), {.groups = {group_of(2)}});
  auto parts = claim(0, 2, "part");
  ASSERT_EQ(parts.size(), 2u);
  ASSERT_OK(state().jobs().release(parts[0].lease, at(50), false));
  finish(parts[1]);
  EXPECT_TRUE(claim(1, 1, "finish").empty());
  finish(claim_one(50, "part"));
  EXPECT_EQ(claim(50, 1, "finish").size(), 1u);
}

TEST_P(StateConformance, MemberMayAddMembersToItsGroupWhileThatWaits) {
  create_run("r1", 1);
  finish(claim_one(0), {.groups = {group_of(1)}});
  const Job part = claim_one(0, "part");
  finish(part, {.jobs = {{.kind = "part", .payload = "half", .items = 0, .group = part.group}}});
  EXPECT_TRUE(claim(0, 1, "finish").empty());
  const Job half = claim_one(0, "part");
  EXPECT_EQ(half.group, part.group);
  finish(half);
  const Job last = claim_one(0, "finish");
  EXPECT_CODE(
      state().jobs().finish(
          last.lease,
          {.jobs = {{.kind = "part", .payload = "late", .items = 0, .group = last.group}}}, at(1)),
      invalid_argument);
}

TEST_P(StateConformance, GroupOfAnotherRunCannotBeJoined) {
  create_run("r1", 1);
  finish(claim_one(0), {.groups = {group_of(1)}});
  const Job part = claim_one(0, "part");
  create_run("r2", 1);
  const Job other = claim_one(0);
  EXPECT_CODE(
      state().jobs().finish(
          other.lease, {.jobs = {{.kind = "part", .payload = "", .items = 0, .group = part.group}}},
          at(1)),
      invalid_argument);
}

TEST_P(StateConformance, GroupsDoNotMix) {
  create_run("r1", 1);
  finish(claim_one(0), {.groups = {group_of(2), group_of(2)}});
  auto parts = claim(0, 9, "part");
  ASSERT_EQ(parts.size(), 4u);
  EXPECT_NE(parts[0].group, parts[2].group);
  finish(parts[0], {.group_result = "first"});
  finish(parts[2], {.group_result = "second"});
  EXPECT_TRUE(claim(0, 9, "finish").empty());
  finish(parts[3]);
  auto last = claim(0, 9, "finish");
  ASSERT_EQ(last.size(), 1u);
  EXPECT_EQ(last[0].group, parts[2].group);
  auto results = state().jobs().group_results(*last[0].group);
  ASSERT_OK(results);
  ASSERT_EQ(results->size(), 1u);
  EXPECT_EQ((*results)[0].payload, "second");
}

TEST_P(StateConformance, CancelledRunLeavesNoGroup) {
  create_run("r1", 1);
  finish(claim_one(0), {.groups = {group_of(2)}});
  auto parts = claim(0, 1, "part");
  ASSERT_EQ(parts.size(), 1u);
  finish(parts[0], {.group_result = "left"});
  ASSERT_OK(state().runs().request_cancel("r1", at(1)));
  EXPECT_TRUE(state().jobs().group_results(*parts[0].group)->empty());
  EXPECT_TRUE(end("r1", 2));
}

TEST_P(StateConformance, UnknownGroupHasNoResults) {
  auto results = state().jobs().group_results(12345);
  ASSERT_OK(results);
  EXPECT_TRUE(results->empty());
}

}  // namespace dth::state::testing

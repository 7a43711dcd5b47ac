#include "api/testing/api_fixture.h"

namespace dth::api::testing {
namespace {

class MutationTest : public ApiTest {
 protected:
  // The payload of a mutation whose payload has the field `thing`.
  boost::json::value mutate(const std::string& name, const std::string& input,
                            const std::string& thing = "run { id state retryOf }") {
    return data("mutation { " + name + "(input: {" + input + "}) { " + thing +
                " userErrors { field code message } } }")
        .at(name);
  }
  static std::string code_of(const boost::json::value& payload) {
    const auto& errors = payload.at("userErrors").as_array();
    return errors.empty() ? "" : std::string(errors.at(0).at("code").as_string());
  }
  std::string state_of(const std::string& run) {
    return std::string(to_string(state().runs().find_run(run)->state));
  }
  // A run that is over, of whose items two failed.
  void create_failed_run(const std::string& id) {
    const state::NewRun run{
        .id = id,
        .kind = "object_copy",
        .spec = R"({"action":"COPY","options":{"source":"a","destination":"b"}})"};
    ASSERT_TRUE(
        state().runs().create_run(run, {{.kind = "scan", .payload = "p"}}, at(0)).has_value());
    state::Effects effects;
    effects.counts[state::failed_items] = 2;
    effects.failures = {{.key = "a", .code = "not_found", .reason = "object_missing"},
                        {.key = "b", .code = "throttled"}};
    finish_job(id, effects);
    end_run(id, 2);
  }
  std::size_t runs() { return state().runs().list_runs(100)->size(); }
};

TEST_F(MutationTest, ARunIsPausedResumedAndCancelled) {
  const auto process = open(path_);
  ASSERT_TRUE(process->workers().register_worker({.id = "process"}, at(0)).has_value());
  create_run("run_1");
  EXPECT_EQ(boost::json::serialize(mutate("pauseRun", R"(id: "run_1")")),
            R"({"run":{"id":"run_1","state":"PAUSED","retryOf":null},"userErrors":[]})");
  EXPECT_EQ(state_of("run_1"), "paused");
  EXPECT_EQ(mutate("resumeRun", R"(id: "run_1")").at("run").at("state"), "RUNNING");
  EXPECT_EQ(mutate("cancelRun", R"(id: "run_1")").at("run").at("state"), "CANCELLING");
  const auto audited = state().control().audit().list({}, std::nullopt, 10);
  ASSERT_EQ(audited->size(), 3u);
  EXPECT_EQ(audited->at(2).action, "pauseRun");
  EXPECT_EQ(audited->at(2).target_id, "run_1");
}

TEST_F(MutationTest, WhatTheSenderCanCorrectIsAUserError) {
  create_failed_run("run_1");
  auto payload = mutate("pauseRun", R"(id: "run_1")");
  EXPECT_TRUE(payload.at("run").is_null());
  EXPECT_EQ(code_of(payload), "WRONG_STATE");
  EXPECT_EQ(boost::json::serialize(payload.at("userErrors").at(0).at("field")),
            R"(["input","id"])");
  EXPECT_EQ(code_of(mutate("cancelRun", R"(id: "run_nope")")), "NOT_FOUND");
  EXPECT_EQ(code_of(mutate("retryRun", R"(id: "run_1", keys: ["z"])")), "INVALID");
  EXPECT_EQ(code_of(mutate("retryRun", R"(id: "run_1", reasons: [UNREACHABLE])")), "INVALID");
  EXPECT_EQ(code_of(mutate("drainWorker", R"(id: "worker_1")", "worker { id }")), "NOT_FOUND");
}

TEST_F(MutationTest, FailedItemsAreRetried) {
  create_failed_run("run_1");
  const auto payload = mutate("retryRun", R"(id: "run_1", reasons: [OBJECT_MISSING])");
  EXPECT_EQ(payload.at("run").at("retryOf"), "run_1") << boost::json::serialize(payload);
  const std::string id(payload.at("run").at("id").as_string());
  EXPECT_TRUE(id.starts_with("run_"));
  EXPECT_THAT(state().runs().find_run(id)->spec, ::testing::HasSubstr(R"("keys":["a"])"));
}

TEST_F(MutationTest, TheSameIdempotencyKeyAnswersTheFirstAnswer) {
  create_failed_run("run_1");
  const auto first = mutate("retryRun", R"(id: "run_1", idempotencyKey: "k")");
  EXPECT_EQ(code_of(first), "");
  EXPECT_EQ(runs(), 2u);
  const auto again = mutate("retryRun", R"(idempotencyKey: "k", id: "run_1")");
  EXPECT_EQ(again.at("run").at("id"), first.at("run").at("id"));
  EXPECT_EQ(runs(), 2u);
  const auto other = mutate("retryRun", R"(id: "run_1", keys: ["a"], idempotencyKey: "k")");
  EXPECT_EQ(code_of(other), "IDEMPOTENCY_KEY_REUSED");
  EXPECT_EQ(boost::json::serialize(other.at("userErrors").at(0).at("field")),
            R"(["input","idempotencyKey"])");
  EXPECT_EQ(runs(), 2u);
  EXPECT_EQ(code_of(mutate("cancelRun", R"(id: "run_1", idempotencyKey: "k")")), "WRONG_STATE")
      << "another mutation has keys of its own";
}

TEST_F(MutationTest, AKeyWhoseCallChangedNothingMayBeUsedAgain) {
  EXPECT_EQ(code_of(mutate("pauseRun", R"(id: "run_1", idempotencyKey: "k")")), "NOT_FOUND");
  create_run("run_1");
  EXPECT_EQ(code_of(mutate("pauseRun", R"(id: "run_1", idempotencyKey: "k")")), "");
  EXPECT_EQ(state_of("run_1"), "paused");
  EXPECT_EQ(code_of(mutate("pauseRun", R"(id: "run_1", idempotencyKey: "")")), "INVALID");
}

TEST_F(MutationTest, WhatWasDoneIsNotDoneAgainThoughItCannotBeShown) {
  const boost::json::object arguments{{"input", {{"id", "run_1"}, {"idempotencyKey", "k"}}}};
  graphql::Field field;
  field.name = "retryRun";
  const graphql::Resolved parent;
  const std::any context = context_of(principal_);
  const graphql::ResolveInfo info{parent, arguments, field, context};
  int done = 0;
  struct Steps {
    static Async<Result<Idempotency::Done>> work(int* done, bool is_known) {
      ++*done;
      const Error away{ErrorCode::unavailable,
                       is_known ? ErrorReason::state_unreachable : ErrorReason::answer_lost,
                       "the state is away", ""};
      if (!is_known) co_return away;
      co_return Idempotency::Done{"run_2", away};
    }
    static Async<Result<graphql::Resolved>> replay(std::string answer) {
      co_return graphql::Resolved(boost::json::value(answer));
    }
  };
  const auto call = [&](const graphql::ResolveInfo& of, bool is_known) {
    return run(idempotency_.once(
        of, [&done, is_known] { return Steps::work(&done, is_known); }, Steps::replay));
  };
  EXPECT_EQ(call(info, true).error().code, ErrorCode::unavailable);
  EXPECT_EQ(*call(info, true)->json(), "run_2");
  EXPECT_EQ(done, 1);
  const boost::json::object others{{"input", {{"id", "run_1"}, {"idempotencyKey", "l"}}}};
  const graphql::ResolveInfo unknown{parent, others, field, context};
  EXPECT_TRUE(call(unknown, false).has_error());
  EXPECT_TRUE(call(unknown, false).has_value()) << "it may have been done: it is in progress";
  EXPECT_EQ(done, 2);
}

TEST_F(MutationTest, AWorkerIsDrained) {
  ASSERT_TRUE(state().workers().register_worker({.id = "worker_1"}, at(4)).has_value());
  const auto payload = mutate("drainWorker", R"(id: "worker_1")", "worker { id state }");
  EXPECT_EQ(boost::json::serialize(payload),
            R"({"worker":{"id":"worker_1","state":"DRAINED"},"userErrors":[]})");
  EXPECT_EQ(state().control().audit().list({}, std::nullopt, 1)->front().target_id, "worker_1");
}

}  // namespace
}  // namespace dth::api::testing

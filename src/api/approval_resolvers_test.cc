#include "api/testing/api_fixture.h"

namespace dth::api::testing {
namespace {

class ApprovalApiTest : public ApiTest {
 protected:
  void SetUp() override {
    process_ = open(path_);
    ASSERT_TRUE(process_->workers().register_worker({.id = "process"}, at(0)).has_value());
    create_run("run_1", 0, R"({"action":"SYNC","options":{"source":"a","destination":"b"}})");
  }
  void plan(std::int64_t count) {
    state::Effects effects;
    effects.deletions = state::PlannedDeletions{.count = count,
                                                .destination_count = 10,
                                                .counted_at = at(1),
                                                .sample_keys = {"a", "b\xff"}};
    effects.jobs.push_back({.kind = "scan", .payload = "again"});
    finish_job("run_1", effects);
  }
  boost::json::value mutate(const std::string& name, const std::string& input) {
    return data("mutation { " + name + "(input: {runId: \"run_1\" " + input +
                "}) { run { state } userErrors { field code message } } }")
        .at(name);
  }
  std::string deletions() {
    const auto answer = data(
        "{ run(id: \"run_1\") { waiting { for } deletions { count destinationCount decision "
        "decidedBy sampleKeys } } }");
    return boost::json::serialize(answer.at("run"));
  }
  std::size_t audited() { return state().control().audit().list({}, std::nullopt, 10)->size(); }

  std::unique_ptr<state::State> process_;
};

TEST_F(ApprovalApiTest, TheCountedNumberIsApprovedAndNoOther) {
  EXPECT_EQ(deletions(), R"({"waiting":null,"deletions":null})");
  plan(3);
  EXPECT_EQ(deletions(),
            R"({"waiting":{"for":"APPROVAL"},"deletions":{"count":"3","destinationCount":"10",)"
            R"("decision":null,"decidedBy":null,"sampleKeys":["a","b\\xFF"]}})");
  auto payload = mutate("approveDeletions", R"(expectedCount: "2")");
  EXPECT_TRUE(payload.at("run").is_null());
  const auto& error = payload.at("userErrors").at(0);
  EXPECT_EQ(error.at("code"), "STALE_REVISION");
  EXPECT_THAT(std::string(error.at("message").as_string()),
              ::testing::HasSubstr("would delete 3 objects, not 2"));
  EXPECT_EQ(audited(), 0u);
  payload = mutate("approveDeletions", R"(expectedCount: "3")");
  EXPECT_EQ(payload.at("run").at("state"), "RUNNING") << boost::json::serialize(payload);
  ASSERT_EQ(audited(), 1u);
  const auto entry = state().control().audit().list({}, std::nullopt, 1)->at(0);
  EXPECT_EQ(entry.action, "approveDeletions");
  EXPECT_EQ(entry.target_id, "run_1");
  EXPECT_THAT(entry.changes, ::testing::HasSubstr("\"3\""));
  EXPECT_THAT(deletions(), ::testing::HasSubstr(R"("decision":"APPROVED")"));
}

TEST_F(ApprovalApiTest, RejectedDeletionsCancelTheRun) {
  EXPECT_EQ(mutate("rejectDeletions", "").at("userErrors").at(0).at("code"), "WRONG_STATE");
  plan(3);
  const std::string long_comment(1'001, 'x');
  EXPECT_EQ(mutate("rejectDeletions", "comment: \"" + long_comment + "\"")
                .at("userErrors")
                .at(0)
                .at("code"),
            "INVALID");
  const auto payload = mutate("rejectDeletions", R"(comment: "wrong bucket")");
  EXPECT_EQ(payload.at("run").at("state"), "CANCELLING") << boost::json::serialize(payload);
  ASSERT_EQ(audited(), 1u);
  EXPECT_THAT(deletions(), ::testing::HasSubstr(R"("decision":"REJECTED")"));
  EXPECT_EQ(mutate("approveDeletions", R"(expectedCount: "3")").at("userErrors").at(0).at("code"),
            "WRONG_STATE");
}

// Nobody has to run for a run that waits for somebody.
TEST_F(ApprovalApiTest, ARunWithoutAProcessWaitsAllTheSame) {
  plan(3);
  process_.reset();
  EXPECT_EQ(data("{ run(id: \"run_1\") { state } }").at("run").at("state"), "WAITING");
}

}  // namespace
}  // namespace dth::api::testing

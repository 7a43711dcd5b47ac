#include "api/testing/api_fixture.h"

namespace dth::api::testing {
namespace {

using ::testing::HasSubstr;

class RunListApiTest : public ApiTest {
 protected:
  std::string ids(const std::string& arguments) {
    std::string text;
    const auto runs = data("{ runs" + arguments + " { nodes { id } } }").at("runs");
    for (const auto& node : runs.at("nodes").as_array())
      text += std::string(node.at("id").as_string()) + " ";
    return text;
  }
  std::string cursor_of(const std::string& arguments) {
    return boost::json::serialize(data("{ runs" + arguments + " { pageInfo { endCursor } } }")
                                      .at("runs")
                                      .at("pageInfo")
                                      .at("endCursor"));
  }
};

TEST_F(RunListApiTest, RunsAreFilteredAndOrdered) {
  for (int i = 0; i < 3; ++i) create_run("r" + std::to_string(i), i);
  ASSERT_TRUE(state().runs().pause("r1").has_value());
  EXPECT_EQ(ids(""), "r2 r1 r0 ");
  EXPECT_EQ(ids("(orderBy: {direction: ASC})"), "r0 r1 r2 ");
  EXPECT_EQ(ids("(filter: {state: [PAUSED]})"), "r1 ");
  EXPECT_EQ(ids("(filter: {state: [INTERRUPTED]}, first: 1)"), "r2 ");
  EXPECT_EQ(ids("(filter: {createdFrom: \"" + format_time(at(1)) + "\", createdBefore: \"" +
                format_time(at(2)) + "\"})"),
            "r1 ");
  EXPECT_EQ(ids("(filter: {kind: [\"image_copy\"]})"), "");
  EXPECT_EQ(ids("(filter: {})"), "r2 r1 r0 ");
  EXPECT_EQ(ids("(filter: null, orderBy: {field: ENDED_AT})"), "r2 r1 r0 ");
}

TEST_F(RunListApiTest, ACursorIsRefusedWithAnotherFilterOrOrder) {
  for (int i = 0; i < 3; ++i) create_run("r" + std::to_string(i), i);
  const std::string plain = cursor_of("(first: 1)");
  const std::string paused = cursor_of("(first: 1, filter: {state: [INTERRUPTED]})");
  EXPECT_EQ(ids("(first: 9, after: " + plain + ")"), "r1 r0 ");
  EXPECT_EQ(ids("(first: 9, filter: {state: [INTERRUPTED]}, after: " + paused + ")"), "r1 r0 ");
  for (const std::string& arguments :
       {"after: " + paused, "orderBy: {direction: ASC}, after: " + plain,
        "filter: {state: [PAUSED]}, after: " + paused}) {
    const auto response = ask("{ runs(" + arguments + ") { nodes { id } } }");
    EXPECT_THAT(boost::json::serialize(response), HasSubstr("with this filter and order"));
    EXPECT_THAT(boost::json::serialize(response), HasSubstr("BAD_USER_INPUT"));
  }
}

TEST_F(RunListApiTest, TheWholeIsCountedWhereThatIsCheap) {
  create_run("r1");
  const auto total = [&](const std::string& arguments) {
    return boost::json::serialize(
        data("{ runs" + arguments + " { totalCount } }").at("runs").at("totalCount"));
  };
  EXPECT_EQ(total(""), R"("1")");
  EXPECT_EQ(total("(filter: {state: [SUCCEEDED]})"), R"("0")");
  EXPECT_EQ(total("(filter: {state: [RUNNING]})"), "null");
  EXPECT_EQ(total("(filter: {text: \"s3\"})"), "null");
}

TEST_F(RunListApiTest, FiltersHaveALength) {
  create_run("r1");
  const auto message = [&](const std::string& query) {
    const auto response = ask(query);
    return response.contains("errors") ? boost::json::serialize(response.at("errors")) : "";
  };
  std::string kinds;
  for (int i = 0; i < 101; ++i) kinds += "\"k\",";
  EXPECT_THAT(message("{ runs(filter: {kind: [" + kinds + "]}) { nodes { id } } }"),
              ::testing::AllOf(::testing::HasSubstr("give 100 at most"),
                               ::testing::HasSubstr("BAD_USER_INPUT")));
  const std::string text(1'025, 'x');
  EXPECT_THAT(message("{ runs(filter: {text: \"" + text + "\"}) { nodes { id } } }"),
              ::testing::HasSubstr("give 1024 at most"));
  EXPECT_THAT(message("{ run(id: \"r1\") { failures(filter: {keyPrefix: \"" + text +
                      "\"}) { nodes { key } } } }"),
              ::testing::HasSubstr("give 1024 at most"));
}

TEST_F(RunListApiTest, FailuresAreGroupedWithAdviceAndCounted) {
  create_run("r1");
  state::Effects effects;
  for (int i = 0; i < 3; ++i) {
    effects.failures.push_back({.key = "k" + std::to_string(i),
                                .code = i == 2 ? "throttled" : "not_found",
                                .reason = i == 2 ? "" : "bucket_missing",
                                .message = "m" + std::to_string(i),
                                .at = at(i)});
  }
  finish_job("r1", effects);
  const auto run =
      data(
          "{ run(id: \"r1\") { failureGroups { code reason step count sampleKey advice } "
          "failures(filter: {code: NOT_FOUND}, first: 1) { totalCount nodes { key } } "
          "text: failures(filter: {text: \"M2\"}) { totalCount nodes { key } } } }")
          .at("run");
  EXPECT_EQ(
      boost::json::serialize(run.at("failureGroups").at(0)),
      R"({"code":"NOT_FOUND","reason":"BUCKET_MISSING","step":null,"count":"2","sampleKey":"k0","advice":"Create the bucket, or correct its name in the task."})");
  EXPECT_EQ(boost::json::serialize(run.at("failures")),
            R"({"totalCount":"2","nodes":[{"key":"k0"}]})");
  EXPECT_EQ(boost::json::serialize(run.at("text")),
            R"({"totalCount":null,"nodes":[{"key":"k2"}]})");
}

TEST_F(RunListApiTest, WorkersAreListedAndFound) {
  const auto process = open(path_);
  ASSERT_TRUE(
      process->workers()
          .register_worker({.id = "worker_1", .labels = {"east"}, .version = "1.2.3"}, at(4))
          .has_value());
  ASSERT_TRUE(
      process->workers()
          .register_worker({.id = "worker_2", .claims_anybody = false, .version = "1.0"}, at(5))
          .has_value());
  const auto workers =
      data(
          "{ workers(first: 1) { totalCount nodes { id state version versionMatches labels "
          "takesAnyRun startedAt jobs embedded } pageInfo { hasNextPage endCursor } } }")
          .at("workers");
  EXPECT_EQ(
      boost::json::serialize(workers.at("nodes")),
      R"([{"id":"worker_1","state":"READY","version":"1.2.3","versionMatches":true,"labels":["east"],"takesAnyRun":true,"startedAt":")" +
          format_time(at(4)) + R"(","jobs":"0","embedded":false}])");
  EXPECT_EQ(workers.at("totalCount"), "2");
  const auto second =
      data("{ workers(after: " + boost::json::serialize(workers.at("pageInfo").at("endCursor")) +
           ") { nodes { id versionMatches } pageInfo { hasNextPage } } }")
          .at("workers");
  EXPECT_EQ(
      boost::json::serialize(second),
      R"({"nodes":[{"id":"worker_2","versionMatches":false}],"pageInfo":{"hasNextPage":false}})");
  EXPECT_EQ(boost::json::serialize(
                data("{ node(id: \"worker_2\") { id ... on Worker { state } } }").at("node")),
            R"({"id":"worker_2","state":"READY"})");
}

}  // namespace
}  // namespace dth::api::testing

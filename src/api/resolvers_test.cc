#include "api/schema_sdl.h"
#include "api/testing/api_fixture.h"
#include "engine/counters.h"

namespace dth::api::testing {
namespace {

using engine::Counter;

std::string text(const boost::json::value& value) {
  return std::string(std::string_view(value.as_string()));
}
using ::testing::HasSubstr;

TEST_F(ApiTest, Hub) {
  const auto hub =
      data(
          "{ hub { version startedAt now zone state { kind bytes } host { dataDirectory stateFile "
          "} } }")
          .at("hub");
  EXPECT_EQ(hub.at("version"), "1.2.3");
  EXPECT_EQ(text(hub.at("now")), format_time(clock_.now()));
  EXPECT_FALSE(text(hub.at("zone")).empty());
  EXPECT_EQ(hub.at("state").at("kind"), "SQLITE");
  EXPECT_GT(std::stoll(text(hub.at("state").at("bytes"))), 10'000);
  EXPECT_EQ(hub.at("host").at("dataDirectory"), "/data");
  EXPECT_EQ(text(hub.at("host").at("stateFile")), path_);
  EXPECT_EQ(text(hub.at("startedAt")), format_time(clock_.now()));
}

TEST_F(ApiTest, PluginsAreAsTheyDeclareThemselves) {
  const auto plugin = data(
                          "{ plugins { kind actions { action help } options { name type group help "
                          "default placeholder "
                          "choices actions mayChange } } }")
                          .at("plugins")
                          .at(0);
  EXPECT_EQ(plugin.at("kind"), "object_copy");
  EXPECT_EQ(boost::json::serialize(plugin.at("actions")),
            R"([{"action":"COPY","help":"Copies."},{"action":"SYNC","help":"Mirrors."}])");
  EXPECT_EQ(
      boost::json::serialize(plugin.at("options")),
      R"([{"name":"compare","type":"CHOICE","group":"what","help":"how","default":"size","placeholder":null,"choices":["size","etag"],"actions":["COPY"],"mayChange":true},)"
      R"({"name":"tag","type":"LIST","group":"what","help":"tags","default":null,"placeholder":"K=V","choices":[],"actions":[],"mayChange":false}])");
}

TEST_F(ApiTest, CountersAreAsThePluginDeclaresThem) {
  create_run("r1");
  state::Effects effects;
  effects.counts[Counter::copied] = 3;
  effects.counts[state::counter_named("of_a_later_version")] = 4;
  finish_job("r1", effects);
  const auto counters =
      data("{ run(id: \"r1\") { counters { name unit value isExact description } } }")
          .at("run")
          .at("counters")
          .as_array();
  ASSERT_EQ(counters.size(), plugin_.counters().size() + 1);
  EXPECT_EQ(boost::json::serialize(counters.at(0)),
            R"({"name":"copied","unit":"ITEMS","value":"3","isExact":true,"description":null})");
  EXPECT_EQ(
      boost::json::serialize(counters.at(1)),
      R"({"name":"requests_get","unit":"REQUESTS","value":"0","isExact":false,"description":"GetObject"})");
  EXPECT_EQ(counters.back().at("name"), "of_a_later_version");
  EXPECT_EQ(counters.back().at("value"), "4");
}

TEST_F(ApiTest, ANodeIsFoundByItsId) {
  create_run("run_1");
  EXPECT_EQ(boost::json::serialize(
                data("{ node(id: \"run_1\") { id __typename ... on Run { state } } }")),
            R"({"node":{"id":"run_1","__typename":"Run","state":"INTERRUPTED"}})");
  for (const char* id : {"run_2", "run_", "run", "", "task_1", "_", "run_1 "})
    EXPECT_TRUE(data("{ node(id: \"" + std::string(id) + "\") { id } }").at("node").is_null())
        << id;
}

TEST_F(ApiTest, ARunIsToldAsItIs) {
  create_run(
      "r1", 3,
      R"({"action": "SYNC", "options": {"source": "s3://a/\\u00e9", "destination": "/tmp/x", "tag": "[\"k=v\"]"}, "retry": {"run": "r0", "keys": []}})");
  const std::string query =
      R"({ run(id: "r1") { id kind action state isOver source destination retryOf createdAt endedAt error isBoundToProcess
                                 options { name value } counts { copied bytes } backlog { kind jobs items } } })";
  auto run = data(query).at("run");
  EXPECT_EQ(run.at("id"), "r1");
  EXPECT_EQ(run.at("action"), "SYNC");
  EXPECT_EQ(run.at("state"), "INTERRUPTED") << "nobody works on it";
  EXPECT_EQ(run.at("isOver"), false);
  EXPECT_EQ(run.at("retryOf"), "r0");
  EXPECT_EQ(text(run.at("createdAt")), format_time(at(3)));
  EXPECT_TRUE(run.at("endedAt").is_null());
  EXPECT_TRUE(run.at("error").is_null());
  EXPECT_EQ(run.at("isBoundToProcess"), true);
  EXPECT_EQ(run.at("options").as_array().size(), 3u);
  EXPECT_EQ(boost::json::serialize(run.at("backlog")),
            R"([{"kind":"scan","jobs":"1","items":"5"}])");
  {
    const auto process = open(path_);
    ASSERT_TRUE(process->workers().register_worker({.id = "process"}, at(4)).has_value());
    EXPECT_EQ(data(query).at("run").at("state"), "RUNNING");
    ASSERT_TRUE(state().runs().pause("r1").has_value());
    EXPECT_EQ(data(query).at("run").at("state"), "PAUSED");
    ASSERT_TRUE(state().runs().resume("r1").has_value());
    EXPECT_EQ(data(query).at("run").at("state"), "RUNNING");
    const state::Waiting waiting{.text = "gone", .since = at(5), .until = at(90)};
    ASSERT_TRUE(state().runs().wait("r1", 1, waiting).has_value());
    EXPECT_EQ(
        boost::json::serialize(data("{ run(id: \"r1\") { state waiting { for why } } }").at("run")),
        R"({"state":"WAITING","waiting":{"for":"STORE","why":"gone"}})");
    ASSERT_TRUE(state().runs().resume("r1").has_value());
  }
  state::Effects effects;
  effects.counts[Counter::copied] = 2;
  effects.counts[Counter::bytes] = std::int64_t{1} << 60;
  effects.run_error = "the bucket is gone";
  finish_job("r1", effects);
  end_run("r1", 9);
  run = data(query).at("run");
  EXPECT_EQ(run.at("state"), "FAILED");
  EXPECT_EQ(run.at("isOver"), true);
  EXPECT_EQ(run.at("error"), "the bucket is gone");
  EXPECT_EQ(text(run.at("endedAt")), format_time(at(9)));
  EXPECT_EQ(boost::json::serialize(run.at("counts")),
            R"({"copied":"2","bytes":"1152921504606846976"})");
  EXPECT_TRUE(run.at("backlog").as_array().empty());
}

TEST_F(ApiTest, ARunThatIsNotThereIsNull) {
  EXPECT_TRUE(data(R"({ run(id: "nope") { id } })").at("run").is_null());
}

TEST_F(ApiTest, RunsComeByPages) {
  for (int i = 0; i < 5; ++i) create_run("r" + std::to_string(i), i);
  std::string seen, after;
  for (int page = 0; page < 9; ++page) {
    const auto runs =
        data("{ runs(first: 2" + after +
             ") { nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage "
             "startCursor endCursor } } }")
            .at("runs");
    for (const auto& node : runs.at("nodes").as_array())
      seen += std::string(node.at("id").as_string()) + " ";
    EXPECT_EQ(runs.at("edges").as_array().back().at("cursor"), runs.at("pageInfo").at("endCursor"));
    EXPECT_EQ(runs.at("edges").at(0).at("cursor"), runs.at("pageInfo").at("startCursor"));
    EXPECT_EQ(runs.at("pageInfo").at("hasPreviousPage"), page > 0);
    after = ", after: " + boost::json::serialize(runs.at("pageInfo").at("endCursor"));
    create_run("later" + std::to_string(page), 100 + page);  // changes no page that comes
    if (!runs.at("pageInfo").at("hasNextPage").as_bool()) break;
  }
  EXPECT_EQ(seen, "r4 r3 r2 r1 r0 ");
}

TEST_F(ApiTest, AnEmptyPageHasNoCursor) {
  const auto runs =
      data(
          "{ runs { edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor "
          "} } }")
          .at("runs");
  EXPECT_EQ(
      boost::json::serialize(runs),
      R"({"edges":[],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":null,"endCursor":null}})");
}

TEST_F(ApiTest, WrongPagesAreRefusedWithWhatToDo) {
  create_run("r1");
  for (const char* arguments :
       {"first: 0", "first: -1", "first: 501", "after: \"\"", "after: \"x\"",
        "after: \"ZmFpbHVyZTox\"", "after: \"cnVuOg==\"", "after: \"cnVuOm5vcGU=\""}) {
    const auto response = ask(std::string("{ runs(") + arguments + ") { nodes { id } } }");
    ASSERT_TRUE(response.contains("errors")) << arguments;
    EXPECT_EQ(response.at("errors").at(0).at("extensions").at("code"), "BAD_USER_INPUT")
        << arguments;
    EXPECT_THAT(
        std::string(response.at("errors").at(0).at("message").as_string()),
        ::testing::AnyOf(HasSubstr("give "), HasSubstr("Pass the"), HasSubstr("begin with")))
        << arguments;
  }
}

TEST_F(ApiTest, FailuresComeByPagesAndBytesBecomeText) {
  create_run("r1");
  state::Effects effects;
  for (int i = 0; i < 3; ++i) {
    state::Failure failure;
    failure.key = i == 0 ? "bad\xff" : "k" + std::to_string(i);
    failure.code = "not_found";
    failure.reason = i == 1 ? "object_missing" : i == 2 ? "of_a_later_version" : "";
    failure.message = "gone";
    failure.size = 7;
    failure.attempts = 2;
    failure.at = at(i);
    effects.failures.push_back(failure);
  }
  finish_job("r1", effects);
  const auto page = [&](const std::string& arguments) {
    return data("{ run(id: \"r1\") { failures(" + arguments +
                ") { nodes { key versionId size code reason message detail attempts at step } "
                "pageInfo { "
                "hasNextPage "
                "endCursor } } } }")
        .at("run")
        .at("failures");
  };
  const auto first = page("first: 2");
  EXPECT_EQ(
      boost::json::serialize(first.at("nodes").at(0)),
      R"({"key":"bad\\xFF","versionId":null,"size":"7","code":"NOT_FOUND","reason":null,"message":"gone","detail":null,"attempts":2,"at":")" +
          format_time(at(0)) + R"(","step":null})");
  EXPECT_EQ(first.at("nodes").at(1).at("reason"), "OBJECT_MISSING");
  EXPECT_EQ(first.at("pageInfo").at("hasNextPage"), true);
  const auto second =
      page("first: 2, after: " + boost::json::serialize(first.at("pageInfo").at("endCursor")));
  EXPECT_EQ(second.at("nodes").as_array().size(), 1u);
  EXPECT_EQ(second.at("nodes").at(0).at("key"), "k2");
  EXPECT_TRUE(second.at("nodes").at(0).at("reason").is_null());
  EXPECT_EQ(second.at("pageInfo").at("hasNextPage"), false);
}

TEST_F(ApiTest, ARunWhoseSpecCannotBeReadHidesNoOther) {
  create_run("r1", 0, "no json");
  create_run("r2", 1);
  const auto runs = data("{ runs { nodes { id error } } }").at("runs").at("nodes").as_array();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs.at(0).at("id"), "r2");
  EXPECT_EQ(runs.at(0).at("error"), nullptr);
  EXPECT_EQ(runs.at(1).at("id"), "r1");
  EXPECT_NE(std::string(runs.at(1).at("error").as_string()).find("its spec cannot be read"),
            std::string::npos);
}

}  // namespace
}  // namespace dth::api::testing

#include "api/testing/api_fixture.h"
#include "base/json_writer.h"

namespace dth::api::testing {
namespace {

using ::testing::HasSubstr;

class TaskApiTest : public ApiTest {
 protected:
  void SetUp() override {
    for (const char* name : {"here", "there"}) {
      ASSERT_TRUE(
          state()
              .control()
              .endpoints()
              .create({.id = std::string("endpoint_") + name, .name = name, .kind = "s3"}, {})
              .has_value());
    }
  }
  static std::string input(const std::string& name, const std::string& more = "") {
    return R"({name: ")" + name + R"(", action: COPY, source: {endpointId: "endpoint_here", )" +
           R"(path: "from/"}, destination: {endpointId: "endpoint_there", path: "into/)" + name +
           R"("})" + more + "}";
  }
  boost::json::value create(const std::string& name, const std::string& more = "",
                            const std::string& beside = "") {
    return data("mutation { createTask(input: {task: " + input(name, more) + beside +
                "}) { task { id } run { number trigger task { name } } userErrors { field message "
                "code } } }")
        .at("createTask");
  }
  static std::string id_of(const boost::json::value& created) {
    return std::string(created.at("task").at("id").as_string());
  }
};

TEST_F(TaskApiTest, ATaskIsCreatedReadAndListed) {
  const auto created = create(
      "nightly",
      R"(, labels: [{name: "team", value: "media"}], options: [{name: "tag", value: "a=1"}, {name: "tag", value: "b=2"}], )"
      R"(schedule: {kind: CRON, cron: "0 3 * * *", zone: "Europe/Berlin", overlap: QUEUE})");
  EXPECT_EQ(write_json(created.at("userErrors")), "[]");
  const auto task = data(
      "{ task(id: \"" + id_of(created) +
      "\") { name kind action labels { name value } options { name value } state activity "
      "runCount revision source { path url endpoint { name } } schedule { kind cron zone overlap "
      "missed everyCount } currentRun { id } lastRun { id } problem } }");
  EXPECT_EQ(
      write_json(task),
      R"({"task":{"name":"nightly","kind":"object_copy","action":"COPY","labels":[{"name":"team","value":"media"}],)"
      R"("options":[{"name":"tag","value":"a=1"},{"name":"tag","value":"b=2"}],"state":"READY","activity":"IDLE",)"
      R"("runCount":0,"revision":1,"source":{"path":"from/","url":"s3://from/","endpoint":{"name":"here"}},)"
      R"("schedule":{"kind":"CRON","cron":"0 3 * * *","zone":"Europe/Berlin","overlap":"QUEUE","missed":"RUN_ONCE","everyCount":null},)"
      R"("currentRun":null,"lastRun":null,"problem":null}})");
  create("hourly", ", schedule: {kind: EVERY, everyCount: 1, everyUnit: HOURS}");
  const auto first = data(
      "{ tasks(first: 1, orderBy: {field: NEXT_RUN_AT}) { nodes { name } totalCount pageInfo { "
      "hasNextPage endCursor } } taskCounts { all running attention paused archived } overview { "
      "nextRuns { task { name } } } }");
  EXPECT_EQ(write_json(first.at("tasks").at("nodes")), R"([{"name":"hourly"}])");
  EXPECT_EQ(write_json(first.at("taskCounts")),
            R"({"all":"2","running":"0","attention":"0","paused":"0","archived":"0"})");
  EXPECT_EQ(write_json(first.at("overview").at("nextRuns")),
            R"([{"task":{"name":"hourly"}},{"task":{"name":"nightly"}}])");
  const std::string cursor(first.at("tasks").at("pageInfo").at("endCursor").as_string());
  const auto second = data("{ tasks(first: 1, after: \"" + cursor +
                           "\", orderBy: {field: NEXT_RUN_AT}) { nodes { name } } }");
  EXPECT_EQ(write_json(second.at("tasks").at("nodes")), R"([{"name":"nightly"}])");
  const auto labelled =
      data(R"({ tasks(filter: {label: {name: "team", value: "media"}}) { nodes { name } } })");
  EXPECT_EQ(write_json(labelled.at("tasks").at("nodes")), R"([{"name":"nightly"}])");
}

TEST_F(TaskApiTest, WhatIsWrongIsAtItsField) {
  const auto refused = create(
      "", R"(, options: [{name: "nothing", value: "x"}], schedule: {kind: CRON, cron: "x"})");
  EXPECT_TRUE(refused.at("task").is_null());
  const std::string errors = write_json(refused.at("userErrors"));
  EXPECT_THAT(errors, HasSubstr(R"(["input","task","name"])"));
  EXPECT_THAT(errors, HasSubstr(R"(["input","task","options","nothing"])"));
  EXPECT_THAT(errors, HasSubstr(R"(["input","task","schedule","cron"])"));
  const auto validated = data("mutation { validateTask(input: {task: " + input("") +
                              "}) { warnings userErrors { field code } } }");
  EXPECT_THAT(write_json(validated), HasSubstr("REQUIRED"));
}

TEST_F(TaskApiTest, BulkMutationsAnswerForEachTaskAndOnce) {
  const std::string a = id_of(create("a")), b = id_of(create("b"));
  const std::string run =
      "mutation { runTasks(input: {ids: [\"" + a + "\", \"task_x\", \"" + b +
      "\"], idempotencyKey: \"k\"}) { results { id task { name activity } run { "
      "number trigger } error { code } } userErrors { code } } }";
  const std::string first = write_json(data(run));
  EXPECT_EQ(
      first,
      R"({"runTasks":{"results":[{"id":")" + a +
          R"(","task":{"name":"a","activity":"QUEUED"},"run":{"number":1,"trigger":"MANUAL"},"error":null},)"
          R"({"id":"task_x","task":null,"run":null,"error":{"code":"NOT_FOUND"}},{"id":")" +
          b + R"(","task":null,"run":null,"error":{"code":"WRONG_STATE"}}],"userErrors":[]}})")
      << "all runs of the tests' plugin do the same work";
  EXPECT_EQ(write_json(data(run)), first);
  const auto blocked = create("c", "", ", start: true");
  EXPECT_FALSE(blocked.at("task").is_null());
  EXPECT_TRUE(blocked.at("run").is_null());
  EXPECT_EQ(write_json(blocked.at("userErrors")), "[]") << "these say that nothing was done";
  const auto runs =
      data("{ runs(filter: {taskId: [\"" + a +
           "\"], trigger: [MANUAL]}) { nodes { task { name } number isBoundToProcess } } }");
  EXPECT_EQ(write_json(runs.at("runs").at("nodes")),
            R"([{"task":{"name":"a"},"number":1,"isBoundToProcess":false}])");
  const auto steer = [&](const char* verb) {
    return write_json(data(std::string("mutation { ") + verb + "Tasks(input: {ids: [\"" + a +
                           "\"]}) { results { task { state activity } error { code } } } }")
                          .at(std::string(verb) + "Tasks")
                          .at("results"));
  };
  EXPECT_EQ(steer("pause"), R"([{"task":{"state":"PAUSED","activity":"PAUSED"},"error":null}])");
  EXPECT_EQ(steer("archive"), R"([{"task":null,"error":{"code":"WRONG_STATE"}}])");
  EXPECT_THAT(steer("resume"), HasSubstr("READY"));
  EXPECT_THAT(write_json(data("mutation { runTasks(input: {ids: []}) { userErrors { code } } }")),
              HasSubstr("OUT_OF_RANGE"));
}

TEST_F(TaskApiTest, ADocumentIsWrittenAndApplied) {
  const std::string id = id_of(create("nightly"));
  const auto text = data("{ taskDocument(id: \"" + id + "\", format: YAML) }").at("taskDocument");
  EXPECT_EQ(text,
            "kind: Task\nname: nightly\nplugin: object_copy\naction: COPY\nsource:\n  endpoint: "
            "here\n  path: from/\ndestination:\n  endpoint: there\n  path: "
            "into/nightly\nschedule:\n  kind: MANUAL\n  zone: UTC\n  overlap: SKIP\n  missed: "
            "RUN_ONCE\n");
  EXPECT_EQ(data("{ taskDocument(format: CLI, task: " + input("x") + ") }").at("taskDocument"),
            "dth copy s3://from/ s3://into/x \\\n  --source-anonymous true \\\n  "
            "--destination-anonymous true\n");
  std::string changed(text.as_string());
  changed += "description: other\n";
  const auto apply = [&](const std::string& more) {
    return write_json(data("mutation { applyTask(input: {document: " +
                           write_json(boost::json::value(changed)) + more +
                           "}) { task { description revision } created changes { field before "
                           "after } userErrors { "
                           "message } } }")
                          .at("applyTask"));
  };
  EXPECT_EQ(
      apply(", dryRun: true"),
      R"({"task":{"description":"","revision":1},"created":false,"changes":[{"field":"description","before":null,"after":"other"}],"userErrors":[]})");
  EXPECT_THAT(apply(""), HasSubstr(R"("task":{"description":"other","revision":2})"));
  changed += "nonsense: 1\n";
  EXPECT_THAT(apply(""), HasSubstr("line 17: a task's document has no field nonsense"));
}

TEST_F(TaskApiTest, AScheduleIsShownBeforeItIsKept) {
  const auto preview = data(
      R"({ schedulePreview(schedule: {kind: CRON, cron: "30 2 * * *", zone: "Europe/Berlin"}, count: 2) )"
      R"({ preview { times { local } notes { kind } } userErrors { code } } })");
  EXPECT_EQ(preview.at("schedulePreview").at("preview").at("times").as_array().size(), 2u);
  const auto wrong = data(
      R"({ schedulePreview(schedule: {kind: CRON, cron: "x"}) { preview { notes { kind } } userErrors { field } } })");
  EXPECT_EQ(write_json(wrong.at("schedulePreview")),
            R"({"preview":null,"userErrors":[{"field":["schedule","cron"]}]})");
}

}  // namespace
}  // namespace dth::api::testing

#include "graphql/execution/execute.h"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "graphql/testing/zoo.h"

namespace dth::graphql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Animal {
  std::string name;
  int age = 3;
};

// Waits for its turn `turns` times, then answers.
Async<Result<Resolved>> later(int turns, Result<Resolved> value) {
  const Executor executor = co_await boost::asio::this_coro::executor;
  for (int i = 0; i < turns; ++i) co_await boost::asio::post(executor, use_async);
  co_return value;
}

// Waits until it is cancelled.
Async<Result<Resolved>> never() {
  const Executor executor = co_await boost::asio::this_coro::executor;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer(executor, std::chrono::steady_clock::time_point::max());
  boost::system::error_code error;
  co_await timer.async_wait(boost::asio::redirect_error(use_async, error));
  co_return cancelled_error();
}

class ExecuteTest : public testing::Test {
 protected:
  static constexpr const char* sdl = R"(
type Query { dog: Dog! maybe: Dog dogs: [Dog!] any: [Pet] wait(turns: Int! = 1, fails: Boolean): Int waitHard(turns: Int!): Int!
  parallel: Int throws: Int throwsLater: Int stuck: Int args(x: Int, y: [String]): String json: Json number: Int list: [[Int]] }
type Mutation { step(turns: Int!): Int fail: Int! }
type Json { a: Int b: Json }
interface Pet { name: String }
type Dog implements Pet { name: String bad: String badHard: String! friend: Dog hardFriend: Dog! later(turns: Int! = 1): String laterHard: String! }
type Cat implements Pet { name: String }
)";

  Resolvers resolvers() {
    Resolvers r;
    const Error broken{ErrorCode::unavailable, "the dog is away", "code 7"};
    const auto a_dog = [](const ResolveInfo&) -> Result<Resolved> {
      return Resolved::object(std::make_shared<const Animal>(Animal{"Rex"}));
    };
    r.field("Query.dog", a_dog)
        .field("Query.maybe", a_dog)
        .field("Dog.friend", a_dog)
        .field("Dog.hardFriend", a_dog);
    r.field("Query.dogs", [](const ResolveInfo&) -> Result<Resolved> {
      std::vector<Resolved> dogs;
      for (const char* name : {"A", "B"})
        dogs.push_back(Resolved::object(std::make_shared<const Animal>(Animal{name})));
      return Resolved(std::move(dogs));
    });
    r.field("Query.any", [](const ResolveInfo&) -> Result<Resolved> {
      const auto animal = std::make_shared<const Animal>(Animal{"Tom"});
      return Resolved(std::vector<Resolved>{Resolved::object(animal, "Cat"), Resolved(),
                                            Resolved::object(animal, "Dog"),
                                            Resolved::object(animal)});
    });
    const auto name = [](const ResolveInfo& info) -> Result<Resolved> {
      return Resolved(info.parent_as<Animal>().name);
    };
    r.field("Dog.name", name).field("Cat.name", name);
    r.field("Dog.bad", [broken](const ResolveInfo&) -> Result<Resolved> { return broken; });
    r.field("Dog.badHard", [broken](const ResolveInfo&) -> Result<Resolved> { return broken; });
    r.async_field("Dog.later", [](ResolveInfo info) {
      return later(static_cast<int>(info.arguments.at("turns").as_int64()),
                   Resolved(info.parent_as<Animal>().name));
    });
    r.async_field("Dog.laterHard", [broken](ResolveInfo) { return later(2, broken); });
    r.async_field("Query.wait", [this, broken](ResolveInfo info) {
      const int turns = static_cast<int>(info.arguments.at("turns").as_int64());
      began_.push_back(turns);
      return later(turns, info.arguments.contains("fails") ? Result<Resolved>(broken)
                                                           : Resolved(boost::json::value(turns)));
    });
    r.async_field("Query.waitHard", [broken](ResolveInfo info) {
      return later(static_cast<int>(info.arguments.at("turns").as_int64()), broken);
    });
    r.async_field("Query.parallel", [this](ResolveInfo) { return count(); });
    r.field("Query.throws",
            [](const ResolveInfo&) -> Result<Resolved> { throw std::runtime_error("secret"); });
    r.async_field("Query.throwsLater", [](ResolveInfo) { return throw_later(); });
    r.async_field("Query.stuck", [](ResolveInfo) { return never(); });
    r.field("Query.args", [](const ResolveInfo& info) -> Result<Resolved> {
      return Resolved(write_json(boost::json::value(info.arguments)));
    });
    r.field("Query.json", [](const ResolveInfo&) -> Result<Resolved> {
      return Resolved(boost::json::parse(R"({"a": 1, "b": {"a": 2}})"));
    });
    r.field("Query.number",
            [](const ResolveInfo&) -> Result<Resolved> { return Resolved("no number"); });
    r.field("Query.list", [](const ResolveInfo&) -> Result<Resolved> {
      return Resolved(boost::json::parse("[[1, 2], null, [3, null]]"));
    });
    r.json_object("Json");
    r.async_field("Mutation.step", [this](ResolveInfo info) {
      const int turns = static_cast<int>(info.arguments.at("turns").as_int64());
      began_.push_back(turns);
      return step(turns);
    });
    r.async_field("Mutation.fail", [broken](ResolveInfo) { return later(1, broken); });
    return r;
  }

  Async<Result<Resolved>> step(int turns) {
    auto value = co_await later(turns, Resolved(boost::json::value(turns)));
    ended_.push_back(turns);
    co_return value;
  }

  static Async<Result<Resolved>> throw_later() {
    co_await later(1, Resolved());
    throw std::runtime_error("secret");
  }

  Async<Result<Resolved>> count() {
    most_ = std::max(most_, ++running_);
    co_await later(3, Resolved());
    --running_;
    co_return Resolved(boost::json::value(most_));
  }

  void SetUp() override {
    EngineOptions options{.sdl = sdl, .resolvers = resolvers()};
    options.limits.concurrent_fields_max = 3;
    options.limits.response_nodes_max = 50;
    options.limits.response_bytes_max = 2000;
    options.on_exception = [this](const std::string& text, const std::vector<PathSegment>&) {
      told_.push_back(text);
    };
    auto build = Engine::create(std::move(options));
    ASSERT_THAT(build.errors, testing::IsEmpty());
    engine_ = std::move(build.engine);
  }

  std::string run(const std::string& query, const char* variables = "{}") {
    Request request{.query = query, .variables = boost::json::parse(variables).as_object()};
    response_ = run_for_test(context_, engine_->execute(std::move(request)));
    return response_.data ? write_json(*response_.data) : "none";
  }

  // `message path.of.field code`
  std::vector<std::string> errors() const {
    std::vector<std::string> lines;
    for (const auto& error : response_.errors) {
      std::string path;
      for (const auto& step : error.path) {
        if (!path.empty()) path += '.';
        path += std::holds_alternative<std::string>(step)
                    ? std::get<std::string>(step)
                    : std::to_string(std::get<std::uint64_t>(step));
      }
      lines.push_back(error.message + " " + path + " " + std::string(dth::to_string(error.code)));
    }
    return lines;
  }

  boost::asio::io_context context_;
  std::vector<int> began_, ended_;
  int running_ = 0, most_ = 0;
  std::vector<std::string> told_;
  std::unique_ptr<Engine> engine_;
  Response response_;
};

TEST_F(ExecuteTest, FieldsInTheOrderOfTheQuery) {
  EXPECT_EQ(
      run("{ dog { name friend { n: name } } args(x: 1) z: __typename dogs { name } }"),
      R"({"dog":{"name":"Rex","friend":{"n":"Rex"}},"args":"{\"x\":1}","z":"Query","dogs":[{"name":"A"},{"name":"B"}]})");
  EXPECT_TRUE(response_.errors.empty());
}

TEST_F(ExecuteTest, FragmentsDirectivesAndMergedFields) {
  EXPECT_EQ(
      run("query ($no: Boolean!) { dog { ...F friend { name } ... @include(if: $no) { later } } } "
          "fragment F on Pet { ... on Dog { friend { friend { name } } } name @skip(if: $no) }",
          R"({"no": false})"),
      R"({"dog":{"friend":{"friend":{"name":"Rex"},"name":"Rex"},"name":"Rex"}})");
}

TEST_F(ExecuteTest, InterfacesTurnOutToBeObjects) {
  EXPECT_EQ(
      run("{ any { __typename name ... on Dog { friend { name } } } }"),
      R"({"any":[{"__typename":"Cat","name":"Tom"},null,{"__typename":"Dog","name":"Tom","friend":{"name":"Rex"}},null]})");
  EXPECT_THAT(errors(), ElementsAre("Abstract type \"Pet\" must resolve to an Object type at "
                                    "runtime for field \"Query.any\". any.3 internal"));
}

TEST_F(ExecuteTest, JsonObjectsResolveToTheirMembers) {
  EXPECT_EQ(run("{ json { a b { a b { a } } } list }"),
            R"({"json":{"a":1,"b":{"a":2,"b":null}},"list":[[1,2],null,[3,null]]})");
}

TEST_F(ExecuteTest, AnErrorMakesItsFieldNullOrWhatIsAroundIt) {
  EXPECT_EQ(run("{ maybe { name bad } }"), R"({"maybe":{"name":"Rex","bad":null}})");
  EXPECT_THAT(errors(), ElementsAre("the dog is away maybe.bad unavailable"));
  EXPECT_EQ(
      write_json(boost::json::value(to_json(response_.errors[0]))),
      R"({"message":"the dog is away","locations":[{"line":1,"column":16}],"path":["maybe","bad"],"extensions":{"code":"UNAVAILABLE","detail":"code 7"}})");
  EXPECT_EQ(run("{ args maybe { name hardFriend { badHard name } } }"),
            R"({"args":"{}","maybe":null})");
  EXPECT_THAT(errors(), ElementsAre("the dog is away maybe.hardFriend.badHard unavailable"));
  EXPECT_EQ(run("{ dogs { badHard } args }"), R"({"dogs":null,"args":"{}"})");
  EXPECT_EQ(run("{ args dog { badHard } }"), "null");
  EXPECT_EQ(run("{ number }"), R"({"number":null})");
  EXPECT_THAT(errors(),
              ElementsAre("Int cannot represent non-integer value: \"no number\" number internal"));
}

TEST_F(ExecuteTest, FieldsThatWaitDoSoTogetherUpToABound) {
  EXPECT_EQ(run("{ a: parallel b: parallel c: parallel d: parallel e: parallel }"),
            R"({"a":3,"b":3,"c":3,"d":3,"e":3})");
  EXPECT_EQ(most_, 3);
  EXPECT_EQ(run("{ a: wait(turns: 5) dog { later(turns: 3) friend { later } } b: wait }"),
            R"({"a":5,"dog":{"later":"Rex","friend":{"later":"Rex"}},"b":1})");
}

TEST_F(ExecuteTest, AnErrorLaterMakesWhatIsAroundNullWhateverWaitsInIt) {
  EXPECT_EQ(
      run("{ maybe { later(turns: 9) laterHard friend { later(turns: 12) } } wait(turns: 3) }"),
      R"({"maybe":null,"wait":3})");
  EXPECT_THAT(errors(), ElementsAre("the dog is away maybe.laterHard unavailable"));
  EXPECT_EQ(
      run("{ x: wait(turns: 6, fails: true) waitHard(turns: 2) y: wait(turns: 1, fails: true) }"),
      "null");
  EXPECT_THAT(errors(),
              ElementsAre("the dog is away y unavailable", "the dog is away waitHard unavailable"));
}

TEST_F(ExecuteTest, RootFieldsOfMutationsRunOneAfterAnother) {
  EXPECT_EQ(run("mutation { a: step(turns: 5) b: step(turns: 1) c: step(turns: 3) }"),
            R"({"a":5,"b":1,"c":3})");
  EXPECT_THAT(ended_, ElementsAre(5, 1, 3));
  began_.clear();
  EXPECT_EQ(run("mutation { a: step(turns: 1) fail b: step(turns: 2) }"), "null");
  EXPECT_THAT(began_, ElementsAre(1)) << "what comes after the failure is not begun";
}

TEST_F(ExecuteTest, WhatResolversThrowReachesNoClient) {
  EXPECT_EQ(run("{ throws throwsLater }"), R"({"throws":null,"throwsLater":null})");
  EXPECT_EQ(to_json_text(response_).find("secret"), std::string::npos);
  EXPECT_THAT(errors(), testing::Each(HasSubstr("Internal error")));
  EXPECT_THAT(told_, ElementsAre("secret", "secret"));
}

TEST_F(ExecuteTest, TheResponseHasABound) {
  std::string query = "{ ";
  for (int i = 0; i < 20; ++i) query += "a" + std::to_string(i) + ": dogs { name } ";
  EXPECT_EQ(run(query + "}"), "null");
  EXPECT_THAT(errors(),
              ElementsAre(HasSubstr(
                  "The response would have more than 50 fields and items. Ask for fewer.")));
}

TEST_F(ExecuteTest, CancellingTheRequestCancelsItsResolvers) {
  std::optional<Response> response;
  const auto ask = [](const Engine& engine, std::optional<Response>* out) -> Async<void> {
    Request request{.query = "{ stuck wait args }"};
    Response answer = co_await engine.execute(std::move(request));
    out->emplace(std::move(answer));
  };
  AsyncScope scope(context_.get_executor());
  scope.spawn(ask(*engine_, &response));
  context_.poll();
  ASSERT_FALSE(response) << "it waits for what never comes";
  scope.request_stop();
  context_.restart();
  context_.run();
  ASSERT_TRUE(response);
  ASSERT_EQ(response->errors.size(), 1u);
  EXPECT_EQ(response->errors[0].code, ErrorCode::cancelled);
}

TEST_F(ExecuteTest, ArgumentsComeFromVariablesAndDefaults) {
  EXPECT_EQ(run("query ($x: Int, $y: [String] = [\"d\"]) { args(x: $x, y: $y) }"),
            R"({"args":"{\"y\":[\"d\"]}"})");
  EXPECT_EQ(run("query ($x: Int, $y: String) { args(x: $x, y: [$y, \"k\"]) }",
                R"({"x": null, "y": "v"})"),
            R"({"args":"{\"x\":null,\"y\":[\"v\",\"k\"]}"})");
}

TEST_F(ExecuteTest, KeysCountIntoTheBytesOfAResponse) {
  const std::string alias(200, 'a');
  std::string query = "{ dogs {";
  for (int i = 0; i < 3; ++i) query += " " + alias + std::to_string(i) + ": name";
  EXPECT_NE(run(query + " } }"), "null");
  query += " " + alias + "3: name " + alias + "4: name";
  EXPECT_EQ(run(query + " } }"), "null");
  EXPECT_THAT(errors(), ElementsAre(HasSubstr("more than 2000 bytes")));
}

}  // namespace
}  // namespace dth::graphql

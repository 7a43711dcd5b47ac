#include "graphql/engine.h"

#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/execution/introspection.h"
#include "graphql/testing/zoo.h"
#include "graphql/validation/request_limits.h"

namespace dth::graphql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<Resolved> nothing(const ResolveInfo&) { return Resolved(); }

// Events that are there already, then an end or an error.
class Prepared final : public EventStream {
 public:
  Prepared(std::deque<Resolved> events, std::optional<Error> error)
      : events_(std::move(events)), error_(std::move(error)) {}
  Async<Result<std::optional<Resolved>>> next() override {
    if (!events_.empty()) {
      Resolved event = std::move(events_.front());
      events_.pop_front();
      co_return std::optional<Resolved>(std::move(event));
    }
    if (error_) co_return *error_;
    co_return std::optional<Resolved>();
  }

 private:
  std::deque<Resolved> events_;
  std::optional<Error> error_;
};

Async<Result<std::unique_ptr<EventStream>>> barks(ResolveInfo info) {
  const auto* of = info.arguments.if_contains("of");
  if (of != nullptr && of->as_string() == "cat")
    co_return Error{ErrorCode::not_found, "cats do not bark", ""};
  std::deque<Resolved> events;
  events.push_back(boost::json::parse(R"({"loud": 1})"));
  events.push_back(boost::json::parse(R"({"loud": "very"})"));
  std::optional<Error> error;
  if (of != nullptr) error = Error{ErrorCode::unavailable, "the dog ran away", ""};
  co_return std::unique_ptr<EventStream>(std::make_unique<Prepared>(std::move(events), error));
}

Resolvers zoo_resolvers() {
  Resolvers r;
  r.field("Query.dog", [](const ResolveInfo&) -> Result<Resolved> {
    return Resolved(boost::json::parse(R"({"name": "Rex", "age": 3})"));
  });
  r.field("Query.add", [](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(info.arguments.at("a"));
  });
  for (const char* field :
       {"Query.pet", "Query.animal", "Query.find", "Query.pick", "Mutation.feed"})
    r.field(field, nothing);
  r.field("Dog.friends", nothing, {.weight = 5});
  for (const char* type : {"Dog", "Cat", "Person", "Bark"}) r.json_object(type);
  r.subscription("Subscription.barks", barks);
  return r;
}

std::unique_ptr<Engine> zoo(EngineOptions options = {}) {
  options.sdl = zoo_sdl;
  options.resolvers = zoo_resolvers();
  auto build = Engine::create(std::move(options));
  if (!build.engine) throw std::runtime_error(build.errors.front());
  return std::move(build.engine);
}

class EngineTest : public testing::Test {
 protected:
  std::string ask(const Engine& engine, Request request) {
    return to_json_text(run_for_test(context_, engine.execute(std::move(request))));
  }
  boost::asio::io_context context_;
};

TEST_F(EngineTest, ResolversAreHeldToTheSchema) {
  Resolvers r = zoo_resolvers();
  r.field("Query.cat", nothing)
      .field("Query.dog", nothing)
      .field("Pet.name", nothing)
      .field("Subscription.x", nothing);
  r.json_object("Nope").type_of("Dog", [](const Resolved&) { return std::string_view(); });
  const auto build = Engine::create({.sdl = zoo_sdl, .resolvers = r});
  EXPECT_EQ(build.engine, nullptr);
  EXPECT_THAT(
      build.errors,
      testing::UnorderedElementsAre(
          "\"Query.dog\" has two resolvers. Keep one.",
          "The resolver \"Pet.name\" has no such field of an object type in the schema.",
          "The resolver \"Query.cat\" has no such field of an object type in the schema.",
          "The resolver \"Subscription.x\" has no such field of an object type in the schema.",
          "The type resolver of \"Dog\" names no interface or union of the schema.",
          "\"Nope\" is registered as a JSON object and is no object type of the schema."));
}

TEST_F(EngineTest, EveryFieldHasAResolver) {
  const auto build =
      Engine::create({.sdl = "type Query { a: Int b: Int } type Subscription { s: Int }",
                      .resolvers = Resolvers().field("Query.a", nothing)});
  EXPECT_THAT(
      build.errors,
      ElementsAre("\"Query.b\" has no resolver. Register one, or the type with json_object().",
                  "\"Subscription.s\" has no resolver. Register one with subscription()."));
  EXPECT_THAT(Engine::create({.sdl = "type Query { a: X }"}).errors,
              ElementsAre("schema, line 1: Unknown type \"X\"."));
}

TEST_F(EngineTest, AnArgumentBeyondItsRangeIsNamedBeforeItsCostIsCounted) {
  const auto build = Engine::create(
      {.sdl = "directive @range(min: Int!, max: Int!) on ARGUMENT_DEFINITION "
              "type Query { list(first: Int! = 5 @range(min: 1, max: 500)): [Query!]! }",
       .resolvers = Resolvers().field("Query.list",
                                      [](const ResolveInfo&) -> Result<Resolved> {
                                        return Resolved(std::vector<Resolved>());
                                      }),
       .limits = {.cost_max = 1000}});
  ASSERT_TRUE(build.engine) << testing::PrintToString(build.errors);
  EXPECT_EQ(
      ask(*build.engine, {.query = "{ list { list(first: 1000000) { __typename } } }"}),
      R"({"errors":[{"message":"first is 1000000: give a number from 1 to 500.","locations":[{"line":1,"column":22}],"extensions":{"code":"BAD_USER_INPUT","field":"first"}}]})");
  EXPECT_THAT(ask(*build.engine, {.query = "{ ...F } fragment F on Query { list(first: 0) { "
                                           "__typename } a: list(first: -1) { __typename } }"}),
              AllOf(HasSubstr("first is 0:"), HasSubstr("first is -1:")));
  EXPECT_THAT(ask(*build.engine, {.query = "query ($n: Int!) { list(first: $n) { __typename } }",
                                  .variables = {{"n", 501}}}),
              HasSubstr("first is 501: give a number from 1 to 500."));
  EXPECT_EQ(ask(*build.engine, {.query = "{ list(first: 500) { __typename } }"}),
            R"({"data":{"list":[]}})");
}

TEST_F(EngineTest, RequestsThatCannotBeExecutedHaveNoData) {
  const auto engine = zoo();
  EXPECT_EQ(
      ask(*engine, {.query = "{ dog {"}),
      R"({"errors":[{"message":"Syntax Error: Expected Name, found <EOF>.","locations":[{"line":1,"column":8}],"extensions":{"code":"BAD_USER_INPUT"}}]})");
  EXPECT_THAT(ask(*engine, {.query = "{ nope }"}), HasSubstr("Cannot query field"));
  EXPECT_THAT(ask(*engine, {.query = "query A { add } query B { add }"}),
              HasSubstr("Must provide operation name"));
  EXPECT_THAT(ask(*engine, {.query = "query A { add } query B { add }", .operation_name = "C"}),
              HasSubstr("Unknown operation named \\\"C\\\""));
  EXPECT_EQ(ask(*engine, {.query = "query A { add } query B { x: add }", .operation_name = "B"}),
            R"({"data":{"x":1}})");
  EXPECT_THAT(ask(*engine, {.query = "query ($a: Int!) { add(a: $a) }"}),
              HasSubstr("was not provided"));
  EXPECT_THAT(ask(*engine, {.query = "subscription { barks { loud } }"}),
              HasSubstr("send it where subscriptions are taken"));
  EXPECT_THAT(ask(*engine, {.query = "fragment F on Dog { name }"}), HasSubstr("never used"));
}

TEST_F(EngineTest, LimitsAreRequestErrorsWithAdvice) {
  EngineOptions options;
  options.limits.depth_max = 3;
  options.limits.aliases_max = 2;
  options.limits.fields_max = 8;
  options.limits.root_fields_max = 4;
  options.limits.directives_max = 2;
  options.limits.variables_depth_max = 2;
  const auto engine = zoo(std::move(options));
  EXPECT_THAT(ask(*engine, {.query = "{ dog { owner { name } } }"}), HasSubstr("\"data\""));
  EXPECT_THAT(ask(*engine, {.query = "{ dog { owner { dog { name } } } }"}),
              HasSubstr("more than 3 levels of selections. Ask for less depth"));
  EXPECT_THAT(ask(*engine, {.query = "{ dog { ...A } } fragment A on Dog { owner { ...B } } "
                                     "fragment B on Person { dog { name } }"}),
              HasSubstr("levels"));
  EXPECT_THAT(ask(*engine, {.query = "{ a: add b: add c: add }"}),
              HasSubstr("more than 2 aliases"));
  EXPECT_THAT(
      ask(*engine,
          {.query = "{ dog { ...F ...F ...F } } fragment F on Dog { name age owner { name } }"}),
      HasSubstr("more than 8 fields"));
  EXPECT_THAT(ask(*engine, {.query = "{ add add add add add }"}),
              HasSubstr("more than 4 fields at its root"));
  EXPECT_THAT(ask(*engine, {.query = "{ dog @tag @tag @tag { name } }"}),
              HasSubstr("more than 2 directives"));
  EXPECT_THAT(
      ask(*engine,
          {.query = "query ($f: Filter) { find(by: $f) }",
           .variables =
               boost::json::parse(R"({"f": {"deeper": {"deeper": {"deeper": {}}}}})").as_object()}),
      HasSubstr("The variables nest more than 2 levels"));
}

// Two fragments of each level spread the next twice: 2^60 fields, measured without being expanded.
TEST_F(EngineTest, FragmentsThatExplodeAreMeasuredAndRefused) {
  const auto engine = zoo();
  std::string query = "{ dog { ...F0 } }";
  for (int i = 0; i < 60; ++i) {
    const std::string next = "...F" + std::to_string(i + 1);
    query += " fragment F" + std::to_string(i) + " on Dog { " + next + " " + next + " name }";
  }
  EXPECT_THAT(ask(*engine, {.query = query + " fragment F60 on Dog { name }"}),
              HasSubstr("more than 5000 fields"));
  std::string chain = "{ dog { ...F0 } }";
  for (int i = 0; i < 900; ++i)
    chain += " fragment F" + std::to_string(i) + " on Dog { ...F" + std::to_string(i + 1) + " }";
  EXPECT_THAT(ask(*engine, {.query = chain + " fragment F900 on Dog { name }"}),
              HasSubstr("levels of selections"));
  EXPECT_THAT(ask(*engine, {.query = "{ dog { ...F } } fragment F on Dog { ...F }"}),
              HasSubstr("within itself"));
}

TEST_F(EngineTest, CostCountsListsByWhatBoundsThem) {
  EngineOptions options;
  options.limits.cost_max = 150;
  const auto engine = zoo(std::move(options));
  // 1 + (5 + 20 * (5 + 1 * 1)) = 126
  EXPECT_THAT(
      ask(*engine, {.query = "{ dog { friends(first: 20) { friends(first: 1) { name } } } }"}),
      HasSubstr("\"data\""));
  EXPECT_THAT(
      ask(*engine, {.query = "{ dog { friends(first: 30) { friends(first: 1) { name } } } }"}),
      HasSubstr("costs 186, more than 150"));
  EXPECT_THAT(
      ask(*engine,
          {.query = "query ($n: Int) { dog { friends(first: $n) { friends(first: 1) { name } } } }",
           .variables = {{"n", 30}}}),
      HasSubstr("costs 186"));
  // Without a bound ten are assumed: 1 + 5 + 10 * (5 + 10 * 1) = 156
  EXPECT_THAT(ask(*engine, {.query = "{ dog { friends { friends { name } } } }"}),
              HasSubstr("costs 156"));
}

TEST_F(EngineTest, DocumentsAreCachedUpToABound) {
  const auto engine = zoo({.cached_documents_max = 2, .cached_document_bytes_max = 20});
  for (const char* query :
       {"{ add }", "{ a: add }", "{ b: add }", "{ add }", "{ nope }", "{ aVeryLongAlias: add }"})
    ask(*engine, {.query = query});
  EXPECT_EQ(engine->cache().size(), 2u);
  EXPECT_EQ(ask(*engine, {.query = "{ b: add }"}), R"({"data":{"b":1}})");
}

TEST_F(EngineTest, CachedDocumentsTakeBoundedMemory) {
  const auto engine = zoo({.cache_memory_bytes_max = 256 * 1024});
  std::size_t most = 0;
  for (int i = 0; i < 200; ++i) {
    // 4 KB of text, and a tree of some 80 KB.
    std::string query = "{ dog {";
    for (int field = 0; field < 500; ++field) query += " name";
    ask(*engine, {.query = query + " } n" + std::to_string(i) + ": add }"});
    most = std::max(most, engine->cache().memory_bytes());
  }
  EXPECT_GT(most, 100u * 1024);
  EXPECT_LE(most, 256u * 1024);
}

TEST_F(EngineTest, ARequestIsPreparedOnce) {
  const auto engine = zoo();
  Request request{.query = "mutation { feed(name: \"x\") { name } }"};
  EXPECT_EQ(engine->prepare(request).operation->operation, ast::OperationKind::mutation);
  EXPECT_EQ(engine->prepare(request).cost, 1u + 1u);
  EXPECT_EQ(ask(*engine, std::move(request)), R"({"data":{"feed":null}})");
  EXPECT_EQ(engine->documents_prepared(), 1u);
  Request wrong{.query = "{ nope }"};
  EXPECT_FALSE(engine->prepare(wrong).errors.empty());
  EXPECT_THAT(ask(*engine, std::move(wrong)), HasSubstr("Cannot query field"));
  EXPECT_EQ(engine->documents_prepared(), 2u) << "what is refused is prepared once as well";
}

TEST_F(EngineTest, NamesAreBounded) {
  const auto engine = zoo();
  const std::string name(255, 'n');
  EXPECT_EQ(ask(*engine, {.query = "{ " + name + ": add }"}), "{\"data\":{\"" + name + "\":1}}");
  EXPECT_THAT(ask(*engine, {.query = "{ n" + name + ": add }"}), HasSubstr("A name has 256 bytes"));
  const std::string answer =
      ask(*engine, {.query = "{ add }", .operation_name = std::string(1 << 20, 'x')});
  EXPECT_THAT(answer, HasSubstr("more than 255"));
  EXPECT_LT(answer.size(), 500u) << "it is not echoed";
}

TEST_F(EngineTest, AResponseTakesMemoryOfItsOwnerUntilItGoes) {
  const auto engine = zoo();
  ByteBudget budget(1 << 20);
  {
    Request request{.query = "{ dog { name } }",
                    .memory = {&budget, std::make_shared<ByteBudget::Share>()}};
    const Response response = run_for_test(context_, engine->execute(std::move(request)));
    EXPECT_GT(budget.held_bytes(), 0u);
    EXPECT_EQ(to_json_text(response), R"({"data":{"dog":{"name":"Rex"}}})");
  }
  EXPECT_EQ(budget.held_bytes(), 0u);
  ByteBudget none(0);
  Request request{.query = "{ dog { name } }",
                  .memory = {&none, std::make_shared<ByteBudget::Share>()}};
  EXPECT_THAT(ask(*engine, std::move(request)), HasSubstr("\"code\":\"THROTTLED\""));
}

TEST_F(EngineTest, WhatNoOperationUsesIsMeasuredToo) {
  const auto engine = zoo();
  std::string aliases, deep = "{ friends", ends = "}";
  for (int i = 0; i < 101; ++i) aliases += " a" + std::to_string(i) + ": name";
  for (int i = 0; i < 30; ++i) deep += " { friends", ends += " }";
  EXPECT_THAT(ask(*engine, {.query = "{ add } fragment F on Dog {" + aliases + " }"}),
              HasSubstr("The fragment \\\"F\\\" has more than 100 aliases"));
  EXPECT_THAT(ask(*engine, {.query = "{ add } fragment F on Dog " + deep + " { name }" + ends}),
              HasSubstr("has more than 24 levels"));
  std::string fragments = "{ add }", operations, arguments;
  for (int i = 0; i < 1001; ++i)
    fragments += " fragment F" + std::to_string(i) + " on Dog { name }";
  for (int i = 0; i < 51; ++i) operations += " query Q" + std::to_string(i) + " { add }";
  for (int i = 0; i < 101; ++i) arguments += " a: 1";
  EXPECT_THAT(ask(*engine, {.query = fragments}), HasSubstr("1001 fragments"));
  EXPECT_THAT(ask(*engine, {.query = operations}), HasSubstr("51 operations"));
  EXPECT_THAT(ask(*engine, {.query = "{ add(" + arguments + ") }"}),
              HasSubstr("more than 100 arguments at one place"));
}

TEST_F(EngineTest, IntrospectionCanBeSwitchedOff) {
  const auto engine = zoo({.introspection = false});
  EXPECT_THAT(ask(*engine, {.query = "{ dog { ...F } } fragment F on Dog { name } query X { "
                                     "__schema { types { name } } }"}),
              HasSubstr("Introspection is switched off"));
  EXPECT_THAT(ask(*engine, {.query = "{ __type(name: \"Dog\") { name } }"}),
              HasSubstr("PERMISSION_DENIED"));
  EXPECT_EQ(ask(*engine, {.query = "{ dog { __typename } }"}),
            R"({"data":{"dog":{"__typename":"Dog"}}})");
  EXPECT_EQ(ask(*engine, {.query = "{ dgo { name } }"}).find("Did you mean"), std::string::npos);
}

TEST_F(EngineTest, IntrospectionTellsTheSchema) {
  const auto engine = zoo();
  EXPECT_EQ(
      ask(*engine, {.query = "{ __type(name: \"Query\") { kind name fields { name args { name "
                             "defaultValue type { kind "
                             "ofType { name } } } } } }"})
          .substr(0, 120),
      R"({"data":{"__type":{"kind":"OBJECT","name":"Query","fields":[{"name":"dog","args":[]},{"name":"pet","args":[]},{"name":"a)");
  EXPECT_EQ(
      ask(*engine, {.query = "{ __type(name: \"Choice\") { isOneOf inputFields { name } fields { "
                             "name } possibleTypes { name } } }"}),
      R"({"data":{"__type":{"isOneOf":true,"inputFields":[{"name":"id"},{"name":"name"}],"fields":null,"possibleTypes":null}}})");
  EXPECT_EQ(
      ask(*engine, {.query = "{ __type(name: \"Nope\") { name } __schema { queryType { name } "
                             "mutationType { name } } }"}),
      R"({"data":{"__type":null,"__schema":{"queryType":{"name":"Query"},"mutationType":{"name":"Mutation"}}}})");
  EXPECT_THAT(
      ask(*engine,
          {.query = "{ __schema { directives { name isRepeatable locations args { name } } } }"}),
      HasSubstr(
          R"({"name":"tag","isRepeatable":true,"locations":["FIELD"],"args":[{"name":"name"}]})"));
  EXPECT_EQ(
      ask(*engine,
          {.query = "{ __type(name: \"Pet\") { possibleTypes { name } interfaces { name } } }"}),
      R"({"data":{"__type":{"possibleTypes":[{"name":"Dog"},{"name":"Cat"}],"interfaces":[]}}})");
}

TEST_F(EngineTest, DeprecatedMembersAreShownOnDemand) {
  const auto build =
      Engine::create({.sdl = "type Query { a(x: Int @deprecated, y: Int): E @deprecated(reason: "
                             "\"old\") b: Int } enum E { A B @deprecated }",
                      .resolvers = Resolvers().json_object("Query")});
  EXPECT_EQ(
      ask(*build.engine,
          {.query =
               "{ __type(name: \"Query\") { fields { name } all: fields(includeDeprecated: true) { "
               "name isDeprecated deprecationReason args { name } } } }"}),
      R"({"data":{"__type":{"fields":[{"name":"b"}],"all":[{"name":"a","isDeprecated":true,"deprecationReason":"old","args":[{"name":"y"}]},)"
      R"({"name":"b","isDeprecated":false,"deprecationReason":null,"args":[]}]}}})");
  EXPECT_EQ(ask(*build.engine, {.query = "{ __type(name: \"E\") { enumValues { name } } }"}),
            R"({"data":{"__type":{"enumValues":[{"name":"A"}]}}})");
}

class SubscriptionTest : public EngineTest {
 protected:
  std::vector<std::string> responses(const std::string& query) {
    std::vector<std::string> all;
    auto subscription = run_for_test(context_, engine_->subscribe({.query = query}));
    if (!subscription.stream) return {to_json_text(subscription.refusal)};
    for (int i = 0; i < 10; ++i) {
      const auto response = run_for_test(context_, subscription.stream->next());
      if (!response) return all;
      all.push_back(to_json_text(*response));
    }
    return all;
  }
  std::unique_ptr<Engine> engine_ = zoo();
};

TEST_F(SubscriptionTest, EachEventIsExecutedUntilTheSourceEnds) {
  EXPECT_THAT(responses("subscription { b: barks { loud __typename } }"),
              ElementsAre(R"({"data":{"b":{"loud":1,"__typename":"Bark"}}})",
                          testing::AllOf(HasSubstr("Int cannot represent"),
                                         HasSubstr(R"("data":{"b":{"loud":null)"))));
}

TEST_F(SubscriptionTest, AnErrorOfTheSourceIsTheLastResponse) {
  const auto all = responses("subscription { barks(of: \"dog\") { loud } }");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[2],
            R"({"errors":[{"message":"the dog ran away","extensions":{"code":"UNAVAILABLE"}}]})");
}

TEST_F(SubscriptionTest, WhatCannotBeginSaysWhy) {
  EXPECT_THAT(responses("subscription { barks(of: \"cat\") { loud } }"),
              ElementsAre(HasSubstr("cats do not bark")));
  EXPECT_THAT(responses("{ add }"), ElementsAre(HasSubstr("The operation is no subscription")));
  EXPECT_THAT(responses("subscription { barks { nope } }"),
              ElementsAre(HasSubstr("Cannot query field")));
}

TEST(OperationSize, CountsWhatFragmentsExpandTo) {
  const auto document =
      prepare(*parse("query @a { x: a { ...F ...F } ...R } fragment F on T { y: b @c { d } } "
                     "fragment R on Q { e f }"));
  const auto size = measure(document, *document.operations[0]);
  EXPECT_EQ(size.depth, 3u);
  EXPECT_EQ(size.fields, 7u);
  EXPECT_EQ(size.aliases, 3u);
  EXPECT_EQ(size.directives, 3u);
  EXPECT_EQ(size.root_fields, 3u);
}

}  // namespace
}  // namespace dth::graphql

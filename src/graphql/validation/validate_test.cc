#include "graphql/validation/validate.h"

#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/testing/zoo.h"

namespace dth::graphql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Operations, NamesAreUniqueAndAnonymousOnesAlone) {
  EXPECT_THAT(errors_in("query A { dog { name } } query B { dog { name } }"), IsEmpty());
  EXPECT_THAT(errors_in("query A { dog { name } } mutation A { feed(name: \"x\") { name } }"),
              ElementsAre("There can be only one operation named \"A\". @1:7 1:35"));
  EXPECT_THAT(errors_in("{ dog { name } } query A { dog { name } }"),
              ElementsAre("This anonymous operation must be the only defined operation. @1:1"));
}

TEST(Operations, DefinitionsAreExecutable) {
  EXPECT_THAT(errors_in("{ dog { name } } type X { a: Int } extend schema @tag"),
              ElementsAre("The \"X\" definition is not executable. @1:18",
                          "The schema definition is not executable. @1:36"));
}

TEST(Operations, SubscriptionsSelectOneField) {
  EXPECT_THAT(errors_in("subscription { barks { loud } }"), IsEmpty());
  EXPECT_THAT(
      errors_in(
          "subscription { ...F } fragment F on Subscription { barks { loud } barks { loud } }"),
      IsEmpty());
  EXPECT_THAT(errors_in("subscription S { barks { loud } other: barks { loud } }"),
              ElementsAre("Subscription \"S\" must select only one top level field. @1:33"));
  EXPECT_THAT(
      errors_in("subscription { __typename }"),
      ElementsAre(
          "Anonymous Subscription must not select an introspection top level field. @1:16"));
}

TEST(Fields, ExistOnTheirTypes) {
  EXPECT_THAT(errors_in("{ dog { name __typename } pet { name ... on Dog { age } } __schema { "
                        "types { name } } }"),
              IsEmpty());
  EXPECT_THAT(
      errors_in("{ dog { nmae } }"),
      ElementsAre("Cannot query field \"nmae\" on type \"Dog\". Did you mean \"name\"? @1:9"));
  EXPECT_THAT(errors_in("{ pet { lives } }"),
              ElementsAre("Cannot query field \"lives\" on type \"Pet\". Did you mean to use an "
                          "inline fragment on \"Cat\"? @1:9"));
  EXPECT_THAT(errors_in("{ animal { name } }"),
              ElementsAre("Cannot query field \"name\" on type \"Animal\". Did you mean to use an "
                          "inline fragment on \"Pet\", "
                          "\"Cat\", or \"Dog\"? @1:12"));
  EXPECT_THAT(errors_in("{ dog { nmae } }", {.suggestions = false}),
              ElementsAre("Cannot query field \"nmae\" on type \"Dog\". @1:9"));
}

TEST(Fields, HaveSelectionsWhereTheyNeedThem) {
  EXPECT_THAT(errors_in("{ dog }"),
              ElementsAre("Field \"dog\" of type \"Dog\" must have a selection of subfields. Did "
                          "you mean \"dog { ... }\"? @1:3"));
  EXPECT_THAT(errors_in("{ dog { name { x } } }"),
              ElementsAre("Field \"name\" must not have a selection since type \"String\" has no "
                          "subfields. @1:14"));
}

TEST(Types, AreKnownAndOfTheirKind) {
  EXPECT_THAT(errors_in("query ($x: Colr) { dog { name } }"),
              ElementsAre("Unknown type \"Colr\". Did you mean \"Color\"? @1:12",
                          "Variable \"$x\" is never used. @1:8"));
  EXPECT_THAT(errors_in("query ($x: [Dog!]) { dog { name } }"),
              ElementsAre("Variable \"$x\" cannot be non-input type \"[Dog!]\". @1:12",
                          "Variable \"$x\" is never used. @1:8"));
  EXPECT_THAT(errors_in("{ dog { ... on Color { x } } }"),
              ElementsAre("Fragment cannot condition on non composite type \"Color\". @1:16"));
  EXPECT_THAT(errors_in("{ dog { ...F } } fragment F on Int { x }"),
              ElementsAre("Fragment \"F\" cannot condition on non composite type \"Int\". @1:32"));
}

TEST(Fragments, AreUniqueKnownUsedAndPossible) {
  EXPECT_THAT(errors_in("{ pet { ...F } } fragment F on Dog { age }"), IsEmpty());
  EXPECT_THAT(errors_in("{ pet { ...F } } fragment F on Dog { age } fragment F on Dog { age }"),
              ElementsAre("There can be only one fragment named \"F\". @1:27 1:53"));
  EXPECT_THAT(errors_in("{ pet { ...F } }"), ElementsAre("Unknown fragment \"F\". @1:12"));
  EXPECT_THAT(errors_in("{ dog { name } } fragment F on Dog { age }"),
              ElementsAre("Fragment \"F\" is never used. @1:18"));
  EXPECT_THAT(errors_in("{ dog { ... on Cat { lives } } }"),
              ElementsAre("Fragment cannot be spread here as objects of type \"Dog\" can never be "
                          "of type \"Cat\". @1:9"));
  EXPECT_THAT(errors_in("{ dog { ...F } } fragment F on Cat { lives }"),
              ElementsAre("Fragment \"F\" cannot be spread here as objects of type \"Dog\" can "
                          "never be of type \"Cat\". @1:9"));
}

TEST(Fragments, DoNotReachThemselves) {
  EXPECT_THAT(errors_in("{ dog { ...A } } fragment A on Dog { ...A }"),
              ElementsAre("Cannot spread fragment \"A\" within itself. @1:38"));
  EXPECT_THAT(
      errors_in("{ dog { ...A } } fragment A on Dog { ...B } fragment B on Dog { name ...C } "
                "fragment C on Dog { ...A }"),
      ElementsAre("Cannot spread fragment \"A\" within itself via \"B\", \"C\". @1:38 1:70 1:97"));
}

TEST(Arguments, AreKnownUniqueAndGiven) {
  EXPECT_THAT(errors_in("{ dog { bark(times: 1) } add }"), IsEmpty());
  EXPECT_THAT(errors_in("{ dog { bark } }"),
              ElementsAre("Field \"bark\" argument \"times\" of type \"Int!\" is required, but it "
                          "was not provided. @1:9"));
  EXPECT_THAT(
      errors_in("{ add(aa: 1) }"),
      ElementsAre("Unknown argument \"aa\" on field \"Query.add\". Did you mean \"a\"? @1:7"));
  EXPECT_THAT(errors_in("{ add(a: 1, a: 2) }"),
              ElementsAre("There can be only one argument named \"a\". @1:7 1:13"));
  EXPECT_THAT(errors_in("{ dog @skip { name } }"),
              ElementsAre("Directive \"@skip\" argument \"if\" of type \"Boolean!\" is required, "
                          "but it was not provided. @1:7"));
  EXPECT_THAT(
      errors_in("{ dog @tag(nam: \"x\") { name } }"),
      ElementsAre("Unknown argument \"nam\" on directive \"@tag\". Did you mean \"name\"? @1:12"));
}

TEST(Directives, AreKnownPlacedAndUnique) {
  EXPECT_THAT(errors_in("{ dog @tag @tag { name } }"), IsEmpty());
  EXPECT_THAT(errors_in("{ dog @nope { name } }"),
              ElementsAre("Unknown directive \"@nope\". @1:7"));
  EXPECT_THAT(errors_in("query @tag { dog { name } }"),
              ElementsAre("Directive \"@tag\" may not be used on QUERY. @1:7"));
  EXPECT_THAT(
      errors_in("{ dog @skip(if: true) @skip(if: true) { name } }"),
      ElementsAre("The directive \"@skip\" can only be used once at this location. @1:7 1:23"));
}

TEST(Values, AreOfTheirTypes) {
  EXPECT_THAT(
      errors_in("{ find(by: {color: RED, names: \"one\", deeper: {size: 1}}) add(a: 2, b: null) }"),
      IsEmpty());
  EXPECT_THAT(errors_in("{ add(a: \"x\") }"),
              ElementsAre("Int cannot represent non-integer value: \"x\" @1:10"));
  EXPECT_THAT(
      errors_in("{ add(a: 3000000000) }"),
      ElementsAre("Int cannot represent non 32-bit signed integer value: 3000000000 @1:10"));
  EXPECT_THAT(errors_in("{ add(a: null) }"),
              ElementsAre("Expected value of type \"Int!\", found null. @1:10"));
  EXPECT_THAT(errors_in("{ find(by: {color: GREN}) }"),
              ElementsAre("Value \"GREN\" does not exist in \"Color\" enum. Did you mean the enum "
                          "value \"GREEN\" or \"RED\"? @1:20"));
  EXPECT_THAT(
      errors_in("{ find(by: {color: \"RED\"}) }"),
      ElementsAre(
          "Enum \"Color\" cannot represent non-enum value: \"RED\". Did you mean the enum value "
          "\"RED\" or \"GREEN\"? @1:20"));
  EXPECT_THAT(errors_in("{ find(by: 1) }"),
              ElementsAre("Expected value of type \"Filter\", found 1. @1:12"));
  EXPECT_THAT(
      errors_in("{ find(by: {colour: RED}) }"),
      ElementsAre(
          "Field \"colour\" is not defined by type \"Filter\". Did you mean \"color\"? @1:13"));
  EXPECT_THAT(errors_in("{ find(by: {names: [\"a\", null]}) }"),
              ElementsAre("Expected value of type \"String!\", found null. @1:26"));
  EXPECT_THAT(errors_in("{ find(by: {size: 1, size: 2}) }"),
              ElementsAre("There can be only one input field named \"size\". @1:13 1:22"));
}

TEST(Values, OfOneOfObjectsHaveOneField) {
  EXPECT_THAT(errors_in("{ pick(one: {id: 1}) }"), IsEmpty());
  EXPECT_THAT(errors_in("{ pick(one: {}) }"),
              ElementsAre("OneOf Input Object \"Choice\" must specify exactly one key. @1:13"));
  EXPECT_THAT(errors_in("{ pick(one: {id: 1, name: \"x\"}) }"),
              ElementsAre("OneOf Input Object \"Choice\" must specify exactly one key. @1:13"));
  EXPECT_THAT(errors_in("{ pick(one: {id: null}) }"),
              ElementsAre("Field \"Choice.id\" must be non-null. @1:13"));
  EXPECT_THAT(errors_in("query ($i: ID) { pick(one: {id: $i}) }"),
              ElementsAre("Variable \"$i\" is of type \"ID\" but must be non-nullable to be used "
                          "for OneOf Input Object \"Choice\". "
                          "@1:8 1:33"));
}

TEST(Variables, AreUniqueDefinedAndUsed) {
  EXPECT_THAT(errors_in("query ($a: Int!) { ...F } fragment F on Query { add(a: $a) }"), IsEmpty());
  EXPECT_THAT(errors_in("query ($a: Int!, $a: Int!) { add(a: $a) }"),
              ElementsAre("There can be only one variable named \"$a\". @1:9 1:19"));
  EXPECT_THAT(errors_in("query Q { ...F } fragment F on Query { add(a: $a) }"),
              ElementsAre("Variable \"$a\" is not defined by operation \"Q\". @1:47 1:1"));
  EXPECT_THAT(errors_in("query Q($a: Int) { add }"),
              ElementsAre("Variable \"$a\" is never used in operation \"Q\". @1:9"));
}

TEST(Variables, StandWhereTheirTypesMay) {
  EXPECT_THAT(errors_in("query ($a: Int) { add(a: $a) }"), IsEmpty())
      << "the argument has a default";
  EXPECT_THAT(errors_in("query ($n: Int = 2) { dog { bark(times: $n) } }"), IsEmpty());
  EXPECT_THAT(
      errors_in("query ($n: Int) { dog { bark(times: $n) } }"),
      ElementsAre(
          "Variable \"$n\" of type \"Int\" used in position expecting type \"Int!\". @1:8 1:37"));
  EXPECT_THAT(errors_in("query ($n: [String]) { find(by: {names: $n}) }"),
              ElementsAre("Variable \"$n\" of type \"[String]\" used in position expecting type "
                          "\"[String!]\". @1:8 1:41"));
  EXPECT_THAT(errors_in("query ($n: String) { find(by: {names: [$n]}) }"),
              ElementsAre("Variable \"$n\" of type \"String\" used in position expecting type "
                          "\"String!\". @1:8 1:40"));
}

TEST(Overlap, FieldsOfOneKeyAreOne) {
  EXPECT_THAT(
      errors_in("{ dog { name name } pet { ... on Dog { x: age } ... on Cat { x: name } } }"),
      ElementsAre(HasSubstr("they return conflicting types \"Int!\" and \"String\"")));
  EXPECT_THAT(errors_in("{ dog { x: name x: bark(times: 1) } }"),
              ElementsAre("Fields \"x\" conflict because \"name\" and \"bark\" are different "
                          "fields. Use different aliases on the "
                          "fields to fetch both if this was intentional. @1:9 1:17"));
  EXPECT_THAT(errors_in("{ dog { bark(times: 1) bark(times: 2) } }"),
              ElementsAre(HasSubstr("they have differing arguments")));
  EXPECT_THAT(errors_in("{ find(by: {size: 1, color: RED}) find(by: {color: RED, size: 1}) }"),
              IsEmpty());
  EXPECT_THAT(errors_in("{ dog { owner { x: name } owner { x: dog { name } } } }"),
              ElementsAre(HasSubstr("Fields \"owner\" conflict because subfields \"x\" conflict "
                                    "because \"name\" and \"dog\" are")));
  EXPECT_THAT(
      errors_in("{ dog { ...A ...B } } fragment A on Dog { x: name } fragment B on Dog { x: age }"),
      ElementsAre(HasSubstr("\"name\" and \"age\" are different fields")));
}

// Each fragment spreads the next one twice under one key: naive comparison takes 2^n steps.
TEST(Overlap, FragmentsWithinFragmentsTakePolynomialTime) {
  std::string query = "{ dog { ...F0 } }";
  for (int i = 0; i < 200; ++i) {
    const std::string next = "...F" + std::to_string(i + 1);
    query += " fragment F" + std::to_string(i) + " on Dog { friends { " + next + " } friends { " +
             next + " } }";
  }
  query += " fragment F200 on Dog { name }";
  EXPECT_THAT(errors_in(query), IsEmpty());
}

TEST(Overlap, HasABound) {
  std::string query = "{ dog { ";
  for (int i = 0; i < 2000; ++i) query += "name ";
  EXPECT_THAT(errors_in(query + "} }"),
              ElementsAre(HasSubstr("too many fields with the same keys")));
}

TEST(Validation, StopsAfterManyErrors) {
  std::string query = "{ dog { ";
  for (int i = 0; i < 200; ++i) query += "nope" + std::to_string(i) + " ";
  const auto errors = errors_in(query + "} }");
  EXPECT_EQ(errors.size(), 101u);
  EXPECT_THAT(errors.back(), HasSubstr("Too many validation errors"));
}

TEST(Overlap, ConflictsBeyondTheLimitAreNotLookedFor) {
  // Each of 700 fields conflicts with each other one: 245,000 conflicts, of which 100 are reported.
  std::string query = "{ dog {";
  for (int i = 0; i < 700; ++i) query += " x: bark(times: " + std::to_string(i) + ")";
  const std::clock_t before = std::clock();
  const auto errors = errors_in(query + " } }");
  EXPECT_EQ(errors.size(), 101u);
  EXPECT_THAT(errors.back(), HasSubstr("Too many validation errors"));
  // 245,000 took a second; 101 take a millisecond.
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 10);
}

TEST(Overlap, LongArgumentsAreComparedWithinTheBudget) {
  // 250 equal fields whose arguments are lists of 30: 31,000 pairs, 930,000 values.
  std::string list = "[";
  for (int i = 0; i < 30; ++i) list += " \"x\"";
  std::string query = "{ dog {";
  for (int i = 0; i < 250; ++i) query += " x: bark(times: " + list + "])";
  EXPECT_THAT(errors_in(query + " } }").back(), HasSubstr("too many fields with the same keys"));
}

TEST(Errors, NameAFewPlacesOnly) {
  std::string query = "query (";
  for (int i = 0; i < 1000; ++i) query += " $v: Int";
  EXPECT_THAT(errors_in(query + ") { add(a: $v) }"),
              testing::Contains(testing::AllOf(
                  HasSubstr("only one variable named"),
                  testing::ResultOf([](const std::string& text) { return text.size(); },
                                    testing::Lt(1000u)))));
}

}  // namespace
}  // namespace dth::graphql

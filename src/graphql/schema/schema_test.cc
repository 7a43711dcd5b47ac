#include "graphql/schema/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "graphql/schema/coercion.h"
#include "graphql/testing/zoo.h"

namespace dth::graphql {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> faults(const std::string& sdl) { return shown(build_schema(sdl).errors); }

TEST(Schema, HasWhatItsSdlSays) {
  const auto schema = schema_of(zoo_sdl);
  EXPECT_EQ(schema->query()->name, "Query");
  EXPECT_EQ(schema->subscription()->name, "Subscription");
  const NamedType& dog = *schema->type("Dog");
  EXPECT_EQ(to_string(dog.field("friends")->type), "[Dog!]");
  EXPECT_EQ(dog.interfaces, std::vector<const NamedType*>{schema->type("Pet")});
  EXPECT_EQ(schema->type("Pet")->possible_types.size(), 2u);
  EXPECT_TRUE(schema->type("Choice")->is_one_of);
  EXPECT_TRUE(schema->directive("tag")->is_repeatable);
  EXPECT_EQ(schema->type("Filter")->input_field("size")->default_value, boost::json::value(3));
  EXPECT_EQ(schema->field(dog, "__typename"), &schema->typename_field());
  EXPECT_EQ(schema->field(dog, "__schema"), nullptr);
}

TEST(Schema, PrintsAsSdlThatSaysTheSame) {
  const auto schema = schema_of(zoo_sdl);
  const std::string printed = print_schema(*schema);
  EXPECT_EQ(print_schema(*schema_of(printed)), printed);
  EXPECT_THAT(printed, HasSubstr("input Choice @oneOf {\n  id: ID\n  name: String\n}"));
  EXPECT_THAT(printed, HasSubstr("add(a: Int! = 1, b: Int): Int"));
}

TEST(Schema, ExtensionsAddToTypes) {
  const auto schema = schema_of(
      "type Query { a: Int } extend type Query { b: E } enum E { A } extend enum E { B } extend "
      "schema { mutation: M } "
      "type M { m: Int }");
  EXPECT_NE(schema->query()->field("b"), nullptr);
  EXPECT_NE(schema->type("E")->enum_value("B"), nullptr);
  EXPECT_EQ(schema->mutation()->name, "M");
}

TEST(Schema, DefaultsOfInputObjectsFillEachOtherIn) {
  const auto schema = schema_of(
      "type Query { a(x: A = {}): Int } input A { b: B = {m: 2} } input B { n: Int = 1, m: Int }");
  const auto& fallback = schema->query()->field("a")->arguments[0].default_value;
  EXPECT_EQ(write_json(*fallback), "{\"b\":{\"n\":1,\"m\":2}}");
}

TEST(Schema, Subtypes) {
  const auto schema = schema_of(
      "type Query { a: [Dog!]! b: [Pet] c: Pet d: Dog } interface Pet { n: Int } type Dog "
      "implements Pet { n: Int } "
      "union U = Dog");
  const auto type = [&](const char* field) { return schema->query()->field(field)->type; };
  EXPECT_TRUE(schema->is_subtype(type("a"), type("b")));
  EXPECT_FALSE(schema->is_subtype(type("b"), type("a")));
  EXPECT_TRUE(schema->is_subtype(type("d"), type("c")));
  EXPECT_FALSE(schema->is_subtype(type("d"), type("b")));
  EXPECT_TRUE(schema->overlap(*schema->type("Pet"), *schema->type("U")));
  EXPECT_FALSE(schema->overlap(*schema->type("U"), *schema->type("Query")));
}

TEST(Schema, NamesAreUniqueAndKnown) {
  EXPECT_THAT(faults("type Query { a: Int a: Int }"),
              ElementsAre("Field \"Query.a\" can only be defined once. @1:14 1:21"));
  EXPECT_THAT(faults("type Query { a: Int } type Query { b: Int }"),
              ElementsAre("There can be only one type named \"Query\". @1:6 1:28"));
  EXPECT_THAT(faults("type Query { a: Itn }"),
              ElementsAre(HasSubstr("Unknown type \"Itn\". Did you mean \"Int\"")));
  EXPECT_THAT(faults("type Query { a: Int @nope }"),
              ElementsAre("Unknown directive \"@nope\". @1:21"));
  EXPECT_THAT(
      faults("type Query { a: Int } extend type Qury { b: Int }"),
      ElementsAre(
          "Cannot extend type \"Qury\" because it is not defined. Did you mean \"Query\"? @1:35"));
  EXPECT_THAT(faults("type Query { a: Int } extend input Query { b: Int }"),
              ElementsAre("Cannot extend non-input object type \"Query\". @1:1 1:23"));
  EXPECT_THAT(faults("type Query { a: Int } { a }"),
              ElementsAre(HasSubstr("an operation does not belong here")));
}

TEST(Schema, TypesAreOfTheKindsThatTheirPlacesWant) {
  EXPECT_THAT(faults("type A { a: Int }"),
              ElementsAre(HasSubstr("Query root type must be provided.")));
  EXPECT_THAT(faults("type Query { a: I } input I { a: Int }"),
              ElementsAre("The type of Query.a must be Output Type but got: I. @1:17"));
  EXPECT_THAT(faults("type Query { a(x: Query): Int }"),
              ElementsAre("The type of Query.a(x:) must be Input Type but got: Query. @1:19"));
  EXPECT_THAT(faults("schema { query: Q mutation: Q } type Q { a: Int }"),
              ElementsAre(HasSubstr("All root types must be different")));
  EXPECT_THAT(faults("type Query { a: Int } union U = Int"),
              ElementsAre(HasSubstr("can only include Object types")));
  EXPECT_THAT(faults("type Query { a: Int } type T"),
              ElementsAre("Type T must define one or more fields. @1:23"));
  EXPECT_THAT(faults("type Query { __a: Int }"),
              ElementsAre(HasSubstr("must not begin with \"__\"")));
}

TEST(Schema, InterfacesAreKept) {
  const std::string start = "type Query { a: Int } interface I { a(x: Int): Int! } ";
  EXPECT_THAT(faults(start + "type T implements I { b: Int }"),
              ElementsAre("Interface field I.a expected but T does not provide it. @1:37 1:55"));
  EXPECT_THAT(faults(start + "type T implements I { a(x: Int): Int }"),
              ElementsAre("Interface field I.a expects type Int! but T.a is type Int. @1:48 1:88"));
  EXPECT_THAT(faults(start + "type T implements I { a(x: Int!): Int! }"),
              ElementsAre(HasSubstr("I.a(x:) expects type Int but T.a(x:) is type Int!")));
  EXPECT_THAT(faults(start + "type T implements I { a(x: Int, y: Int!): Int! }"),
              ElementsAre(HasSubstr("includes required argument y")));
  EXPECT_THAT(
      faults(
          start +
          "interface J implements I { a(x: Int): Int! } type T implements J { a(x: Int): Int! }"),
      ElementsAre(HasSubstr("Type T must implement I because it is implemented by J.")));
}

TEST(Schema, InputObjectsAreFiniteAndDefaultsAreValues) {
  EXPECT_THAT(faults("type Query { a: Int } input I { j: J! } input J { i: I! }"),
              ElementsAre(HasSubstr("within itself through a series of non-null fields: \"j.i\"")));
  EXPECT_THAT(faults("type Query { a(x: Int = \"s\"): Int }"),
              ElementsAre(HasSubstr("The default of Query.a(x:) is no value of its type \"Int\"")));
  EXPECT_THAT(faults("type Query { a: Int } input O @oneOf { a: Int! b: Int = 1 }"),
              ElementsAre("OneOf input field O.a must be nullable. @1:43",
                          "OneOf input field O.b cannot have a default value. @1:48"));
}

TEST(Schema, RulesForScalarsHaveTheirScalar) {
  SchemaOptions options;
  options.scalars["Dtae"] = {
      [](const boost::json::value& v) -> Result<boost::json::value> { return v; },
      [](const boost::json::value& v) -> Result<boost::json::value> { return v; }};
  EXPECT_THAT(shown(build_schema(zoo_sdl, options).errors),
              ElementsAre(HasSubstr("the scalar \"Dtae\", which the schema does not define")));
}

class Coercion : public testing::Test {
 protected:
  // The coerced variables as text, or the errors' messages.
  std::string variables(const std::string& declared, const std::string& given) {
    const auto document = *parse("query (" + declared + ") { a }");
    const auto coerced = coerce_variables(*schema_, *document, document->definitions[0],
                                          boost::json::parse(given).as_object(), 3);
    if (coerced.errors.empty()) return write_json(boost::json::value(coerced.values));
    std::string text;
    for (const auto& error : coerced.errors) text += (text.empty() ? "" : "|") + error.message;
    return text;
  }
  std::shared_ptr<const Schema> schema_ = schema_of(zoo_sdl);
};

TEST_F(Coercion, VariablesBecomeValuesOfTheirTypes) {
  EXPECT_EQ(
      variables("$a: Int, $b: Float, $c: ID, $d: [Int]", R"({"a": 1.0, "b": 2, "c": 7, "d": 3})"),
      R"({"a":1,"b":2,"c":"7","d":[3]})");
  EXPECT_EQ(variables("$f: Filter", R"({"f": {"color": "RED", "deeper": {}}})"),
            R"({"f":{"color":"RED","size":3,"deeper":{"size":3}}})");
  EXPECT_EQ(variables("$a: Int = 4, $b: Int, $c: Int = 5", R"({"c": null})"),
            R"({"a":4,"c":null})");
  EXPECT_EQ(variables("$d: Date", R"({"d": {"any": [1]}})"), R"({"d":{"any":[1]}})");
}

TEST_F(Coercion, WhatIsWrongWithVariablesIsSaid) {
  EXPECT_EQ(variables("$a: Int!", "{}"),
            "Variable \"$a\" of required type \"Int!\" was not provided.");
  EXPECT_EQ(variables("$a: Int!", R"({"a": null})"),
            "Variable \"$a\" of non-null type \"Int!\" must not be null.");
  EXPECT_EQ(
      variables("$a: Int", R"({"a": "1"})"),
      "Variable \"$a\" got invalid value \"1\"; Int cannot represent non-integer value: \"1\"");
  EXPECT_EQ(variables("$a: Int", R"({"a": 2147483648})"),
            "Variable \"$a\" got invalid value 2147483648; Int cannot represent non 32-bit signed "
            "integer value: 2147483648");
  EXPECT_EQ(variables("$a: Boolean", R"({"a": 1})"),
            "Variable \"$a\" got invalid value 1; Boolean cannot represent a non boolean value: 1");
  EXPECT_EQ(variables("$l: [Int!]", R"({"l": [1, null]})"),
            "Variable \"$l\" got invalid value null at \"l[1]\"; Expected non-nullable type "
            "\"Int!\" not to be null.");
  EXPECT_EQ(variables("$f: Filter", R"({"f": {"colr": 1, "color": "BLUE"}})"),
            "Variable \"$f\" got invalid value \"BLUE\" at \"f.color\"; Value \"BLUE\" does not "
            "exist in \"Color\" enum.|"
            "Variable \"$f\" got invalid value { colr: 1, color: \"BLUE\" }; Field \"colr\" is not "
            "defined by type "
            "\"Filter\". Did you mean \"color\"?");
  EXPECT_EQ(variables("$c: Choice", R"({"c": {"id": 1, "name": "x"}})"),
            "Variable \"$c\" got invalid value { id: 1, name: \"x\" }; Exactly one key must be "
            "specified for OneOf "
            "type \"Choice\".");
  EXPECT_EQ(variables("$c: Choice", R"({"c": {"id": null}})"),
            "Variable \"$c\" got invalid value null at \"c.id\"; Field \"id\" must be non-null.");
  EXPECT_THAT(variables("$l: [Int]", R"({"l": ["a", "b", "c", "d", "e"]})"),
              HasSubstr("Too many errors processing variables"));
}

TEST(Json, DepthIsCountedUpToALimit) {
  EXPECT_EQ(depth_of(boost::json::parse("1"), 5), 0u);
  EXPECT_EQ(depth_of(boost::json::parse("[{\"a\": [1]}]"), 5), 3u);
  EXPECT_GT(depth_of(boost::json::parse("[[[[[[]]]]]]"), 3), 3u);
}

}  // namespace
}  // namespace dth::graphql

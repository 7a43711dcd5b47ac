#pragma once

#include <string>
#include <vector>

#include "base/testing/run_for_test.h"
#include "graphql/engine.h"
#include "graphql/syntax/parser.h"
#include "graphql/validation/validate.h"

namespace dth::graphql {

// The schema that tests of the engine share: small, with one of everything.
inline constexpr const char* zoo_sdl = R"(
type Query { dog: Dog pet: Pet animal: Animal add(a: Int! = 1, b: Int): Int find(by: Filter): String pick(one: Choice): String }
type Mutation { feed(name: String!): Dog }
type Subscription { barks(of: ID): Bark }
type Bark { loud: Int }
interface Pet { name: String }
type Dog implements Pet { name: String age: Int! owner: Person friends(first: Int): [Dog!] bark(times: Int!): String }
type Cat implements Pet { name: String lives: Int }
union Animal = Dog | Cat
type Person { name: String! dog: Dog }
enum Color { RED GREEN }
input Filter { color: Color names: [String!] size: Int! = 3 deeper: Filter }
input Choice @oneOf { id: ID name: String }
scalar Date
directive @tag(name: String) repeatable on FIELD
)";

inline std::shared_ptr<const Schema> schema_of(const std::string& sdl) {
  auto build = build_schema(sdl);
  if (build.schema) return build.schema;
  throw std::runtime_error(build.errors.front().message);
}

// `message @line:column line:column`, one for each error.
inline std::vector<std::string> shown(const std::vector<GraphqlError>& errors) {
  std::vector<std::string> lines;
  for (const auto& error : errors) {
    std::string line = error.message + " @";
    for (const auto& location : error.locations) {
      line += std::to_string(location.line) + ":" + std::to_string(location.column) + " ";
    }
    line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

inline std::vector<std::string> errors_in(const std::string& query,
                                          const ValidateOptions& options = {}) {
  static const auto schema = schema_of(zoo_sdl);
  auto document = parse(query);
  if (!document) return {document.error().message};
  return shown(validate(*schema, **document, options));
}

}  // namespace dth::graphql

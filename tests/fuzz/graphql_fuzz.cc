// GraphQL from clients: anything is parsed, printed, measured, validated and, where it is valid,
// executed within bounds; and as a schema it is built or refused.
#include "base/encoding.h"
#include "base/testing/run_for_test.h"
#include "fuzz/fuzz.h"
#include "graphql/engine.h"
#include "graphql/syntax/parser.h"
#include "graphql/validation/validate.h"

using namespace dth;
using namespace dth::graphql;

namespace {

constexpr const char* sdl = R"(
type Query { dog: Dog pet: Pet animal: Animal add(a: Int! = 1, b: [Float]): Int find(by: Filter): String pick(one: Choice): String any(x: Anything): Anything }
type Mutation { feed(name: String!): Dog }
type Subscription { barks(of: ID): Dog }
interface Pet { name: String }
type Dog implements Pet { name: String age: Int! owner: Person friends(first: Int): [Dog!] bark(times: Int! = 2): String }
type Cat implements Pet { name: String lives: Int }
union Animal = Dog | Cat
type Person { name: String! dog: Dog }
enum Color { RED GREEN }
input Filter { color: Color names: [String!] size: Int! = 3 deeper: Filter }
input Choice @oneOf { id: ID name: String }
scalar Anything
directive @tag(name: String) repeatable on FIELD
)";

Async<Result<std::unique_ptr<EventStream>>> no_events(ResolveInfo) {
  co_return Error{ErrorCode::unsupported, "no events", ""};
}

std::unique_ptr<Engine> make_engine() {
  EngineOptions options{.sdl = sdl, .cached_documents_max = 0};
  for (const char* type : {"Query", "Mutation", "Dog", "Cat", "Person"})
    options.resolvers.json_object(type);
  options.resolvers.subscription("Subscription.barks", no_events);
  auto build = Engine::create(std::move(options));
  fuzz::require(build.engine != nullptr, "the engine is made");
  return std::move(build.engine);
}

const boost::json::value& animals() {
  static const boost::json::value value = boost::json::parse(
      R"({"dog": {"name": "Rex", "age": 3, "owner": {"name": "Ann"}, "friends": [{"age": 1}, {"name": 7}], "bark": "w"},
          "pet": {"__typename": "Cat", "name": "Tom", "lives": 9}, "animal": {"__typename": "Fox"}, "add": 3, "any": [1, {"x": null}]})");
  return value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto engine = make_engine();
  static boost::asio::io_context context(1);
  const std::string text(fuzz::as_text(data, size));
  if (const auto document = parse(text)) {
    const std::string printed = print(**document);
    const auto again = parse(printed, {.document_bytes_max = printed.size()});
    fuzz::require(again.has_value(), "what is printed can be parsed");
    fuzz::require(print(**again) == printed, "printing comes back");
  } else {
    fuzz::require(!document.error().message.empty(), "an error says what is wrong");
    for (const auto& location : document.error().locations)
      fuzz::require(location.line > 0 && location.column > 0, "a place");
  }
  const Response response =
      run_for_test(context, engine->execute({.query = text, .root = Resolved::borrow(&animals())}));
  fuzz::require(response.data.has_value() || !response.errors.empty(), "there are data or errors");
  fuzz::require(response.errors.size() <= engine->limits().errors_max + 5, "errors are bounded");
  boost::system::error_code error;
  boost::json::parse(to_json_text(response), error);
  fuzz::require(!error, "a response is JSON");
  const auto schema = build_schema(text);
  fuzz::require((schema.schema == nullptr) == !schema.errors.empty(), "a schema, or errors");
  if (schema.schema) {
    const std::string printed = print_schema(*schema.schema);
    const auto again = build_schema(printed);
    fuzz::require(again.schema && print_schema(*again.schema) == printed, "a schema comes back");
  }
  return 0;
}

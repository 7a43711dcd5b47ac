// Our side of the comparison with the reference implementation (oracle.mjs): answers one JSON
// object a line.
//
//   {"op": "schema", "name": N, "sdl": S}                      -> {"errors": [...]} or {"printed":
//   SDL}
//   {"op": "parse", "document": D}                              -> {"errors": [...]} or {"printed":
//   D, "again": D}
//   {"op": "validate", "schema": N, "document": D}              -> {"errors": [...]}
//   {"op": "execute", "schema": N, "document": D, "variables": V, "operation": O, "async": true} ->
//   the response
//
// Data come from a table of objects (fixture.h); graphql_driver --measure says what a simple query
// takes.
#include <iostream>
#include <map>

#include "graphql/fixture.h"
#include "graphql/measure.h"
#include "graphql/syntax/parser.h"
#include "graphql/validation/validate.h"

namespace {

using namespace dth;
using namespace dth::graphql;
namespace json = boost::json;

json::object errors_of(const std::vector<GraphqlError>& errors) {
  json::array list;
  for (const auto& error : errors) list.push_back(to_json(error));
  return {{"errors", list}};
}

class Driver {
 public:
  json::object answer(const json::object& request) {
    const std::string_view op = request.at("op").as_string();
    if (op == "data") {
      table_ = request.at("table").as_object();
      return {};
    }
    if (op == "schema") return schema(request);
    const std::string document(request.at("document").as_string());
    if (op == "parse") return parse_and_print(document);
    auto& service = services_.at(std::string(request.at("schema").as_string()));
    if (op == "validate") return validate_document(service.sync->schema(), document);
    const bool is_async = request.contains("async");
    return to_json(service.run(context_, is_async, document, request));
  }

 private:
  struct Service {
    std::unique_ptr<Engine> sync, async;

    Response run(boost::asio::io_context& context, bool is_async, const std::string& document,
                 const json::object& request) const {
      Request query{.query = document};
      if (const auto* variables = request.if_contains("variables"))
        query.variables = variables->as_object();
      if (const auto* operation = request.if_contains("operation"))
        query.operation_name = operation->as_string();
      query.root = tests::root_value(request.at("root").as_string());
      return run_for_test(context, (is_async ? async : sync)->execute(std::move(query)));
    }
  };

  json::object schema(const json::object& request) {
    const std::string sdl(request.at("sdl").as_string());
    const auto build = build_schema(sdl);
    if (!build.schema) return errors_of(build.errors);
    const std::string name(request.at("name").as_string());
    auto& service = services_[name];
    service.sync = tests::make_engine(*build.schema, sdl, &table_, false);
    service.async = tests::make_engine(*build.schema, sdl, &table_, true);
    return {{"printed", print_schema(*build.schema)}};
  }

  static json::object parse_and_print(const std::string& text) {
    const auto document = parse(text);
    if (!document) return errors_of({document.error()});
    const std::string printed = print(**document);
    const auto again = parse(printed);
    return {{"printed", printed}, {"again", again ? print(**again) : again.error().message}};
  }

  static json::object validate_document(const Schema& schema, const std::string& text) {
    const auto document = parse(text);
    if (!document) return errors_of({document.error()});
    return errors_of(validate(schema, **document));
  }

  boost::asio::io_context context_;
  json::object table_;
  std::map<std::string, Service> services_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--measure") return tests::measure();
  Driver driver;
  std::string line;
  while (std::getline(std::cin, line)) {
    json::object answer;
    try {
      answer = driver.answer(json::parse(line).as_object());
    } catch (const std::exception& exception) {
      answer["crash"] = exception.what();
    }
    std::cout << write_json(json::value(answer)) << std::endl;
  }
}

#include "api/graphql_request.h"

#include <map>

#include "base/encoding.h"
#include "base/json_reader.h"

namespace dth::api {

namespace json = boost::json;

namespace {

constexpr std::size_t json_depth_max = 64;
constexpr std::size_t parameters_max = 100;

Error malformed(std::string message) {
  return {ErrorCode::invalid_argument, std::move(message), ""};
}

// Null counts as not given.
const json::value* member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string_view kind_of(const json::value& value) {
  if (value.is_array()) return "a list";
  if (value.is_object()) return "an object";
  if (value.is_string()) return "a string";
  if (value.is_bool()) return "true or false";
  return value.is_null() ? "null" : "a number";
}

// Names and values of name=value&...; a name that is there twice is refused.
Result<std::map<std::string, std::string>> parse_form(std::string_view query) {
  std::map<std::string, std::string> parameters;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    std::string pair(query.substr(0, end));
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    std::replace(pair.begin(), pair.end(), '+', ' ');
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = percent_decode(std::string_view(pair).substr(0, equals));
    const auto value =
        percent_decode(std::string_view(pair).substr(std::min(equals + 1, pair.size())));
    if (!name || !value || !is_valid_utf8(*name) || !is_valid_utf8(*value)) {
      return malformed(
          "The URL's query is not encoded as it has to be: each % is followed by two hexadecimal "
          "digits, and all is "
          "UTF-8.");
    }
    if (parameters.size() >= parameters_max) return malformed("The URL has too many parameters.");
    if (!parameters.emplace(*name, *value).second)
      return malformed("The URL has the parameter \"" + printable(*name) + "\" twice. Keep one.");
  }
  return parameters;
}

}  // namespace

Result<json::value> parse_message(std::string_view text, std::string_view what) {
  auto value = parse_json(text, what, {.depth_max = json_depth_max});
  if (value.has_error()) return malformed(value.error().message + ".");
  return value;
}

Result<graphql::Request> request_of_json(const json::value& value) {
  if (value.is_array())
    return malformed(
        "Batches of requests are not taken: send one request at a time, as an object.");
  if (!value.is_object())
    return malformed("A GraphQL request is a JSON object with the member \"query\", not " +
                     std::string(kind_of(value)) + ".");
  const json::object& object = value.get_object();
  graphql::Request request;
  const json::value* query = member(object, "query");
  if (query == nullptr)
    return malformed("The request has no \"query\": give it the GraphQL document as a string.");
  if (!query->is_string())
    return malformed("\"query\" has to be a string, and is " + std::string(kind_of(*query)) + ".");
  request.query = std::string_view(query->get_string());
  if (const json::value* name = member(object, "operationName")) {
    if (!name->is_string())
      return malformed("\"operationName\" has to be a string, and is " +
                       std::string(kind_of(*name)) + ".");
    request.operation_name = std::string_view(name->get_string());
  }
  if (const json::value* variables = member(object, "variables")) {
    if (!variables->is_object())
      return malformed("\"variables\" has to be an object, and is " +
                       std::string(kind_of(*variables)) + ".");
    request.variables = variables->get_object();
  }
  if (const json::value* extensions = member(object, "extensions");
      extensions != nullptr && !extensions->is_object()) {
    return malformed("\"extensions\" has to be an object, and is " +
                     std::string(kind_of(*extensions)) + ".");
  }
  return request;
}

Result<graphql::Request> request_of_body(std::string_view body) {
  auto value = parse_message(body, "The body");
  if (value.has_error()) return value.error();
  return request_of_json(*value);
}

Result<graphql::Request> request_of_query(std::string_view query) {
  auto parameters = parse_form(query);
  if (parameters.has_error()) return parameters.error();
  json::object object;
  for (const char* name : {"query", "operationName", "variables", "extensions"}) {
    const auto found = parameters->find(name);
    if (found == parameters->end()) continue;
    const bool is_json =
        name == std::string_view("variables") || name == std::string_view("extensions");
    if (!is_json) {
      object[name] = found->second;
    } else if (!found->second.empty()) {
      auto value =
          parse_message(found->second, "The URL's parameter \"" + std::string(name) + "\"");
      if (value.has_error()) return value.error();
      object[name] = std::move(*value);
    }
  }
  return request_of_json(object);
}

}  // namespace dth::api

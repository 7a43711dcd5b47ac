// The scalars of the specification (section 3.5).
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/json_writer.h"
#include "graphql/schema/builtins.h"
#include "graphql/schema/inspect.h"

namespace dth::graphql {
namespace {

namespace json = boost::json;
using Coerced = Result<json::value>;

Error wrong_value(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message), ""};
}

// The number that a JSON number is; nothing for what is none.
std::optional<double> as_number(const json::value& value) {
  if (const auto* number = value.if_int64()) return static_cast<double>(*number);
  if (const auto* number = value.if_uint64()) return static_cast<double>(*number);
  if (const auto* number = value.if_double()) return *number;
  return std::nullopt;
}

// Besides numbers also what resolvers may return for one: booleans, and strings that are numbers.
std::optional<double> as_serialized_number(const json::value& value) {
  if (const auto* flag = value.if_bool()) return *flag ? 1 : 0;
  if (const auto* text = value.if_string()) {
    double number = 0;
    const char* end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, number);
    if (text->empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return number;
  }
  return as_number(value);
}

bool is_whole(std::optional<double> number) {
  return number && std::isfinite(*number) && std::trunc(*number) == *number;
}

// Whole doubles become integers, so that they are written without an exponent.
json::value number_value(double number) {
  constexpr double exact = 9007199254740992;  // 2^53
  if (std::trunc(number) == number && std::abs(number) <= exact)
    return static_cast<std::int64_t>(number);
  return number;
}

Coerced to_int(const json::value& value, std::optional<double> number) {
  if (!is_whole(number))
    return wrong_value("Int cannot represent non-integer value: " + inspect(value));
  if (*number > std::numeric_limits<std::int32_t>::max() ||
      *number < std::numeric_limits<std::int32_t>::min()) {
    return wrong_value("Int cannot represent non 32-bit signed integer value: " + inspect(value));
  }
  return json::value(static_cast<std::int64_t>(*number));
}

Coerced to_float(const json::value& value, std::optional<double> number) {
  if (!number || !std::isfinite(*number))
    return wrong_value("Float cannot represent non numeric value: " + inspect(value));
  return number_value(*number);
}

Coerced parse_string(const json::value& value) {
  if (!value.is_string())
    return wrong_value("String cannot represent a non string value: " + inspect(value));
  return value;
}

Coerced serialize_string(const json::value& value) {
  if (value.is_string()) return value;
  if (const auto* flag = value.if_bool()) return json::value(*flag ? "true" : "false");
  if (as_number(value)) return json::value(write_json(value));
  return wrong_value("String cannot represent value: " + inspect(value));
}

Coerced parse_boolean(const json::value& value) {
  if (!value.is_bool())
    return wrong_value("Boolean cannot represent a non boolean value: " + inspect(value));
  return value;
}

Coerced serialize_boolean(const json::value& value) {
  if (value.is_bool()) return value;
  if (const auto number = as_number(value)) return json::value(*number != 0);
  return wrong_value("Boolean cannot represent a non boolean value: " + inspect(value));
}

Coerced to_id(const json::value& value) {
  if (value.is_string()) return value;
  if (is_whole(as_number(value))) return json::value(write_json(value));
  return wrong_value("ID cannot represent value: " + inspect(value));
}

}  // namespace

bool is_builtin_scalar(std::string_view name) {
  return name == "Int" || name == "Float" || name == "String" || name == "Boolean" || name == "ID";
}

ScalarRules builtin_scalar_rules(std::string_view name) {
  if (name == "Int") {
    return {[](const json::value& value) { return to_int(value, as_number(value)); },
            [](const json::value& value) { return to_int(value, as_serialized_number(value)); }};
  }
  if (name == "Float") {
    return {[](const json::value& value) { return to_float(value, as_number(value)); },
            [](const json::value& value) { return to_float(value, as_serialized_number(value)); }};
  }
  if (name == "String") return {parse_string, serialize_string};
  if (name == "Boolean") return {parse_boolean, serialize_boolean};
  return {to_id, to_id};
}

ScalarRules any_scalar_rules() {
  const auto same = [](const json::value& value) -> Coerced { return value; };
  return {same, same};
}

}  // namespace dth::graphql

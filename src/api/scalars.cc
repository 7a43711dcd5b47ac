#include "api/scalars.h"

#include <charconv>

#include "base/clock.h"
#include "base/zoned_time.h"
#include "graphql/schema/inspect.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using Coerced = Result<json::value>;

Error not_a(std::string_view type, const json::value& value, std::string_view expected) {
  return {ErrorCode::invalid_argument,
          std::string(type) + " cannot represent " + graphql::inspect(value) + ": expected " +
              std::string(expected),
          ""};
}

// Clients may also send a JSON number: it is read exactly.
Coerced parse_big_int(const json::value& value) {
  if (value.is_int64()) return value;
  if (const auto* text = value.if_string()) {
    std::int64_t number = 0;
    const char* end = text->data() + text->size();
    const auto parsed = std::from_chars(text->data(), end, number);
    if (!text->empty() && parsed.ec == std::errc() && parsed.ptr == end) return json::value(number);
  }
  return not_a("BigInt", value, "a whole number of 64 bits as a string, such as \"42\"");
}

Coerced serialize_big_int(const json::value& value) {
  if (const auto* number = value.if_int64()) return json::value(std::to_string(*number));
  if (const auto* number = value.if_uint64()) return json::value(std::to_string(*number));
  return not_a("BigInt", value, "a whole number");
}

Coerced parse_date_time(const json::value& value) {
  if (const auto* text = value.if_string()) {
    if (const auto time = parse_zoned_time(std::string_view(*text)))
      return json::value(format_time(*time));
  }
  return not_a("DateTime", value, "a time such as \"2026-11-01T09:30:00Z\"");
}

Coerced serialize_date_time(const json::value& value) {
  if (value.is_string()) return value;
  return not_a("DateTime", value, "a time");
}

}  // namespace

graphql::SchemaOptions scalar_rules() {
  return {.scalars = {{"BigInt", {parse_big_int, serialize_big_int}},
                      {"DateTime", {parse_date_time, serialize_date_time}}}};
}

}  // namespace dth::api

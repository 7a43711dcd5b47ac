#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/error.h"
#include "base/json_reader.h"
#include "base/json_writer.h"

// How payloads are written as JSON, and read: for the sources that do so.
namespace dth::object_copy {
namespace json = boost::json;

inline json::value bytes(const std::string& text) {
  if (is_valid_utf8(text)) return json::string(text);
  return json::object{{"base64", base64_encode(as_bytes(text))}};
}

// The readers throw on what does not fit; parse() below turns that into data_corrupted.
inline std::string read_bytes(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  auto decoded = base64_decode(std::string_view(value.as_object().at("base64").as_string()));
  if (!decoded) throw std::invalid_argument("not base64");
  return *decoded;
}

inline std::string read_text(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found ? read_bytes(*found) : std::string();
}

template <class Number>
Number read_number(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found ? found->to_number<Number>() : Number{};
}

inline bool read_flag(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found && found->as_bool();
}

inline Error unreadable_job(const char* what, std::string why) {
  return {ErrorCode::data_corrupted,
          std::string("the state holds a ") + what +
              " job that cannot be read; was the file changed by hand?",
          std::move(why)};
}

template <class Read>
auto parse(const char* what, std::string_view text, Read read)
    -> Result<decltype(read(json::object()))> {
  json::monotonic_resource memory;  // a batch is thousands of values, which all go at once
  const auto parsed = parse_json(text, what, {.memory = &memory});
  if (parsed.has_error()) return unreadable_job(what, parsed.error().to_string());
  try {
    return read(parsed->as_object());
  } catch (const std::exception& problem) {
    return unreadable_job(what, problem.what());
  }
}

}  // namespace dth::object_copy

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/error.h"

// All JSON that the program reads, by Boost.JSON.
namespace dth {

struct JsonReadOptions {
  std::size_t depth_max = 32;
  bool any_bytes = false;                // strings need not be UTF-8
  boost::json::storage_ptr memory = {};  // of the value's own
};

// The text as a value. data_corrupted says where it goes wrong; `what` is how the message begins:
// "the body". The message holds nothing of the text.
Result<boost::json::value> parse_json(std::string_view text, std::string_view what,
                                      const JsonReadOptions& options = {});

// Takes the fields of a JSON object that came from outside. The first wrong one is noted; what is
// read after it is empty. So the reader asks error() once, at the end.
class JsonObjectReader {
 public:
  // `what` names the object in messages.
  JsonObjectReader(const boost::json::object& object, std::string_view what)
      : object_(object), what_(what) {}

  // Empty where the field is missing.
  std::string text(std::string_view name) {
    const auto* value = object_.if_contains(name);
    if (value == nullptr) return {};
    if (const auto* text = value->if_string()) return std::string(text->data(), text->size());
    return fail(name, "is not a string");
  }

  // The inverse of JsonObjectWriter::bytes(); empty where both fields are missing.
  std::string bytes(std::string_view name) {
    const std::string encoded_name = std::string(name) + "_base64";
    if (object_.if_contains(encoded_name) == nullptr) return text(name);
    auto decoded = base64_decode(text(encoded_name));
    return decoded ? std::move(*decoded) : fail(encoded_name, "is not base64");
  }

  // 0 where the field is missing.
  std::uint64_t number(std::string_view name) {
    const auto* value = object_.if_contains(name);
    if (value == nullptr) return 0;
    if (const auto* number = value->if_uint64()) return *number;
    if (const auto* number = value->if_int64(); number != nullptr && *number >= 0)
      return static_cast<std::uint64_t>(*number);
    fail(name, "is not a whole number");
    return 0;
  }

  void require(std::string_view name, bool present) {
    if (!present) fail(name, "is missing");
  }

  std::string fail(std::string_view name, std::string_view why) {
    if (!error_) {
      error_ = Error{
          ErrorCode::data_corrupted,
          std::string(what_) + ": the field \"" + std::string(name) + "\" " + std::string(why),
          {}};
    }
    return {};
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  const boost::json::object& object_;
  std::string_view what_;
  std::optional<Error> error_;
};

}  // namespace dth

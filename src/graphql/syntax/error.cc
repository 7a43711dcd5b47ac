#include "graphql/syntax/error.h"

#include <array>
#include <stdexcept>

namespace dth::graphql {

namespace {

constexpr std::size_t suggestions_shown_max = 5;

constexpr std::array<std::string_view, 13> public_codes = {
    "CANCELLED",       "TIMEOUT",           "THROTTLED",           "UNAVAILABLE",
    "NOT_FOUND",       "ALREADY_EXISTS",    "PRECONDITION_FAILED", "BAD_USER_INPUT",
    "UNAUTHENTICATED", "PERMISSION_DENIED", "DATA_CORRUPTED",      "UNSUPPORTED",
    "INTERNAL",
};
static_assert(public_codes.size() == static_cast<std::size_t>(ErrorCode::internal) + 1);

}  // namespace

void throw_exception_from_error(const GraphqlError& error, const boost::source_location& where) {
  throw std::logic_error("value() of a failed GraphqlResult in " +
                         std::string(where.function_name()) + ": " + error.message);
}

std::string_view public_code(ErrorCode code) {
  return public_codes.at(static_cast<std::size_t>(code));
}

boost::json::object to_json(const GraphqlError& error) {
  boost::json::object json;
  json["message"] = error.message;
  if (!error.locations.empty()) {
    auto& locations = json["locations"].emplace_array();
    for (const auto& location : error.locations) {
      locations.push_back(
          boost::json::object{{"line", location.line}, {"column", location.column}});
    }
  }
  if (!error.path.empty()) {
    auto& path = json["path"].emplace_array();
    for (const auto& segment : error.path) {
      std::visit([&](const auto& step) { path.emplace_back(step); }, segment);
    }
  }
  auto& extensions = json["extensions"].emplace_object();
  extensions["code"] = public_code(error.code);
  if (!error.field.empty()) extensions["field"] = error.field;
  if (!error.detail.empty()) extensions["detail"] = error.detail;
  return json;
}

std::string bounded_message(std::string message) {
  constexpr std::size_t message_bytes_max = 4000;
  if (message.size() <= message_bytes_max) return message;
  std::size_t end = message_bytes_max;
  // Not within a character.
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) --end;
  message.resize(end);
  return message + "...";
}

std::string quoted_list(const std::vector<std::string>& words, std::string_view conjunction) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += words.size() > 2 ? ", " : " ";
    if (i > 0 && i + 1 == words.size()) text += std::string(conjunction) + " ";
    text += '"' + words[i] + '"';
  }
  return text;
}

std::string did_you_mean(std::vector<std::string> suggestions, std::string_view kind) {
  if (suggestions.empty()) return "";
  if (suggestions.size() > suggestions_shown_max) suggestions.resize(suggestions_shown_max);
  return " Did you mean " + std::string(kind) + quoted_list(suggestions, "or") + "?";
}

}  // namespace dth::graphql

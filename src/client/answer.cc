#include "client/answer.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_reader.h"

namespace dth::client {
namespace {

namespace json = boost::json;

constexpr std::size_t message_bytes_max = 2000;
constexpr std::size_t user_errors_max = 20;

struct CodeName {
  std::string_view name;
  ErrorCode code;
};

// ErrorCode of the schema.
constexpr CodeName error_codes[] = {
    {"CANCELLED", ErrorCode::cancelled},
    {"TIMEOUT", ErrorCode::timeout},
    {"THROTTLED", ErrorCode::throttled},
    {"UNAVAILABLE", ErrorCode::unavailable},
    {"NOT_FOUND", ErrorCode::not_found},
    {"ALREADY_EXISTS", ErrorCode::already_exists},
    {"PRECONDITION_FAILED", ErrorCode::precondition_failed},
    {"BAD_USER_INPUT", ErrorCode::invalid_argument},
    {"UNAUTHENTICATED", ErrorCode::unauthenticated},
    {"PERMISSION_DENIED", ErrorCode::permission_denied},
    {"DATA_CORRUPTED", ErrorCode::data_corrupted},
    {"UNSUPPORTED", ErrorCode::unsupported},
};

// UserErrorCode of the schema.
constexpr CodeName user_error_codes[] = {
    {"REQUIRED", ErrorCode::invalid_argument},
    {"INVALID", ErrorCode::invalid_argument},
    {"TOO_LONG", ErrorCode::invalid_argument},
    {"OUT_OF_RANGE", ErrorCode::invalid_argument},
    {"WEAK_PASSWORD", ErrorCode::invalid_argument},
    {"CONFLICTING_OPTIONS", ErrorCode::invalid_argument},
    {"NOT_FOUND", ErrorCode::not_found},
    {"TAKEN", ErrorCode::already_exists},
    {"IN_USE", ErrorCode::precondition_failed},
    {"STALE_REVISION", ErrorCode::precondition_failed},
    {"WRONG_STATE", ErrorCode::precondition_failed},
    {"CONFIRMATION_REQUIRED", ErrorCode::precondition_failed},
    {"IDEMPOTENCY_KEY_REUSED", ErrorCode::precondition_failed},
    {"IDEMPOTENCY_KEY_IN_PROGRESS", ErrorCode::precondition_failed},
    {"LIMIT_REACHED", ErrorCode::throttled},
    {"UNREACHABLE", ErrorCode::unavailable},
    {"WRONG_PASSWORD", ErrorCode::unauthenticated},
    {"EXPIRED", ErrorCode::unauthenticated},
    {"UNSUPPORTED", ErrorCode::unsupported},
};

ErrorCode code_of(std::span<const CodeName> names, std::string_view name) {
  for (const CodeName& row : names) {
    if (row.name == name) return row.code;
  }
  return ErrorCode::internal;
}

// Empty where it is not a text.
std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::string shown(std::string text) {
  if (text.size() > message_bytes_max) text = text.substr(0, message_bytes_max) + "…";
  return printable(text);
}

Error not_a_hub(const std::string& hub, const std::string& what) {
  return {ErrorCode::data_corrupted, ErrorReason::foreign_answer,
          hub + " does not answer as a hub does: " + what +
              ". Check the address, and what is between here and the hub",
          ""};
}

Error unauthenticated(const std::string& hub, const std::string& said) {
  return {ErrorCode::unauthenticated,
          hub + " does not accept the sign-in: " + said + " Sign in: dth login", ""};
}

Error error_of(const json::object& error, const std::string& hub, bool has_data) {
  const std::string said = shown(text_of(error, "message"));
  const auto* extensions = error.if_contains("extensions");
  const json::object none;
  const json::object& more =
      extensions && extensions->is_object() ? extensions->get_object() : none;
  const ErrorCode code = code_of(error_codes, text_of(more, "code"));
  if (code == ErrorCode::unauthenticated) return unauthenticated(hub, said);
  // Documents are this program's own, and were checked against the schema of its own version.
  if (code == ErrorCode::invalid_argument && !has_data && !more.contains("field")) {
    return {ErrorCode::unsupported,
            hub + " does not know this request; it may be of another version than this program: " +
                said,
            ""};
  }
  return {code, hub + ": " + said, ""};
}

// "input", "name" as "name: ".
std::string field_of(const json::object& error) {
  const auto* field = error.if_contains("field");
  if (field == nullptr || !field->is_array()) return {};
  std::string path;
  for (const auto& part : field->get_array()) {
    // An id is not what people typed, or plain from the message.
    if (!part.is_string() || part.get_string() == "input" || part.get_string() == "id") continue;
    path += (path.empty() ? "" : ".") + std::string(part.get_string());
  }
  return path.empty() ? path : printable(path) + ": ";
}

}  // namespace

Error redirected(const std::string& hub, std::string_view location) {
  return {
      ErrorCode::unavailable, ErrorReason::foreign_answer,
      hub + " answers with a redirection to " + shown(std::string(location)) +
          ", which is not followed, so that your token reaches no other address. If that is the "
          "hub's address, add a context for it: dth context add",
      ""};
}

Result<json::object> read_answer(int status, const std::string& body, const std::string& hub) {
  const std::string seen = "status " + std::to_string(status);
  auto parsed = parse_json(body, "the answer");
  const bool is_json = parsed.has_value() && parsed->is_object();
  if (!is_json && status >= 500) {
    return Error{ErrorCode::unavailable, ErrorReason::foreign_answer,
                 hub + " cannot be reached: what is before it answers with " + seen +
                     ". Check that the hub runs",
                 ""};
  }
  if (!is_json) return not_a_hub(hub, seen + ", and what comes is not a JSON object");
  json::object& answer = parsed->get_object();
  const auto* data = answer.if_contains("data");
  const bool has_data = data != nullptr && data->is_object();
  const auto* errors = answer.if_contains("errors");
  if (errors != nullptr && errors->is_array() && !errors->get_array().empty()) {
    const json::value& first = errors->get_array().front();
    if (!first.is_object()) return not_a_hub(hub, seen + ", and its error is not an object");
    return error_of(first.get_object(), hub, has_data);
  }
  if (!has_data || status != 200) return not_a_hub(hub, seen + ", and JSON without data");
  return std::move(answer["data"].get_object());
}

Result<json::object> read_payload(json::object data, std::string_view root,
                                  const std::string& hub) {
  auto* payload = data.if_contains(root);
  if (payload == nullptr || !payload->is_object())
    return not_a_hub(hub, "the answer lacks " + std::string(root));
  const auto* errors = payload->get_object().if_contains("userErrors");
  if (errors == nullptr || !errors->is_array())
    return not_a_hub(hub, "the answer lacks userErrors");
  std::string said;
  ErrorCode code = ErrorCode::internal;
  std::size_t count = 0;
  for (const auto& error : errors->get_array()) {
    if (!error.is_object() || ++count > user_errors_max) continue;
    const json::object& object = error.get_object();
    if (said.empty()) code = code_of(user_error_codes, text_of(object, "code"));
    said += (said.empty() ? "" : "\n     ") + field_of(object) + shown(text_of(object, "message"));
  }
  if (count > 0) return Error{code, said, ""};
  return std::move(payload->get_object());
}

}  // namespace dth::client

#include "api/user_errors.h"

#include <array>
#include <memory>

namespace dth::api {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;

namespace {

constexpr std::array<std::string_view, 19> names = {
    "REQUIRED",
    "INVALID",
    "TOO_LONG",
    "OUT_OF_RANGE",
    "TAKEN",
    "NOT_FOUND",
    "IN_USE",
    "STALE_REVISION",
    "WRONG_STATE",
    "LIMIT_REACHED",
    "UNREACHABLE",
    "WEAK_PASSWORD",
    "WRONG_PASSWORD",
    "EXPIRED",
    "UNSUPPORTED",
    "CONFLICTING_OPTIONS",
    "IDEMPOTENCY_KEY_REUSED",
    "IDEMPOTENCY_KEY_IN_PROGRESS",
    "CONFIRMATION_REQUIRED",
};
static_assert(names.size() == static_cast<std::size_t>(UserErrorCode::confirmation_required) + 1);

std::optional<UserErrorCode> code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found:
      return UserErrorCode::not_found;
    case ErrorCode::already_exists:
      return UserErrorCode::taken;
    case ErrorCode::precondition_failed:
      return UserErrorCode::wrong_state;
    case ErrorCode::invalid_argument:
      return UserErrorCode::invalid;
    case ErrorCode::unsupported:
      return UserErrorCode::unsupported;
    default:
      return std::nullopt;
  }
}

json::array errors_array(const std::vector<UserError>& errors) {
  json::array array;
  for (const UserError& error : errors) array.push_back(user_error_object(error));
  return array;
}

}  // namespace

json::object user_error_object(const UserError& error) {
  json::value field;
  if (!error.field.empty()) {
    auto& steps = field.emplace_array();
    for (const std::string& step : error.field) steps.push_back(json::string(step));
  }
  return {{"field", std::move(field)}, {"message", error.message}, {"code", to_string(error.code)}};
}

std::string_view to_string(UserErrorCode code) { return names.at(static_cast<std::size_t>(code)); }

std::optional<UserError> user_error_of(const Error& error, std::vector<std::string> field) {
  const auto code = code_of(error.code);
  if (!code) return std::nullopt;
  return UserError{*code, error.to_string(), std::move(field)};
}

Resolved payload(Payload fields) {
  return Resolved::object(std::make_shared<const Payload>(std::move(fields)));
}

Resolved payload(std::string field, Resolved thing) {
  Payload made;
  made.fields.emplace(std::move(field), std::move(thing));
  return payload(std::move(made));
}

Resolved refused(std::vector<UserError> errors) {
  Payload made;
  made.errors = std::move(errors);
  return payload(std::move(made));
}

Resolved refused(UserError error) {
  std::vector<UserError> one;
  one.push_back(std::move(error));
  return refused(std::move(one));
}

void add_payload_resolvers(graphql::Resolvers& resolvers, const std::string& type,
                           std::vector<std::string> fields) {
  for (std::string& field : fields) {
    resolvers.field(type + "." + field, [field](const ResolveInfo& info) -> Result<Resolved> {
      const auto& all = info.parent_as<Payload>().fields;
      const auto found = all.find(field);
      return found == all.end() ? Resolved() : found->second;
    });
  }
  resolvers.field(type + ".userErrors", [](const ResolveInfo& info) -> Result<Resolved> {
    return Resolved(json::value(errors_array(info.parent_as<Payload>().errors)));
  });
}

void add_user_error_resolvers(graphql::Resolvers& resolvers) { resolvers.json_object("UserError"); }

}  // namespace dth::api

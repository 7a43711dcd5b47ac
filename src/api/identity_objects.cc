#include "api/identity_objects.h"

namespace dth::api {

namespace json = boost::json;
using graphql::Resolved;

namespace {

json::value time_or_null(const std::optional<TimePoint>& time) {
  return time ? json::value(json::string(format_time(*time))) : json::value();
}

UserErrorCode code_of(control::FaultKind kind) {
  using control::FaultKind;
  switch (kind) {
    case FaultKind::required:
      return UserErrorCode::required;
    case FaultKind::invalid:
      return UserErrorCode::invalid;
    case FaultKind::too_long:
      return UserErrorCode::too_long;
    case FaultKind::out_of_range:
      return UserErrorCode::out_of_range;
    case FaultKind::taken:
      return UserErrorCode::taken;
    case FaultKind::not_found:
      return UserErrorCode::not_found;
    case FaultKind::stale_revision:
      return UserErrorCode::stale_revision;
    case FaultKind::wrong_state:
      return UserErrorCode::wrong_state;
    case FaultKind::limit_reached:
      return UserErrorCode::limit_reached;
    case FaultKind::weak_password:
      return UserErrorCode::weak_password;
    case FaultKind::wrong_password:
      return UserErrorCode::wrong_password;
    case FaultKind::expired:
      return UserErrorCode::expired;
    case FaultKind::in_use:
      return UserErrorCode::in_use;
    case FaultKind::unsupported:
      return UserErrorCode::unsupported;
    case FaultKind::confirmation_required:
      return UserErrorCode::confirmation_required;
  }
  return UserErrorCode::invalid;
}

// "endpoint.options.region": input, endpoint, options, region.
std::vector<std::string> field_path(std::string_view field) {
  std::vector<std::string> path{"input"};
  while (!field.empty()) {
    const std::size_t dot = std::min(field.find('.'), field.size());
    path.emplace_back(field.substr(0, dot));
    field.remove_prefix(std::min(dot + 1, field.size()));
  }
  return path;
}

}  // namespace

Resolved user_object(const state::User& user) {
  json::object object;
  object["id"] = user.id;
  object["name"] = user.name;
  object["email"] = user.email;
  object["role"] = enum_name(to_string(user.role));
  object["isDisabled"] = user.state == state::UserState::disabled;
  object["locale"] = text_or_null(user.locale);
  object["timeZone"] = text_or_null(user.time_zone);
  object["revision"] = static_cast<std::int64_t>(user.revision);
  object["createdAt"] = format_time(user.created_at);
  object["lastSignInAt"] = time_or_null(user.last_sign_in_at);
  return Resolved(json::value(std::move(object)));
}

Resolved session_object(const state::Session& session, const std::string& current) {
  json::object object;
  object["id"] = session.id;
  object["createdAt"] = format_time(session.created_at);
  object["lastUsedAt"] = format_time(session.last_used_at);
  object["expiresAt"] = format_time(session.expires_at);
  object["address"] = shown(session.address);
  object["client"] = shown(session.client);
  object["isCurrent"] = session.id == current;
  return Resolved(json::value(std::move(object)));
}

Resolved token_object(const state::ApiToken& token) {
  json::object object;
  object["id"] = token.id;
  object["name"] = token.name;
  object["ownerName"] = text_or_null(token.owner_name);
  object["scope"] = enum_name(to_string(token.scope));
  object["lastFour"] = token.last_four;
  object["createdAt"] = format_time(token.created_at);
  object["expiresAt"] = time_or_null(token.expires_at);
  object["lastUsedAt"] = time_or_null(token.last_used_at);
  object["lastUsedFrom"] = text_or_null(token.last_used_from);
  return Resolved(json::value(std::move(object)));
}

std::vector<UserError> errors_of(const std::vector<control::Fault>& faults) {
  std::vector<UserError> errors;
  for (const control::Fault& fault : faults) {
    UserError error{code_of(fault.kind), fault.message, {}};
    if (!fault.field.empty()) error.field = field_path(fault.field);
    errors.push_back(std::move(error));
  }
  return errors;
}

Error needs_a_session() {
  return {ErrorCode::permission_denied,
          "This needs a user who has signed in: an API token cannot do it.", ""};
}

bool InputReader::has(std::string_view name) const {
  const json::value* value = input_.if_contains(name);
  return value != nullptr && !value->is_null();
}

std::string InputReader::text(std::string_view name) const {
  return optional_text(name).value_or(std::string());
}

std::optional<std::string> InputReader::optional_text(std::string_view name) const {
  if (!has(name)) return std::nullopt;
  return std::string(input_.at(name).as_string());
}

std::optional<std::int64_t> InputReader::number(std::string_view name) const {
  if (!has(name)) return std::nullopt;
  return input_.at(name).to_number<std::int64_t>();
}

std::optional<state::Role> InputReader::role(std::string_view name) const {
  const auto word = optional_text(name);
  return word ? state::parse_role(enum_word(*word)) : std::nullopt;
}

std::vector<std::string> InputReader::texts(std::string_view name) const {
  std::vector<std::string> all;
  if (!has(name)) return all;
  for (const json::value& text : input_.at(name).as_array()) all.emplace_back(text.as_string());
  return all;
}

}  // namespace dth::api

#pragma once

#include "api/identity_service.h"
#include "api/user_errors.h"
#include "api/values.h"

namespace dth::api {

// How users, sessions and tokens become objects of the API, and inputs are read.

graphql::Resolved user_object(const state::User& user);
graphql::Resolved session_object(const state::Session& session, const std::string& current);
graphql::Resolved token_object(const state::ApiToken& token);

std::vector<UserError> errors_of(const std::vector<control::Fault>& faults);

// A token cannot do what only somebody at a browser does.
Error needs_a_session();

// The members of the argument `input`.
class InputReader {
 public:
  explicit InputReader(const graphql::ResolveInfo& info)
      : input_(info.arguments.at("input").as_object()) {}

  bool has(std::string_view name) const;          // given, and not null
  std::string text(std::string_view name) const;  // empty where it is not given
  std::optional<std::string> optional_text(std::string_view name) const;
  std::optional<std::int64_t> number(std::string_view name) const;
  std::optional<state::Role> role(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;

 private:
  const boost::json::object& input_;
};

}  // namespace dth::api

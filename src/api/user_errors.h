#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "graphql/execution/resolvers.h"

namespace dth::api {

// What the sender of a mutation can put right, answered as data: the list `userErrors` of the
// mutation's payload. What the sender cannot (not signed in, not allowed, unavailable, a bug) is an
// error of the response: the resolver fails with an Error.

// The enum UserErrorCode of the schema, in the same order.
enum class UserErrorCode {
  required,                     // the field is missing or empty
  invalid,                      // the value cannot be used
  too_long,                     // longer than is allowed
  out_of_range,                 // a number beyond its limits
  taken,                        // the name belongs to another thing
  not_found,                    // there is no such thing
  in_use,                       // others need the thing, so it cannot be changed or deleted
  stale_revision,               // somebody else changed it since it was read
  wrong_state,                  // the thing is in a state that does not allow this
  limit_reached,                // no more of these are allowed
  unreachable,                  // a place that was to be tried does not answer
  weak_password,                // the password is too easy to guess
  wrong_password,               // the password that was to confirm the change is wrong
  expired,                      // a token or link is too old
  unsupported,                  // this hub cannot do it
  conflicting_options,          // these options exclude each other
  idempotency_key_reused,       // the key was used with another input
  idempotency_key_in_progress,  // the first call with this key is not finished
  confirmation_required,        // what it would do has to be confirmed by name
};
// "WRONG_STATE".
std::string_view to_string(UserErrorCode code);

struct UserError {
  UserErrorCode code = UserErrorCode::invalid;
  std::string message;  // what failed: why. What to do.
  // Where in the mutation's arguments: {"input", "source"}. Empty: the request as a whole.
  std::vector<std::string> field = {};
};

// The user error that a failed use case stands for: not_found is NOT_FOUND, already_exists TAKEN,
// precondition_failed WRONG_STATE, invalid_argument INVALID, unsupported UNSUPPORTED. Nothing for
// all other codes: the resolver fails with the Error itself.
std::optional<UserError> user_error_of(const Error& error, std::vector<std::string> field = {});

// What a mutation answers: fields by name, and the user errors. Fields that are not there are null.
struct Payload {
  std::map<std::string, graphql::Resolved, std::less<>> fields = {};
  std::vector<UserError> errors = {};
};
graphql::Resolved payload(std::string field, graphql::Resolved thing);
graphql::Resolved payload(Payload fields);
// One of them, as a field of the type UserError.
boost::json::object user_error_object(const UserError& error);
graphql::Resolved refused(UserError error);
graphql::Resolved refused(std::vector<UserError> errors);

// The resolvers of a payload's type: these fields, and userErrors. The type UserError is registered
// once, by add_user_error_resolvers().
void add_payload_resolvers(graphql::Resolvers& resolvers, const std::string& type,
                           std::vector<std::string> fields);
void add_user_error_resolvers(graphql::Resolvers& resolvers);

}  // namespace dth::api

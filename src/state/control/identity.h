#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace dth::state {

// What somebody may do. Each role may do what those before it may; `anyone` is who has not signed
// in.
enum class Role { anyone, viewer, operator_, admin };
// "anyone", "viewer", "operator", "admin".
std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view word);

enum class UserState { active, disabled };
std::string_view to_string(UserState state);
std::optional<UserState> parse_user_state(std::string_view word);

struct User {
  std::string id;  // user_...
  std::string name;
  std::string email;  // normalised: lower case, without spaces around it
  Role role = Role::viewer;
  UserState state = UserState::active;
  std::string locale;     // BCP 47; empty: the browser's
  std::string time_zone;  // of the tz database; empty: the browser's
  std::int64_t revision = 1;
  TimePoint created_at{};
  std::optional<TimePoint> last_sign_in_at;
};

// How a user proves to be that user: a provider, and what the provider calls the user. Of the
// provider "local" the subject is the user's id, and `password_hash` is in the format of
// crypto_pwhash_str(); empty: no password was set yet.
struct LocalAccount {
  User user;
  std::string password_hash;
};
inline constexpr std::string_view local_provider = "local";

// A browser or a program that signed in. Of the secret only its SHA-256 is kept.
struct Session {
  std::string id;  // session_...
  std::string user_id;
  TimePoint created_at{};
  TimePoint last_used_at{};
  TimePoint idle_until{};  // moved when it is used
  TimePoint expires_at{};  // never moved
  std::string address;
  std::string client;  // User-Agent
};

// What a token may do at most, whatever the role of its owner: `read` only reads.
enum class TokenScope { read, operate, admin };
std::string_view to_string(TokenScope scope);
std::optional<TokenScope> parse_token_scope(std::string_view word);
// The role that a scope allows at most.
Role role_of(TokenScope scope);

struct ApiToken {
  std::string id;  // token_...
  std::string name;
  std::string owner_id;  // a user; empty: made on the host, of no user
  std::string owner_name;
  TokenScope scope = TokenScope::read;
  std::string last_four;
  TimePoint created_at{};
  std::optional<TimePoint> expires_at;
  std::optional<TimePoint> last_used_at;
  std::string last_used_from;
};

// What a link on a screen or in a log allows, once and for a while.
enum class OneTimeUse { setup, set_password };

}  // namespace dth::state

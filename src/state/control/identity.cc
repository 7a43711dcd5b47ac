#include "state/control/identity.h"

#include <array>
#include <utility>

namespace dth::state {
namespace {

template <class Word, std::size_t size>
using Words = std::array<std::pair<Word, std::string_view>, size>;

constexpr Words<Role, 4> roles = {{{Role::anyone, "anyone"},
                                   {Role::viewer, "viewer"},
                                   {Role::operator_, "operator"},
                                   {Role::admin, "admin"}}};
constexpr Words<UserState, 2> user_states = {
    {{UserState::active, "active"}, {UserState::disabled, "disabled"}}};
constexpr Words<TokenScope, 3> scopes = {
    {{TokenScope::read, "read"}, {TokenScope::operate, "operate"}, {TokenScope::admin, "admin"}}};

template <class Word, std::size_t size>
std::string_view word_of(const Words<Word, size>& words, Word value) {
  for (const auto& [known, word] : words) {
    if (known == value) return word;
  }
  return "";
}

template <class Word, std::size_t size>
std::optional<Word> parse(const Words<Word, size>& words, std::string_view word) {
  for (const auto& [value, known] : words) {
    if (known == word) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Role role) { return word_of(roles, role); }
std::optional<Role> parse_role(std::string_view word) { return parse(roles, word); }
std::string_view to_string(UserState state) { return word_of(user_states, state); }
std::optional<UserState> parse_user_state(std::string_view word) {
  return parse(user_states, word);
}
std::string_view to_string(TokenScope scope) { return word_of(scopes, scope); }
std::optional<TokenScope> parse_token_scope(std::string_view word) { return parse(scopes, word); }

Role role_of(TokenScope scope) {
  switch (scope) {
    case TokenScope::read:
      return Role::viewer;
    case TokenScope::operate:
      return Role::operator_;
    case TokenScope::admin:
      return Role::admin;
  }
  return Role::anyone;
}

}  // namespace dth::state

#pragma once

#include <string>
#include <string_view>

namespace dth::control {

// Secrets that the hub gives out: "dth_token_..." and so on, with 52 characters of base 32 (260
// random bits). They are shown once. State keeps their SHA-256 and finds them by it, so that no
// comparison takes a time that depends on a secret.
enum class SecretKind { token, session, setup, link };

struct NewSecret {
  std::string text;
  std::string hash;
  std::string last_four;  // for people, to tell them apart
};
NewSecret new_secret(SecretKind kind);

// Nothing can be one that does not look so, and needs no look into the state.
bool looks_like(SecretKind kind, std::string_view text);

// SHA-256 in hexadecimal digits.
std::string hash_of_secret(std::string_view text);

}  // namespace dth::control

#include "control/identity/secrets.h"

#include <sodium.h>

#include "base/hash.h"

namespace dth::control {
namespace {

constexpr std::size_t random_size = 52;
constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

std::string random_characters() {
  unsigned char bytes[random_size];
  randombytes_buf(bytes, sizeof bytes);
  std::string text;
  for (const unsigned char byte : bytes) text += alphabet[byte % alphabet.size()];
  sodium_memzero(bytes, sizeof bytes);
  return text;
}

std::string_view prefix_of(SecretKind kind) {
  switch (kind) {
    case SecretKind::token:
      return "dth_token_";
    case SecretKind::session:
      return "dth_session_";
    case SecretKind::setup:
      return "dth_setup_";
    case SecretKind::link:
      return "dth_link_";
  }
  return "";
}

}  // namespace

NewSecret new_secret(SecretKind kind) {
  NewSecret secret;
  secret.text = std::string(prefix_of(kind)) + random_characters();
  secret.hash = hash_of_secret(secret.text);
  secret.last_four = secret.text.substr(secret.text.size() - 4);
  return secret;
}

bool looks_like(SecretKind kind, std::string_view text) {
  const std::string_view prefix = prefix_of(kind);
  if (text.size() != prefix.size() + random_size || !text.starts_with(prefix)) return false;
  return text.find_first_not_of(alphabet, prefix.size()) == std::string_view::npos;
}

std::string hash_of_secret(std::string_view text) {
  return hash(HashAlgorithm::sha256, as_bytes(text)).hex();
}

}  // namespace dth::control

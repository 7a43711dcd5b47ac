#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "control/vault/master_keys.h"
#include "options/option.h"

namespace dth::control {

// What an envelope belongs to. It opens for nothing else, so that no envelope can be put in the
// place of another one.
struct Binding {
  std::string_view thing;  // "credential"
  std::string_view id;
  std::string_view kind;
};

// A secret that was sealed: XChaCha20-Poly1305 (libsodium) under a master key, with a random nonce
// of 24 bytes. docs/security.md has its bytes.
std::string seal(const SecretKey& key, const Binding& binding, const options::Values& secret);

// The id of the key that it was sealed with; nothing where it is not an envelope.
std::optional<std::string> key_id_of(std::string_view envelope);

// data_corrupted: it was changed, or sealed for something else, or with another key.
Result<options::Values> open(const SecretKey& key, const Binding& binding,
                             std::string_view envelope);

}  // namespace dth::control

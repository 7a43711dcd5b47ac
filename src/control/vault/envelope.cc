#include "control/vault/envelope.h"

#include <boost/json.hpp>
#include <sodium.h>

#include "base/encoding.h"
#include "base/json_reader.h"
#include "base/json_writer.h"

namespace dth::control {
namespace {

// Version, key id, nonce; then the ciphertext with its tag.
constexpr char version = 1;
constexpr std::size_t key_id_size = 8;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t head_size = 1 + key_id_size + nonce_size;
constexpr std::size_t secret_size_max = 256 * 1024;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == SecretKey::size);

// Lengths tell texts apart that are one after the other.
std::string bound_to(const Binding& binding, std::string_view head) {
  std::string text = "dth vault 1\n";
  for (const std::string_view part : {head, binding.thing, binding.id, binding.kind}) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
  }
  return text;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// Wiped at its end.
struct Plain {
  ~Plain() { sodium_memzero(text.data(), text.size()); }
  std::string text;
};

Error damaged(const Binding& binding) {
  return {ErrorCode::data_corrupted,
          "the secret of the " + std::string(binding.thing) + " " + std::string(binding.id) +
              " cannot be opened: it was damaged or belongs to something else",
          {}};
}

}  // namespace

std::string seal(const SecretKey& key, const Binding& binding, const options::Values& secret) {
  Plain plain;
  plain.text = "{";
  for (const auto& [name, value] : secret) {
    if (plain.text.size() > 1) plain.text += ',';
    append_json_string(name, &plain.text);
    plain.text += ':';
    append_json_string(value, &plain.text);
  }
  plain.text += '}';
  std::string envelope(1, version);
  envelope += *hex_decode(key.id());
  envelope.resize(head_size + plain.text.size() + tag_size);
  randombytes_buf(envelope.data() + 1 + key_id_size, nonce_size);
  const std::string bound =
      bound_to(binding, std::string_view(envelope).substr(0, 1 + key_id_size));
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      bytes_of(envelope) + head_size, nullptr, bytes_of(std::string_view(plain.text)),
      plain.text.size(), bytes_of(std::string_view(bound)), bound.size(), nullptr,
      bytes_of(envelope) + 1 + key_id_size, key.data());
  return envelope;
}

std::optional<std::string> key_id_of(std::string_view envelope) {
  if (envelope.size() < head_size + tag_size || envelope.front() != version) return std::nullopt;
  return hex_encode(as_bytes(envelope.substr(1, key_id_size)));
}

Result<options::Values> open(const SecretKey& key, const Binding& binding,
                             std::string_view envelope) {
  const auto id = key_id_of(envelope);
  if (!id || *id != key.id() || envelope.size() > head_size + secret_size_max)
    return damaged(binding);
  Plain plain;
  plain.text.resize(envelope.size() - head_size - tag_size);
  const std::string bound = bound_to(binding, envelope.substr(0, 1 + key_id_size));
  const bool opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
                          bytes_of(plain.text), nullptr, nullptr, bytes_of(envelope) + head_size,
                          envelope.size() - head_size, bytes_of(std::string_view(bound)),
                          bound.size(), bytes_of(envelope) + 1 + key_id_size, key.data()) == 0;
  if (!opened) return damaged(binding);
  const auto parsed = parse_json(plain.text, "a secret");
  if (parsed.has_error() || !parsed->is_object()) return damaged(binding);
  options::Values secret;
  for (const auto& field : parsed->get_object()) {
    if (!field.value().is_string()) return damaged(binding);
    const auto& text = field.value().get_string();
    secret.emplace(std::string(field.key()), std::string(text.data(), text.size()));
  }
  return secret;
}

}  // namespace dth::control

#include "control/vault/vault.h"

namespace dth::control {
namespace {

Binding check_binding(std::string_view key_id) { return {"vault", key_id, "check"}; }

Error wrong_key(const std::string& needed, const KeySource& source) {
  return {ErrorCode::unauthenticated,
          "wrong master key: the secrets of this state are sealed with the key " + needed +
              ", which is not in " + source.name() +
              ": put it back there, or name the right file with --master-key",
          {}};
}

}  // namespace

state::VaultKey make_key_check(const SecretKey& key) {
  return {.id = key.id(), .check = seal(key, check_binding(key.id()), {{"check", "dth"}})};
}

bool opens(const SecretKey& key, const state::VaultKey& check) {
  return open(key, check_binding(check.id), check.check).has_value();
}

Result<std::unique_ptr<Vault>> Vault::open(KeySource source, state::CredentialStore& store,
                                           Begin begin) {
  std::unique_ptr<Vault> vault(new Vault(std::move(source), store));
  auto keys = store.keys();
  if (keys.has_error()) return keys.error();
  if (keys->empty() && begin == Begin::no) {
    return Error{
        ErrorCode::not_found, "this state has no vault yet: the first `dth serve` makes it", {}};
  }
  if (keys->empty()) {
    if (auto begun = vault->begin(); begun.has_error()) return begun.error();
  }
  if (auto refreshed = vault->refresh(); refreshed.has_error()) return refreshed.error();
  return vault;
}

// Another hub may do the same at the same moment: the state keeps one key, and refresh() tells
// whether it is ours.
Result<void> Vault::begin() {
  auto ring = source_.read();
  if (ring.has_error() && ring.error().code == ErrorCode::not_found && source_.may_be_made()) {
    auto created = source_.create({SecretKey::generate()});
    if (created.has_error() && created.error().code != ErrorCode::already_exists)
      return created.error();
    ring = source_.read();
  }
  if (ring.has_error()) return ring.error();
  auto begun = store_.begin_keys(make_key_check(*ring->front()));
  if (begun.has_error()) return begun.error();
  return {};
}

Result<void> Vault::refresh() {
  auto keys = store_.keys();
  if (keys.has_error()) return keys.error();
  auto ring = source_.read();
  if (ring.has_error() && ring.error().code == ErrorCode::not_found && !keys->empty())
    return wrong_key(keys->front().id, source_);
  if (ring.has_error()) return ring.error();
  if (keys->empty()) {
    return Error{ErrorCode::not_found, "this state has no vault any more", {}};
  }
  const state::VaultKey& check = keys->front();
  auto current = find_key(*ring, check.id);
  if (!current || !opens(*current, check)) return wrong_key(check.id, source_);
  const std::lock_guard lock(mutex_);
  ring_ = std::move(*ring);
  current_ = std::move(current);
  return {};
}

std::string Vault::current_key() const {
  const std::lock_guard lock(mutex_);
  return current_->id();
}

Result<Vault::Sealed> Vault::seal(const Binding& binding, const options::Values& secret) const {
  std::shared_ptr<const SecretKey> key;
  {
    const std::lock_guard lock(mutex_);
    key = current_;
  }
  return Sealed{.envelope = control::seal(*key, binding, secret), .key = key->id()};
}

Result<options::Values> Vault::open(const Binding& binding, const std::string& envelope) {
  const auto id = key_id_of(envelope);
  if (!id) {
    return Error{ErrorCode::data_corrupted,
                 "the secret of the " + std::string(binding.thing) + " " + std::string(binding.id) +
                     " is damaged: give it again",
                 {}};
  }
  for (bool again = false;; again = true) {
    std::shared_ptr<const SecretKey> key;
    {
      const std::lock_guard lock(mutex_);
      key = find_key(ring_, *id);
    }
    if (key) return control::open(*key, binding, envelope);
    if (again) break;
    // Somebody changed the master key meanwhile.
    if (auto refreshed = refresh(); refreshed.has_error()) return refreshed.error();
  }
  return Error{ErrorCode::unauthenticated,
               "the secret of the " + std::string(binding.thing) + " " + std::string(binding.id) +
                   " is sealed with the master key " + *id + ", which is not in " + source_.name() +
                   ": put that key back there, or give the secret again",
               {}};
}

}  // namespace dth::control

#include "control/vault/rotation.h"

#include <algorithm>

namespace dth::control {
namespace {

class Rotating {
 public:
  Rotating(const KeySource& source, state::CredentialStore& store, state::AuditEntry who,
           const RotationOptions& options)
      : source_(source), store_(store), who_(std::move(who)), options_(options) {
    who_.action = "rotateMasterKey";
    who_.target_kind = "vault";
  }

  Result<Rotation> run() {
    // Looked at before, because the lock of a file that is not there cannot be had.
    auto known = Vault::open(source_, store_, Vault::Begin::no);
    if (known.has_error()) return known.error();
    auto lock = source_.lock();
    if (lock.has_error()) return lock.error();
    // Another rotation may have ended in between.
    auto checked = Vault::open(source_, store_, Vault::Begin::no);
    if (checked.has_error()) return checked.error();
    for (const bool is_first : {true, false}) {
      auto begun = begin(is_first);
      if (begun.has_error()) return begun.error();
      auto finished = finish();
      if (finished.has_error()) return finished.error();
      // Secrets that no earlier key opened do not forbid a new key.
      const bool did_nothing = rotation_.resumed && rotation_.resealed == 0 && !changed_key_ &&
                               !rotation_.dropped_old_keys;
      if (!did_nothing) break;
    }
    return rotation_;
  }

 private:
  // Which key is to be the current one; it is in the file and in state afterwards.
  Result<void> begin(bool may_resume) {
    auto keys = store_.keys();
    if (keys.has_error()) return keys.error();
    auto ring = source_.read();
    if (ring.has_error()) return ring.error();
    const std::string& current = keys->front().id;
    const KeyRing earlier = *ring;
    bool changed_file = false;
    const bool is_pending = ring->front()->id() != current || keys->size() > 1;
    rotation_.resumed = is_pending && may_resume && keys->size() > 1;
    if (ring->front()->id() == current && !(is_pending && may_resume)) {
      if (!source_.is_writable()) {
        return Error{ErrorCode::invalid_argument,
                     "the master key comes from " + source_.name() +
                         ", which this program does not change: put a new key before the old one "
                         "there (`openssl rand -base64 32`), restart hubs and workers, and rotate",
                     {}};
      }
      if (auto room = make_room(&*ring, *keys); room.has_error()) return room.error();
      ring->insert(ring->begin(), SecretKey::generate());
      if (auto written = source_.write(*ring); written.has_error()) return written.error();
      changed_file = true;
    }
    ring_ = std::move(*ring);
    rotation_.key = ring_.front()->id();
    if (rotation_.key == current) return {};
    state::AuditChanges changes;
    changes.add("key", current, rotation_.key);
    who_.changes = changes.to_json();
    changed_key_ = true;
    auto changed = store_.change_key(current, make_key_check(*ring_.front()), who_);
    // Another host rotated with a copy of the file: the key that was made here is nobody's. After
    // other errors it may be the current one, and stays in the file.
    if (changed.has_error() && changed.error().code == ErrorCode::precondition_failed &&
        changed_file) {
      if (auto restored = source_.write(earlier); restored.has_error()) return restored.error();
    }
    return changed;
  }

  // A file of more than keys_max keys could not be read again. Keys that the state does not know
  // seal nothing in it: they were kept for backups.
  Result<void> make_room(KeyRing* ring, const std::vector<state::VaultKey>& known) const {
    if (ring->size() < keys_max) return {};
    if (!options_.keeps_old_keys) {
      std::erase_if(*ring, [&](const auto& key) {
        return std::none_of(known.begin(), known.end(),
                            [&](const state::VaultKey& one) { return one.id == key->id(); });
      });
      if (ring->size() < keys_max) return {};
    }
    return Error{ErrorCode::invalid_argument,
                 "no new master key was made: " + source_.name() + " holds " +
                     std::to_string(ring->size()) + " keys, and " + std::to_string(keys_max) +
                     " is the most. Remove those that no backup needs from its end, and replace " +
                     "credentials that cannot be opened",
                 {}};
  }

  Result<void> finish() {
    if (auto resealed = reseal_all(); resealed.has_error()) return resealed.error();
    auto left = store_.forget_old_keys();
    if (left.has_error()) return left.error();
    if (*left > 0 || options_.keeps_old_keys) return {};
    if (source_.is_writable() && ring_.size() > 1) {
      ring_.resize(1);
      if (auto written = source_.write(ring_); written.has_error()) return written.error();
      rotation_.dropped_old_keys = true;
    }
    return {};
  }

  Result<void> reseal_all() {
    rotation_.damaged.clear();
    std::string after;
    for (;;) {
      auto page = store_.sealed_otherwise(rotation_.key, after, options_.batch);
      if (page.has_error()) return page.error();
      if (page->empty()) return {};
      after = page->back().id;
      std::vector<state::CredentialStore::Resealed> batch;
      for (const state::StoredCredential& each : *page) {
        if (auto envelope = resealed(each); envelope.has_error()) {
          rotation_.damaged.push_back(each.name + ": " + envelope.error().message);
        } else {
          batch.push_back({each.id, each.sealed, std::move(*envelope)});
        }
      }
      if (auto written = store_.reseal(rotation_.key, batch); written.has_error())
        return written.error();
      rotation_.resealed += static_cast<std::int64_t>(batch.size());
      if (options_.on_batch && !options_.on_batch(rotation_.resealed)) {
        return Error{ErrorCode::cancelled,
                     "the rotation was stopped; the next `dth vault rotate` resumes it",
                     {}};
      }
    }
  }

  Result<std::string> resealed(const state::StoredCredential& credential) const {
    const Binding binding{"credential", credential.id, credential.kind};
    const auto key = find_key(ring_, credential.sealed_with);
    if (!key) {
      return Error{ErrorCode::unauthenticated,
                   "it is sealed with the master key " + credential.sealed_with +
                       ", which is not in " + source_.name(),
                   {}};
    }
    auto secret = open(*key, binding, credential.sealed);
    if (secret.has_error()) return secret.error();
    return seal(*ring_.front(), binding, *secret);
  }

  const KeySource& source_;
  state::CredentialStore& store_;
  state::AuditEntry who_;
  const RotationOptions& options_;
  KeyRing ring_;
  bool changed_key_ = false;
  Rotation rotation_;
};

}  // namespace

Result<Rotation> rotate_master_key(const KeySource& source, state::CredentialStore& store,
                                   state::AuditEntry who, const RotationOptions& options) {
  return Rotating(source, store, std::move(who), options).run();
}

}  // namespace dth::control

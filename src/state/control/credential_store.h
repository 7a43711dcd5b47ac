#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "state/control/audit_log.h"

namespace dth::state {

// A named secret that endpoints and runs refer to by its id. `sealed` is an envelope of the vault:
// state never holds what is in it.
struct StoredCredential {
  std::string id;  // credential_…
  std::string name;
  std::string kind;
  std::string options = "{}";  // a JSON object of texts, public
  std::string base = {};       // the id of the credential that it builds on; empty: none
  std::string sealed = {};
  std::string sealed_with = {};  // the id of the master key
  TimePoint created_at{};
  TimePoint rotated_at{};  // when its secret was last given
  std::optional<TimePoint> last_used_at = {};
  std::optional<TimePoint> expires_at = {};
  std::int64_t revision = 1;  // grows with each change
};

// A thing that refers to a credential: "run", "credential" or "endpoint".
struct CredentialUser {
  std::string kind;
  std::string id;
  std::string name;
};

// A master key that envelopes of this state are sealed with. `check` is an envelope that only that
// key opens.
struct VaultKey {
  std::string id;
  std::string check;
  bool operator==(const VaultKey&) const = default;
};

// Did it happen? An envelope that was sealed with a key which is not the current one any more is
// refused: nothing was changed, and the caller seals again with the current one.
enum class SealedWrite { written, key_replaced };

inline constexpr std::size_t credential_users_max = 100;

// The named secrets, sealed, and which master keys they are sealed with. See State for what every
// method keeps to, and ControlState for the entries.
class CredentialStore {
 public:
  virtual ~CredentialStore() = default;

  // already_exists where the id or the name is taken; not_found where the base is not there.
  virtual Result<SealedWrite> create(const StoredCredential& credential,
                                     const AuditEntry& entry) = 0;
  // Name, options, base, end and secret become those of `changed`, whose revision is the one that
  // the caller saw; it is one greater afterwards. rotated_at is kept as given. not_found;
  // precondition_failed: somebody else changed it; already_exists: the name is another's.
  virtual Result<SealedWrite> replace(const StoredCredential& changed, const AuditEntry& entry) = 0;
  // Who uses it: then nothing was changed. Empty: it is gone. not_found.
  virtual Result<std::vector<CredentialUser>> remove(const std::string& id,
                                                     const AuditEntry& entry) = 0;
  // not_found.
  virtual Result<StoredCredential> find(const std::string& id) = 0;
  // By name; those after the name `after`.
  virtual Result<std::vector<StoredCredential>> list(const std::string& after,
                                                     std::size_t count_max) = 0;
  // Runs that are not over, endpoints and other credentials that refer to it: the first
  // credential_users_max.
  virtual Result<std::vector<CredentialUser>> users(const std::string& id) = 0;
  // At most once a minute is it written down.
  virtual Result<void> note_used(const std::string& id, TimePoint at) = 0;

  // --- master keys
  // The current one first; empty before the first.
  virtual Result<std::vector<VaultKey>> keys() = 0;
  // `first` becomes the current key where there is none yet. The current one.
  virtual Result<VaultKey> begin_keys(const VaultKey& first) = 0;
  // `to` is current from now on; precondition_failed where `from` is not any more.
  virtual Result<void> change_key(const std::string& from, const VaultKey& to,
                                  const AuditEntry& entry) = 0;
  // Those that are sealed with another key than `key`, in the order of their ids, after `after`.
  virtual Result<std::vector<StoredCredential>> sealed_otherwise(const std::string& key,
                                                                 const std::string& after,
                                                                 std::size_t count_max) = 0;
  // Envelopes of the same secrets under another key. Those that somebody replaced since they were
  // read (`before`) are left alone.
  struct Resealed {
    std::string id;
    std::string before;
    std::string after;
  };
  virtual Result<void> reseal(const std::string& key, const std::vector<Resealed>& credentials) = 0;
  // All keys but the current one are forgotten, unless something is sealed with one: the number of
  // these envelopes.
  virtual Result<std::int64_t> forget_old_keys() = 0;
};

}  // namespace dth::state

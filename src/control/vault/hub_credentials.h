#pragma once

#include <memory>
#include <mutex>

#include "base/clock.h"
#include "control/vault/use_notes.h"
#include "control/vault/vault.h"
#include "credentials/credential_directory.h"
#include "credentials/secret_source.h"

namespace dth::control {

// The credentials that a process finds: those of the environment, and, once a hub or a worker
// opened its vault, those that are kept there. Made before it is known what the process is to do.
// Thread-safe.
class HubCredentials final : public credentials::SecretSource,
                             public credentials::CredentialDirectory {
 public:
  explicit HubCredentials(aws::Environment environment) : variables_(std::move(environment)) {}

  struct Kept {
    state::CredentialStore& store;
    Vault& vault;
    Clock& clock;
  };
  // `kept` outlives every use of a credential; detach() before it goes. That they were used is
  // written by a thread of its own; detach() waits for it.
  void attach(const Kept& kept);
  void detach();
  // From now on this process works for users of a hub.
  void restrict(net::AddressPolicy policy, bool allows_process);

  Result<options::Values> find(std::string_view kind, const std::string& name) const override;
  std::string shown_name(const std::string& name, std::string_view field) const override;

  Result<credentials::CredentialRef> find(const std::string& id) const override;
  void note_used(const std::string& id) const override;
  std::shared_ptr<const net::AddressPolicy> addresses() const override;
  bool allows_process() const override;

 private:
  std::shared_ptr<const Kept> kept() const;
  std::shared_ptr<UseNotes> notes() const;

  const credentials::EnvironmentSecrets variables_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Kept> kept_;
  std::shared_ptr<UseNotes> notes_;  // of kept_
  std::shared_ptr<const net::AddressPolicy> addresses_;
  bool allows_process_ = true;
};

}  // namespace dth::control

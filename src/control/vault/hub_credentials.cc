#include "control/vault/hub_credentials.h"

#include "control/vault/credential_service.h"
#include "credentials/credential_kinds.h"

namespace dth::control {

using credentials::CredentialRef;

void HubCredentials::attach(const Kept& kept) {
  auto notes = std::make_shared<UseNotes>(kept.store, kept.clock);
  const std::lock_guard lock(mutex_);
  kept_ = std::make_shared<const Kept>(kept);
  notes_.swap(notes);
}

void HubCredentials::detach() {
  std::shared_ptr<UseNotes> notes;  // ends without the mutex
  const std::lock_guard lock(mutex_);
  kept_.reset();
  notes.swap(notes_);
}

void HubCredentials::restrict(net::AddressPolicy policy, bool allows_process) {
  const std::lock_guard lock(mutex_);
  addresses_ = std::make_shared<const net::AddressPolicy>(policy);
  allows_process_ = allows_process;
}

std::shared_ptr<const HubCredentials::Kept> HubCredentials::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_;
}

std::shared_ptr<UseNotes> HubCredentials::notes() const {
  const std::lock_guard lock(mutex_);
  return notes_;
}

Result<options::Values> HubCredentials::find(std::string_view kind, const std::string& name) const {
  if (!name.starts_with(credentials::kept_prefix)) return variables_.find(kind, name);
  const auto kept = this->kept();
  if (!kept) return options::Values();
  auto stored = kept->store.find(name);
  if (stored.has_error() && stored.error().code == ErrorCode::not_found) return options::Values();
  if (stored.has_error()) return stored.error();
  if (stored->kind != kind) return options::Values();
  return kept->vault.open(binding_of(*stored), stored->sealed);
}

std::string HubCredentials::shown_name(const std::string& name, std::string_view field) const {
  if (!name.starts_with(credentials::kept_prefix)) return variables_.shown_name(name, field);
  return std::string(field) + " of the credential " + name;
}

Result<CredentialRef> HubCredentials::find(const std::string& id) const {
  const auto kept = this->kept();
  if (!kept) {
    return Error{ErrorCode::not_found,
                 "the credential " + id +
                     " is in the vault of a hub, which this process has not opened: run it in the "
                     "hub, or by a worker that was given --master-key",
                 {}};
  }
  auto stored = kept->store.find(id);
  if (stored.has_error()) return stored.error();
  auto options = public_options(*stored);
  if (options.has_error()) return options.error();
  CredentialRef ref{.kind = stored->kind, .name = stored->id, .options = std::move(*options)};
  if (!stored->base.empty()) {
    ref.base.push_back(
        {.kind = std::string(credentials::kind_vault), .name = std::move(stored->base)});
  }
  return ref;
}

void HubCredentials::note_used(const std::string& id) const {
  if (const auto notes = this->notes()) notes->note(id);
}

std::shared_ptr<const net::AddressPolicy> HubCredentials::addresses() const {
  const std::lock_guard lock(mutex_);
  return addresses_;
}

bool HubCredentials::allows_process() const {
  const std::lock_guard lock(mutex_);
  return allows_process_;
}

}  // namespace dth::control

#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "control/vault/vault.h"
#include "credentials/credential_kinds.h"

namespace dth::control {

// What somebody says of a credential. `secrets`: by the names of the kind's fields.
struct CredentialInput {
  std::string name;
  std::string kind;
  options::Values options = {};
  std::string base = {};  // the id of the credential that it builds on; empty: none
  options::Values secrets = {};
  std::optional<TimePoint> expires_at = {};
};

// What is to change; nothing stays as it is that is not given.
struct CredentialChange {
  std::string id;
  std::optional<std::int64_t> revision = {};  // that its sender saw; nothing: whatever it is now
  std::optional<std::string> name = {};
  std::optional<options::Values> options = {};
  std::optional<std::string> base = {};
  std::optional<TimePoint> expires_at = {};
  bool drops_expiry = false;
};

// What is wrong with one field of an input.
struct CredentialProblem {
  enum class Code { required, invalid, too_long, taken, not_found, in_use, stale, limit_reached };
  Code code = Code::invalid;
  std::string field;  // "name", "options.role-arn", "secrets.secret-access-key"; empty: all of it
  std::string message;
};

// The credential, or what is wrong with what was given; nothing was changed then.
struct CredentialOutcome {
  std::optional<state::StoredCredential> credential;
  std::vector<CredentialProblem> problems;
};

inline constexpr std::size_t credential_name_max = 100;
inline constexpr std::size_t credential_value_max = 16 * 1024;
inline constexpr std::size_t credentials_deep_max = 5;

// The use cases of the vault. Each validates everything, then asks one method of the state, which
// writes the audit entry in the same transaction. `who` is that entry with actor, address and
// request id; the rest is filled in here. Thread-safe; methods block.
//
// No method gives a secret back, and no problem, error or entry repeats one.
class CredentialService {
 public:
  // These outlive it.
  CredentialService(state::CredentialStore& store, Vault& vault, Clock& clock)
      : store_(store), vault_(vault), clock_(clock) {}

  Result<CredentialOutcome> create(CredentialInput input, state::AuditEntry who);
  // Everything but the secret.
  Result<CredentialOutcome> update(const CredentialChange& change, state::AuditEntry who);
  // Another secret, whole: fields that are not given are not kept. What runs at this moment goes on
  // with the new one.
  Result<CredentialOutcome> rotate(const std::string& id, const options::Values& secrets,
                                   std::optional<TimePoint> expires_at, state::AuditEntry who);
  // The credential as it was.
  Result<CredentialOutcome> remove(const std::string& id, state::AuditEntry who);

  // not_found.
  Result<state::StoredCredential> find(const std::string& id) { return store_.find(id); }
  Result<std::vector<state::StoredCredential>> list(const std::string& after,
                                                    std::size_t count_max) {
    return store_.list(after, count_max);
  }
  Result<std::vector<state::CredentialUser>> users(const std::string& id) {
    return store_.users(id);
  }

 private:
  Result<CredentialOutcome> write(state::StoredCredential credential,
                                  const options::Values& secrets, const state::AuditEntry& entry,
                                  bool is_new);
  Result<void> check_base(const state::StoredCredential& credential,
                          std::vector<CredentialProblem>* problems);

  state::CredentialStore& store_;
  Vault& vault_;
  Clock& clock_;
};

// Must it be given, among a kind's options or secrets?
bool is_required(const options::Option& option);

Binding binding_of(const state::StoredCredential& credential);
// data_corrupted where they are not what create() kept.
Result<options::Values> public_options(const state::StoredCredential& credential);

}  // namespace dth::control

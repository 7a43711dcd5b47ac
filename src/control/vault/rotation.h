#pragma once

#include <functional>
#include <string>
#include <vector>

#include "control/vault/vault.h"

namespace dth::control {

struct RotationOptions {
  std::size_t batch = 50;       // envelopes that one transaction seals again
  bool keeps_old_keys = false;  // in the file: for backups that were made before
  // After each batch: how many were sealed again so far. False: stop here, as a kill would.
  std::function<bool(std::int64_t)> on_batch = {};
};

struct Rotation {
  std::string key;       // the current one from now on
  bool resumed = false;  // an earlier one that was interrupted
  std::int64_t resealed = 0;
  // Credentials that could not be opened, by name and why; they stay as they are, and so does the
  // key that they are sealed with.
  std::vector<std::string> damaged;
  bool dropped_old_keys = false;
};

// A new master key, and all secrets sealed with it, while hubs and workers run: they notice. In
// order: the new key into the file beside the old one; the new one becomes current in state; the
// envelopes, batch by batch; the old one out of state and file. Interrupted at any point, the next
// call resumes. Where the keys do not come from a file, the operator puts the new one before the
// old one there first. One at a time changes a file: already_exists where another does. `who`: the
// entry of the audit log, of which the action is set here.
Result<Rotation> rotate_master_key(const KeySource& source, state::CredentialStore& store,
                                   state::AuditEntry who, const RotationOptions& options);

}  // namespace dth::control

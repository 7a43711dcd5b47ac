#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/signature.h"

namespace dth::ledger {

// The key in a file, PEM. Errors: not_found, permission_denied (others may read it, and then the
// message names the chmod), data_corrupted (no key in the file), unavailable.
Result<PrivateKey> load_signing_key(const std::string& path);

// The key that this machine signs its ledgers with, in a directory:
//   signing.key           the private key, PEM, mode 0600; whoever can read it can forge ledgers of
//   this machine signing.retired       public keys that it had before, 64 hexadecimal digits a line
//   signing.lock          held while either is changed
// Processes may use one directory at the same time: they end with one key.
class SigningKeys {
 public:
  explicit SigningKeys(std::string directory) : directory_(std::move(directory)) {}

  // The key; made where there is none yet, and the directory with it. Errors: permission_denied
  // (may not be read or written here; or others may read it, and then the message names the chmod),
  // data_corrupted (no key in the file), unavailable (disk).
  Result<PrivateKey> load_or_create() const;

  // A new key in place of the old one, whose public half is remembered. A process that is at work
  // goes on signing with the key that it has loaded. The new public key.
  Result<PublicKey> rotate() const;

  // The present key, if there is one, and those that were retired.
  Result<std::vector<PublicKey>> own_keys() const;

  std::string path() const;

 private:
  Result<PrivateKey> load() const;  // not_found
  Result<std::vector<PublicKey>> retired() const;

  std::string directory_;
};

}  // namespace dth::ledger

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/async.h"
#include "base/clock.h"

namespace dth::aws {

// Who signs. Never printed: not in logs, errors or metrics.
struct Credentials {
  std::string access_key_id;  // empty: requests go unsigned
  std::string secret_access_key;
  std::string session_token;  // empty for long-term keys

  bool anonymous() const { return access_key_id.empty(); }
  bool operator==(const Credentials&) const = default;
};

// A place where credentials are got: an environment, a file, a service. Keeps none itself: each
// fetch() asks again.
//
// Errors: not_found where this place holds none (a chain goes on to the next); invalid_argument
// where it holds something broken; whatever asking may fail with. The message says which places
// were looked at.
class CredentialSource {
 public:
  struct Fetched {
    Credentials credentials;
    // How much longer they are good, by the clock of whoever gave them; none: until they are
    // refused.
    std::optional<std::chrono::microseconds> lifetime = {};
  };

  virtual ~CredentialSource() = default;
  virtual Async<Result<Fetched>> fetch() = 0;
};

// Who is asked before every request. One lane's.
class CredentialProvider {
 public:
  virtual ~CredentialProvider() = default;

  // Cheap where nothing has to be fetched; temporary credentials are renewed in it, ahead of their
  // end. What it returned stays valid for whoever holds it. Errors are those of CredentialSource;
  // unauthenticated where credentials came to their end and others could not be got.
  virtual Async<Result<std::shared_ptr<const Credentials>>> get() = 0;

  // What get() would return without waiting for anything; null where it would have to, or would
  // fail.
  virtual std::shared_ptr<const Credentials> at_hand() { return nullptr; }

  // The other side does not accept `refused` any more: unless get() has others already, it is to
  // ask for some. Where there are none it returns equal ones.
  virtual void forget(std::shared_ptr<const Credentials> refused) = 0;
};

// Environment variables, as the composition root hands them down.
using Environment = std::map<std::string, std::string>;

// Empty where the variable is not set.
std::string value_of(const Environment& environment, const std::string& name);

// These, always.
std::shared_ptr<CredentialSource> make_static_source(Credentials credentials);
std::shared_ptr<CredentialProvider> make_static_provider(Credentials credentials);

// Credentials that leave every request unsigned: public buckets.
std::shared_ptr<CredentialProvider> make_anonymous_provider();

// Takes `secret` out of what somebody else said.
void redact(std::string_view secret, std::string* text);

}  // namespace dth::aws

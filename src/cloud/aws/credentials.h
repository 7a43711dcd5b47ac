#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"

namespace dth::aws {

// Who signs. Never printed: not in logs, errors or metrics.
struct Credentials {
  std::string access_key_id;  // empty: requests go unsigned
  std::string secret_access_key;
  std::string session_token;  // empty for long-term keys
  std::optional<TimePoint> expires_at = {};

  bool anonymous() const { return access_key_id.empty(); }
};

// Where credentials come from. get() is asked before every request and is cheap where nothing has to be fetched; a
// provider of temporary credentials renews them in it, ahead of their end. What it returned stays valid for whoever
// holds it. One lane's.
//
// Errors: not_found where this place holds none (a chain goes on to the next); invalid_argument where it holds
// something broken; whatever fetching may fail with. The message says which places were looked at.
class CredentialProvider {
 public:
  virtual ~CredentialProvider() = default;
  virtual Async<Result<std::shared_ptr<const Credentials>>> get() = 0;
};

// Environment variables, given from outside so that tests can.
using Environment = std::map<std::string, std::string>;

// The variables of this process that AWS's tools read, and HOME.
Environment process_environment();

std::shared_ptr<CredentialProvider> make_static_provider(Credentials credentials);

// Credentials that leave every request unsigned: public buckets.
std::shared_ptr<CredentialProvider> make_anonymous_provider();

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
// https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
std::shared_ptr<CredentialProvider> make_environment_provider(Environment environment);

// The keys of a profile in the shared files. An empty name means AWS_PROFILE, then "default".
// The files are read at the first get(), which blocks for that long.
std::shared_ptr<CredentialProvider> make_profile_provider(Environment environment, std::string profile);

// The first of `providers` that has credentials; it is asked alone from then on. Where none has, unauthenticated, and
// the message tells what each one said.
std::shared_ptr<CredentialProvider> make_chain_provider(std::vector<std::shared_ptr<CredentialProvider>> providers);

// The environment, then the profile files: what to use where nothing is said. A profile that is named goes first.
std::shared_ptr<CredentialProvider> make_default_provider(Environment environment, std::string profile);

}  // namespace dth::aws

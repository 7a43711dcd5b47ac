#pragma once

#include <memory>
#include <string>

#include "cloud/aws/configuration.h"
#include "cloud/aws/identity_transport.h"
#include "credentials/credential_directory.h"
#include "credentials/secret_source.h"

namespace dth::credentials {

// For whom and where an identity is opened. `executor` and `clock` are a lane's and outlive it.
struct IdentityRequest {
  Executor executor;
  Clock& clock;
  aws::IdentityTransportOptions transport = {};
  std::string region = {};  // the endpoint's, where its options name one
  // What the identity is for. Lanes share what they fetched where reference, revision and this are
  // equal.
  options::Values endpoint = {};
  std::string option_prefix = {};  // "--source-": how the reference's options are shown
};

// Who signs requests on one lane. `provider` renews itself, and uses `transport`.
struct OpenIdentity {
  std::unique_ptr<aws::IdentityTransport> transport;
  std::shared_ptr<aws::CredentialProvider> provider;
};

// A secret, and how its owner knows it, for messages.
struct Secret {
  std::string text = {};  // empty: there is none
  std::string shown_name = {};
};

// Makes of a reference what it stands for. Nothing is asked over the network before the first
// request is signed. Thread-safe. Methods read files and may block for that long.
//
// Errors: not_found where a credential does not exist; invalid_argument where it, or the reference,
// is wrong. They name what its owner set, and never hold a secret.
class CredentialResolver {
 public:
  virtual ~CredentialResolver() = default;

  // Changes whenever the secret behind the reference is replaced. References of equal revision,
  // whatever they are called, act as the same principal. Holds no secret, and is comparable in this
  // process only.
  virtual Result<std::string> revision(const CredentialRef& ref) const = 0;

  // For kinds that sign as AWS does.
  virtual Result<OpenIdentity> open_identity(const CredentialRef& ref, IdentityRequest request) = 0;

  // For kinds of one field: sse_c_key, http_proxy.
  virtual Result<Secret> find_secret(const CredentialRef& ref) const = 0;

  // What the place that the credential is from says of region and authorities, for endpoints that
  // do not say it themselves: a profile, and AWS's variables.
  virtual Result<aws::Configured> configured_region(const CredentialRef& ref) const = 0;
  virtual Result<aws::Configured> configured_ca_bundle(const CredentialRef& ref) const = 0;

  // Which addresses an endpoint with this credential may lead to; null: any.
  virtual std::shared_ptr<const net::AddressPolicy> addresses(const CredentialRef& ref) const = 0;

  // The proxies that this process is told to use, where an endpoint names none.
  virtual std::shared_ptr<const net::ProxyRules> default_proxies() const = 0;
};

// Takes named secrets from `secrets`, what AWS's tools look for from `environment`, and kept
// credentials from `directory`, where there is one. These outlive it.
std::unique_ptr<CredentialResolver> make_credential_resolver(
    aws::Environment environment, const SecretSource& secrets,
    const CredentialDirectory* directory = nullptr);

}  // namespace dth::credentials

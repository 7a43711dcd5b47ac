#pragma once

#include "cloud/aws/identity_transport.h"

namespace dth::aws {

// A secret of AWS Secrets Manager that holds an access key, and where to ask for it.
struct SecretPlace {
  std::string secret_id;  // a name or an ARN
  net::HttpOrigin origin;
  std::string region;
};

// The region is that of the ARN, else `region`. `endpoint_url` empty: AWS's own host of the region.
// invalid_argument: no region is known, or it is no URL.
Result<SecretPlace> find_secret_place(const std::string& secret_id, const std::string& region,
                                      const std::string& endpoint_url);

// GetSecretValue, signed with what `base` gives, asked again each time. What it gives is good for
// secret_lifetime, so that a key which is rotated there is noticed; parse_kept_keys() says in which
// shapes it may be kept. A clock that the service does not agree with is learnt from its answer.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
std::shared_ptr<CredentialSource> make_secrets_manager_source(
    IdentityServices services, std::shared_ptr<CredentialSource> base, SecretPlace place);
inline constexpr std::chrono::minutes secret_lifetime{15};

// --- the protocol, pure

// Credentials of a 200. data_corrupted: no such answer; invalid_argument: the secret holds none.
Result<CredentialSource::Fetched> parse_secret_answer(std::string_view json, TimePoint now,
                                                      std::string_view what);
// What a refusal means; its own code and message are in the detail.
Error secrets_manager_refusal(int status, std::string_view json);

}  // namespace dth::aws

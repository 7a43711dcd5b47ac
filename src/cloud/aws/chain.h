#pragma once

#include <vector>

#include "cloud/aws/sts.h"

namespace dth::aws {

// What a chain of places goes by.
struct IdentityOptions {
  Environment environment = {};
  std::string profile = {};           // named by hand: then nothing but this is looked at
  std::string region = {};            // of AWS, where one is known
  std::string sts_endpoint_url = {};  // named by hand
  bool allows_process = true;         // may a profile name a program to run (credential_process)?
};

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
// https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
std::shared_ptr<CredentialSource> make_environment_source(Environment environment);

// What a profile in the shared files says: a role (role_arn, with source_profile, credential_source
// or web_identity_token_file), keys, or a credential_process; looked at in this order. Profiles may
// lead to each other, in no circle. An empty name means AWS_PROFILE, then "default". The files are
// read at each fetch(), which blocks for that long.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
std::shared_ptr<CredentialSource> make_profile_source(IdentityServices services,
                                                      IdentityOptions options);

// AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN.
std::shared_ptr<CredentialSource> make_web_identity_environment_source(IdentityServices services,
                                                                       IdentityOptions options);

// The first of `sources` that has credentials; it is asked alone from then on. Where none has,
// unauthenticated, and the message tells what each one said.
std::shared_ptr<CredentialSource> make_chain_source(
    std::vector<std::shared_ptr<CredentialSource>> sources);

// What to use where nothing is said: keys in the environment, its web identity, the profile, the
// container, the instance.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
std::shared_ptr<CredentialSource> make_default_source(IdentityServices services,
                                                      IdentityOptions options);

// The STS for a role of these options: named by hand, or by the environment or the profile
// (configured_endpoint_url()), else AWS's of the region; the profile may ask for the global one.
// Errors: those of configuration.h.
Result<StsSettings> sts_settings_of(const IdentityOptions& options);

}  // namespace dth::aws

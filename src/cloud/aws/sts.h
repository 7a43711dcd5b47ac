#pragma once

#include "cloud/aws/identity_transport.h"

namespace dth::aws {

// Where an STS is, and the region that requests to it are signed for.
struct StsPlace {
  net::HttpOrigin origin;
  std::string region;
};

// What decides which STS is asked.
struct StsSettings {
  std::string endpoint_url = {};   // empty: AWS's own
  std::string endpoint_from = {};  // who named it, for messages
  std::string region =
      {};  // empty, or of another partition than the role: the first region of the role's
  bool legacy_global = false;  // sts_regional_endpoints = legacy: sts.amazonaws.com
};

// invalid_argument names what is no URL.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
Result<StsPlace> find_sts(const StsSettings& settings, std::string_view role_arn);

struct RoleRequest {
  std::string role_arn;
  std::string session_name = {};  // empty: one made of the time
  std::string external_id = {};
  std::optional<std::chrono::seconds> duration = {};  // none: what STS gives, an hour mostly
};

// AssumeRole with what `base` gives, asked again each time. A clock that STS does not agree with is
// learnt from its answer. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
std::shared_ptr<CredentialSource> make_role_source(IdentityServices services,
                                                   std::shared_ptr<CredentialSource> base,
                                                   RoleRequest role, StsPlace sts);

// AssumeRoleWithWebIdentity, unsigned; the token's file is read each time, since whoever made it
// replaces it.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
std::shared_ptr<CredentialSource> make_web_identity_source(IdentityServices services,
                                                           std::string token_file, RoleRequest role,
                                                           StsPlace sts);

// --- the protocol, pure

// The form that asks for `role`; `web_identity_token` empty: AssumeRole.
std::string sts_form(const RoleRequest& role, const std::string& session_name,
                     std::string_view web_identity_token);

// Credentials of a 200; lifetimes are counted from `now`, STS's clock. data_corrupted for what are
// none.
Result<CredentialSource::Fetched> parse_sts_answer(std::string_view xml, TimePoint now);

// What a refusal means; its own code and message are in the detail.
Error sts_refusal(int status, std::string_view xml);

}  // namespace dth::aws

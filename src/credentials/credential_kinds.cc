#include "credentials/credential_kinds.h"

#include <algorithm>

namespace dth::credentials {
namespace {

using options::Option;

constexpr Option access_key_fields[] = {
    {.name = "access-key-id", .help = "the access key's id"},
    {.name = "secret-access-key", .help = "its secret", .secret = true},
    {.name = "session-token", .help = "the token of temporary credentials", .secret = true},
};

constexpr Option profile_options[] = {
    {.name = "profile",
     .help = "the AWS profile to take keys and region from",
     .placeholder = "NAME",
     .may_change = true},
};

constexpr Option role_options[] = {
    {.name = "role-arn",
     .help = "a role to assume with the credentials found; it is renewed as long as the run lasts",
     .placeholder = "ARN",
     .may_change = true},
    {.name = "role-external-id",
     .help = "the external id that the role's trust policy asks for",
     .placeholder = "ID",
     .may_change = true},
    {.name = "role-session-name",
     .help = "how the role's session is called in audit logs",
     .placeholder = "NAME",
     .may_change = true},
    {.name = "sts-endpoint-url",
     .help = "the STS that gives out roles; without it AWS's of the region",
     .placeholder = "URL",
     .may_change = true},
};

constexpr Option sse_c_fields[] = {
    {.name = "sse-c-key", .help = "the base64 of 32 bytes", .secret = true},
};

// The URL of a proxy may hold a user and a password.
constexpr Option proxy_fields[] = {
    {.name = "proxy", .help = "the proxy's URL, or none", .secret = true},
};

constexpr CredentialKind table[] = {
    {.name = kind_anonymous, .help = "nobody: requests are not signed"},
    {.name = kind_aws_access_key, .help = "an AWS access key", .fields = access_key_fields},
    {.name = kind_aws_profile,
     .help = "a profile of AWS's shared configuration files",
     .options = profile_options},
    {.name = kind_aws_default,
     .help = "what AWS's tools use: environment, profile, container or instance role"},
    {.name = kind_aws_role,
     .help = "a role that is assumed with another credential",
     .options = role_options,
     .base = CredentialKind::Base::one},
    {.name = kind_first_found,
     .help = "the first of several credentials that exists",
     .base = CredentialKind::Base::several},
    {.name = kind_sse_c_key, .help = "a customer's encryption key (SSE-C)", .fields = sse_c_fields},
    {.name = kind_http_proxy, .help = "an HTTP proxy with its user", .fields = proxy_fields},
};

}  // namespace

std::span<const CredentialKind> credential_kinds() { return table; }

const CredentialKind* find_credential_kind(std::string_view name) {
  const auto* found = std::ranges::find(table, name, &CredentialKind::name);
  return found == std::end(table) ? nullptr : found;
}

}  // namespace dth::credentials

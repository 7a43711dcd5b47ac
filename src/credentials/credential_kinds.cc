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

constexpr Option web_identity_options[] = {
    {.name = "role-arn", .help = "the role to assume with the token", .placeholder = "ARN"},
    {.name = "web-identity-token-file",
     .help = "the file on the hub's host that holds the token; it is read each time",
     .placeholder = "FILE"},
    {.name = "role-session-name",
     .help = "how the role's session is called in audit logs",
     .placeholder = "NAME"},
    {.name = "sts-endpoint-url",
     .help = "the STS that gives out roles; without it AWS's of the region",
     .placeholder = "URL"},
};

constexpr Option environment_options[] = {
    {.name = "variable",
     .help = "NAME: the variables DTH_NAME_ACCESS_KEY_ID and DTH_NAME_SECRET_ACCESS_KEY of the hub",
     .placeholder = "NAME"},
};

constexpr Option file_options[] = {
    {.name = "file",
     .help = "a file on the hub's host: a JSON object with access_key_id and secret_access_key, or "
             "with AccessKeyId and SecretAccessKey",
     .placeholder = "FILE"},
};

constexpr Option secrets_manager_options[] = {
    {.name = "secret-id", .help = "the secret's name or ARN", .placeholder = "NAME|ARN"},
    {.name = "secret-region",
     .help = "its region; an ARN says it itself, and the endpoint's is taken otherwise",
     .placeholder = "REGION"},
    {.name = "secrets-manager-endpoint-url",
     .help = "the Secrets Manager to ask; without it AWS's of the region",
     .placeholder = "URL"},
};

constexpr Option sse_c_fields[] = {
    {.name = "sse-c-key", .help = "the base64 of 32 bytes", .secret = true},
};

// The URL of a proxy may hold a user and a password.
constexpr Option proxy_fields[] = {
    {.name = "proxy", .help = "the proxy's URL, or none", .secret = true},
};

using Hub = CredentialKind::Hub;

constexpr CredentialKind table[] = {
    {.name = kind_anonymous, .help = "nobody: requests are not signed"},
    {.name = kind_aws_access_key, .help = "an AWS access key", .fields = access_key_fields},
    {.name = kind_aws_profile,
     .help = "a profile of AWS's shared configuration files",
     .options = profile_options,
     .in_hub = Hub::host},
    {.name = kind_aws_default,
     .help = "what AWS's tools use: environment, profile, container or instance role",
     .in_hub = Hub::host},
    {.name = kind_aws_role,
     .help = "a role that is assumed with another credential",
     .options = role_options,
     .base = CredentialKind::Base::one},
    {.name = kind_first_found,
     .help = "the first of several credentials that exists",
     .base = CredentialKind::Base::several,
     .in_hub = Hub::no},
    {.name = kind_aws_secrets_manager,
     .help = "an AWS access key in a secret of AWS Secrets Manager",
     .options = secrets_manager_options,
     .base = CredentialKind::Base::one},
    {.name = kind_aws_instance,
     .help = "the role of the container or the instance that the hub runs on",
     .in_hub = Hub::host},
    {.name = kind_aws_web_identity,
     .help = "a role that is assumed with a web identity token (OIDC)",
     .options = web_identity_options,
     .in_hub = Hub::host},
    {.name = kind_aws_environment,
     .help = "an AWS access key in environment variables of the hub",
     .options = environment_options,
     .in_hub = Hub::host},
    {.name = kind_aws_file,
     .help = "an AWS access key in a file on the hub's host",
     .options = file_options,
     .in_hub = Hub::host},
    {.name = kind_vault, .help = "a credential of a hub's vault", .in_hub = Hub::no},
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

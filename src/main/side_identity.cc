#include "main/side_identity.h"

#include <cstdlib>

#include "cloud/aws/chain.h"
#include "credentials/process_environment.h"

namespace dth {
namespace {

using object_copy::SideSettings;

std::string environment_value(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? value : "";
}

// The side's own keys, where the environment has some.
Result<std::optional<aws::Credentials>> own_keys(const SideSettings& settings) {
  const std::string prefix = variable_prefix(settings);
  aws::Credentials given;
  given.access_key_id = environment_value(prefix + "ACCESS_KEY_ID");
  given.secret_access_key = environment_value(prefix + "SECRET_ACCESS_KEY");
  given.session_token = environment_value(prefix + "SESSION_TOKEN");
  if (given.access_key_id.empty() != given.secret_access_key.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "only one of " + prefix + "ACCESS_KEY_ID and " + prefix +
                     "SECRET_ACCESS_KEY is set; set both or neither",
                 ""};
  }
  if (given.access_key_id.empty()) return std::optional<aws::Credentials>();
  return std::optional(std::move(given));
}

Error contradiction(const SideSettings& settings, const std::string& option,
                    const std::string& other) {
  const std::string side = "--" + settings.side + "-";
  return Error{ErrorCode::invalid_argument,
               side + option + " and " + side + other + " contradict each other; leave one of them",
               ""};
}

}  // namespace

std::shared_ptr<aws::SharedCredentials> SharedIdentities::find(const SideSettings& settings) {
  const std::lock_guard lock(mutex_);
  auto& shared =
      shared_[{settings.side, settings.profile, settings.region, settings.role_arn,
               settings.role_external_id, settings.role_session_name, settings.sts_endpoint_url}];
  if (!shared) shared = std::make_shared<aws::SharedCredentials>();
  return shared;
}

std::string variable_prefix(const SideSettings& settings) {
  std::string prefix = "DTH_" + settings.side + "_";
  for (char& c : prefix) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return prefix;
}

Result<std::shared_ptr<const net::ProxyRules>> find_proxies(const SideSettings& settings) {
  const std::string option = "--" + settings.side + "-proxy";
  const std::string variable = variable_prefix(settings) + "PROXY";
  if (settings.proxy.find('@') != std::string::npos) {
    return Error{ErrorCode::invalid_argument,
                 option +
                     " holds a user, and perhaps a password, which everybody can see in the list "
                     "of processes; set " +
                     variable + " in the environment instead",
                 ""};
  }
  const std::string named = settings.proxy.empty() ? environment_value(variable) : settings.proxy;
  if (named == "none") return std::make_shared<const net::ProxyRules>();
  if (named.empty()) {
    return std::make_shared<const net::ProxyRules>(
        net::ProxyRules::of_environment(credentials::process_environment()));
  }
  auto proxy = net::parse_proxy(named);
  if (proxy.has_error())
    return std::move(proxy.error()).with_context(settings.proxy.empty() ? variable : option);
  return std::make_shared<const net::ProxyRules>(net::ProxyRules::always(std::move(*proxy)));
}

Result<SideIdentity> open_identity(const SideSettings& settings, engine::Lane lane,
                                   aws::IdentityTransportOptions transport,
                                   std::shared_ptr<aws::SharedCredentials> shared) {
  SideIdentity identity;
  if (settings.anonymous) {
    if (!settings.role_arn.empty()) return contradiction(settings, "anonymous", "role-arn");
    if (settings.requester_pays) return contradiction(settings, "anonymous", "requester-pays");
    identity.provider = aws::make_anonymous_provider();
    return identity;
  }
  auto keys = own_keys(settings);
  if (keys.has_error()) return keys.error();
  if (*keys && settings.role_arn.empty()) {
    identity.provider = aws::make_static_provider(std::move(**keys));
    return identity;
  }
  identity.transport =
      aws::make_identity_transport(lane.executor, lane.clock, std::move(transport));
  const aws::IdentityServices services{*identity.transport, lane.clock};
  aws::IdentityOptions options;
  options.environment = credentials::process_environment();
  options.profile = settings.profile;
  options.region = settings.region;
  options.sts_endpoint_url = settings.sts_endpoint_url;
  auto source = *keys ? aws::make_static_source(std::move(**keys))
                      : aws::make_default_source(services, options);
  if (!settings.role_arn.empty()) {
    auto sts_settings = aws::sts_settings_of(options);
    if (sts_settings.has_error()) return sts_settings.error();
    auto sts = aws::find_sts(*sts_settings, settings.role_arn);
    if (sts.has_error())
      return std::move(sts.error()).with_context("--" + settings.side + "-role-arn");
    aws::RoleRequest role;
    role.role_arn = settings.role_arn;
    role.session_name = settings.role_session_name;
    role.external_id = settings.role_external_id;
    source = aws::make_role_source(services, std::move(source), std::move(role), std::move(*sts));
  }
  identity.provider =
      aws::make_renewing_provider(std::move(source), lane.executor, lane.clock, std::move(shared));
  return identity;
}

}  // namespace dth

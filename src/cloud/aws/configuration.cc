#include "cloud/aws/configuration.h"

#include <vector>

#include "base/ascii.h"
#include "cloud/aws/profile.h"

namespace dth::aws {
namespace {

// The profile that counts; an empty one where nobody named it and there is none.
Result<Profile> profile_of(const Environment& environment, const std::string& named) {
  auto profile = load_profile(environment, named);
  if (profile.has_error() && profile.error().code == ErrorCode::not_found && named.empty())
    return Profile{};
  return profile;
}

Configured first_variable(const Environment& environment, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (std::string value = value_of(environment, name); !value.empty())
      return {std::move(value), name};
  }
  return {};
}

Configured of_profile(const Profile& profile, const std::string& setting) {
  std::string value = profile.get(setting);
  if (value.empty()) return {};
  return {std::move(value), setting + " of " + profile.looked_at};
}

Configured first_of(const std::string& named, Configured variable, Configured setting) {
  if (!named.empty() && !setting.value.empty()) return setting;
  return variable.value.empty() ? setting : variable;
}

Result<Configured> find(const Environment& environment, const std::string& named,
                        const std::vector<std::string>& variables, const std::string& setting) {
  Configured variable = first_variable(environment, variables);
  // What no file can change needs none.
  if (named.empty() && !variable.value.empty()) return variable;
  auto profile = profile_of(environment, named);
  if (profile.has_error()) return profile.error();
  return first_of(named, std::move(variable), of_profile(*profile, setting));
}

bool is_true(const std::string& text) { return ascii_lower(text) == "true"; }

}  // namespace

Result<Configured> configured_endpoint_url(const Environment& environment, const std::string& named,
                                           std::string_view service) {
  const std::string ignore = value_of(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  if (is_true(ignore)) return Configured{};
  auto profile = profile_of(environment, named);
  if (profile.has_error()) return profile.error();
  if (ignore.empty() && is_true(profile->get("ignore_configured_endpoint_urls")))
    return Configured{};
  Configured setting;
  const std::string nested = std::string(service) + ".endpoint_url";
  if (const auto found = profile->services.find(nested);
      found != profile->services.end() && !found->second.empty()) {
    setting = {found->second, "the services section of " + profile->looked_at};
  }
  for (const std::string& name : {std::string("endpoint_url"), nested}) {
    if (setting.value.empty()) setting = of_profile(*profile, name);
  }
  Configured variable =
      first_variable(environment, {"AWS_ENDPOINT_URL_" + ascii_upper(service), "AWS_ENDPOINT_URL"});
  return first_of(named, std::move(variable), std::move(setting));
}

Result<Configured> configured_ca_bundle(const Environment& environment, const std::string& named) {
  return find(environment, named, {"AWS_CA_BUNDLE"}, "ca_bundle");
}

Result<Configured> configured_region(const Environment& environment, const std::string& named) {
  return find(environment, named, {"AWS_REGION", "AWS_DEFAULT_REGION"}, "region");
}

}  // namespace dth::aws

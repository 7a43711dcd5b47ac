#include "cloud/aws/chain.h"

#include "cloud/aws/configuration.h"
#include "cloud/aws/metadata_sources.h"
#include "cloud/aws/partitions.h"
#include "cloud/aws/profile.h"

namespace dth::aws {
namespace {

class EnvironmentSource final : public CredentialSource {
 public:
  explicit EnvironmentSource(Environment environment) : environment_(std::move(environment)) {}

  Async<Result<Fetched>> fetch() override {
    const auto value = [this](const char* name) { return value_of(environment_, name); };
    Credentials credentials{value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"),
                            value("AWS_SESSION_TOKEN")};
    const bool has_id = !credentials.access_key_id.empty();
    if (has_id != !credentials.secret_access_key.empty()) {
      co_return Error{ErrorCode::invalid_argument,
                      std::string("the environment sets ") +
                          (has_id ? "AWS_ACCESS_KEY_ID but not AWS_SECRET_ACCESS_KEY"
                                  : "AWS_SECRET_ACCESS_KEY but not AWS_ACCESS_KEY_ID") +
                          "; set both or neither",
                      ""};
    }
    if (!has_id)
      co_return Error{ErrorCode::not_found, "AWS_ACCESS_KEY_ID is not set in the environment", ""};
    co_return Fetched{std::move(credentials)};
  }

 private:
  Environment environment_;
};

class WebIdentityEnvironmentSource final : public CredentialSource {
 public:
  WebIdentityEnvironmentSource(IdentityServices services, IdentityOptions options)
      : services_(services), options_(std::move(options)) {}

  Async<Result<Fetched>> fetch() override {
    const std::string file = value_of(options_.environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
    if (file.empty())
      co_return Error{ErrorCode::not_found, "AWS_WEB_IDENTITY_TOKEN_FILE is not set", ""};
    RoleRequest role;
    role.role_arn = value_of(options_.environment, "AWS_ROLE_ARN");
    role.session_name = value_of(options_.environment, "AWS_ROLE_SESSION_NAME");
    if (role.role_arn.empty()) {
      co_return Error{
          ErrorCode::invalid_argument,
          "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not; set both or neither", ""};
    }
    auto settings = sts_settings_of(options_);
    if (settings.has_error()) co_return settings.error();
    auto sts = find_sts(*settings, role.role_arn);
    if (sts.has_error()) co_return sts.error();
    auto source = make_web_identity_source(services_, file, std::move(role), std::move(*sts));
    co_return co_await source->fetch();
  }

 private:
  IdentityServices services_;
  IdentityOptions options_;
};

class ChainSource final : public CredentialSource {
 public:
  explicit ChainSource(std::vector<std::shared_ptr<CredentialSource>> sources)
      : sources_(std::move(sources)) {}

  Async<Result<Fetched>> fetch() override {
    if (chosen_) co_return co_await chosen_->fetch();
    std::string tried;
    for (const auto& source : sources_) {
      auto fetched = co_await source->fetch();
      if (fetched.has_value()) {
        chosen_ = source;
        co_return fetched;
      }
      if (fetched.error().code != ErrorCode::not_found) co_return fetched;
      tried += (tried.empty() ? "" : "; ") + fetched.error().message;
    }
    co_return Error{ErrorCode::unauthenticated,
                    "no AWS credentials were found (" + tried +
                        "); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile "
                        "that has keys or a role",
                    ""};
  }

 private:
  std::vector<std::shared_ptr<CredentialSource>> sources_;
  std::shared_ptr<CredentialSource> chosen_;
};

}  // namespace

Result<StsSettings> sts_settings_of(const IdentityOptions& options) {
  StsSettings settings;
  settings.endpoint_url = options.sts_endpoint_url;
  if (settings.endpoint_url.empty()) {
    auto configured = configured_endpoint_url(options.environment, options.profile, "sts");
    if (configured.has_error()) return configured.error();
    settings.endpoint_url = std::move(configured->value);
    settings.endpoint_from = std::move(configured->from);
  }
  settings.region = options.region;
  if (!find_partition(options.region)) {
    auto region = configured_region(options.environment, options.profile);
    if (region.has_error()) return region.error();
    settings.region = std::move(region->value);
  }
  std::string kind = value_of(options.environment, "AWS_STS_REGIONAL_ENDPOINTS");
  if (kind.empty()) {
    auto profile = load_profile(options.environment, options.profile);
    if (profile.has_value()) kind = profile->get("sts_regional_endpoints");
  }
  settings.legacy_global = kind == "legacy";
  return settings;
}

std::shared_ptr<CredentialSource> make_environment_source(Environment environment) {
  return std::make_shared<EnvironmentSource>(std::move(environment));
}

std::shared_ptr<CredentialSource> make_web_identity_environment_source(IdentityServices services,
                                                                       IdentityOptions options) {
  return std::make_shared<WebIdentityEnvironmentSource>(services, std::move(options));
}

std::shared_ptr<CredentialSource> make_chain_source(
    std::vector<std::shared_ptr<CredentialSource>> sources) {
  return std::make_shared<ChainSource>(std::move(sources));
}

std::shared_ptr<CredentialSource> make_default_source(IdentityServices services,
                                                      IdentityOptions options) {
  if (!options.profile.empty())
    return make_chain_source({make_profile_source(services, std::move(options))});
  const Environment environment = options.environment;
  return make_chain_source({make_environment_source(environment),
                            make_web_identity_environment_source(services, options),
                            make_profile_source(services, options),
                            make_container_source(services, environment),
                            make_instance_source(services, environment)});
}

}  // namespace dth::aws

#include "cloud/aws/credentials.h"

#include <cstdlib>

#include "cloud/aws/profile.h"

namespace dth::aws {
namespace {

using Shared = std::shared_ptr<const Credentials>;

class StaticProvider final : public CredentialProvider {
 public:
  explicit StaticProvider(Credentials credentials)
      : credentials_(std::make_shared<const Credentials>(std::move(credentials))) {}
  Async<Result<Shared>> get() override { co_return credentials_; }

 private:
  Shared credentials_;
};

// Credentials that are looked up once, by something that may block for the time of a file's reading.
class LookedUpProvider : public CredentialProvider {
 public:
  Async<Result<Shared>> get() override {
    if (!credentials_) {
      auto found = look_up();
      if (!found) co_return found.error();
      credentials_ = std::make_shared<const Credentials>(std::move(*found));
    }
    co_return credentials_;
  }

 protected:
  virtual Result<Credentials> look_up() = 0;

 private:
  Shared credentials_;
};

class EnvironmentProvider final : public LookedUpProvider {
 public:
  explicit EnvironmentProvider(Environment environment) : environment_(std::move(environment)) {}

 private:
  std::string value(const std::string& name) const {
    const auto found = environment_.find(name);
    return found == environment_.end() ? "" : found->second;
  }

  Result<Credentials> look_up() override {
    Credentials credentials{value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"), value("AWS_SESSION_TOKEN")};
    const bool has_id = !credentials.access_key_id.empty();
    if (has_id != !credentials.secret_access_key.empty()) {
      return Error{ErrorCode::invalid_argument,
                   std::string("the environment sets ") +
                       (has_id ? "AWS_ACCESS_KEY_ID but not AWS_SECRET_ACCESS_KEY"
                               : "AWS_SECRET_ACCESS_KEY but not AWS_ACCESS_KEY_ID") +
                       "; set both or neither",
                   ""};
    }
    if (!has_id) return Error{ErrorCode::not_found, "AWS_ACCESS_KEY_ID is not set in the environment", ""};
    return credentials;
  }

  Environment environment_;
};

class ProfileProvider final : public LookedUpProvider {
 public:
  ProfileProvider(Environment environment, std::string profile)
      : environment_(std::move(environment)), profile_(std::move(profile)) {}

 private:
  Result<Credentials> look_up() override {
    auto profile = load_profile(environment_, profile_);
    if (!profile) return profile.error();
    Credentials credentials{profile->get("aws_access_key_id"), profile->get("aws_secret_access_key"),
                            profile->get("aws_session_token")};
    const bool has_id = !credentials.access_key_id.empty();
    if (has_id != !credentials.secret_access_key.empty()) {
      return Error{ErrorCode::invalid_argument,
                   profile->looked_at + " has only one of aws_access_key_id and aws_secret_access_key", ""};
    }
    if (has_id) return credentials;
    for (const char* setting : {"role_arn", "credential_process", "sso_session", "sso_start_url"}) {
      if (!profile->get(setting).empty()) {
        return Error{ErrorCode::not_found,
                     profile->looked_at + " uses " + setting + ", which is not supported; " +
                         "put keys into the environment instead",
                     ""};
      }
    }
    return Error{ErrorCode::not_found, profile->looked_at + " has no aws_access_key_id", ""};
  }

  Environment environment_;
  std::string profile_;
};

class ChainProvider final : public CredentialProvider {
 public:
  explicit ChainProvider(std::vector<std::shared_ptr<CredentialProvider>> providers)
      : providers_(std::move(providers)) {}

  Async<Result<Shared>> get() override {
    if (chosen_) co_return co_await chosen_->get();
    std::string tried;
    for (const auto& provider : providers_) {
      auto credentials = co_await provider->get();
      if (credentials) {
        chosen_ = provider;
        co_return credentials;
      }
      if (credentials.error().code != ErrorCode::not_found) co_return credentials;
      tried += (tried.empty() ? "" : "; ") + credentials.error().message;
    }
    co_return Error{ErrorCode::unauthenticated,
                    "no AWS credentials were found (" + tried +
                        "); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile that has keys",
                    ""};
  }

 private:
  std::vector<std::shared_ptr<CredentialProvider>> providers_;
  std::shared_ptr<CredentialProvider> chosen_;
};

}  // namespace

Environment process_environment() {
  Environment environment;
  for (const char* name : {"HOME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
                           "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"}) {
    if (const char* value = std::getenv(name)) environment[name] = value;
  }
  return environment;
}

std::shared_ptr<CredentialProvider> make_static_provider(Credentials credentials) {
  return std::make_shared<StaticProvider>(std::move(credentials));
}

std::shared_ptr<CredentialProvider> make_anonymous_provider() { return make_static_provider(Credentials{}); }

std::shared_ptr<CredentialProvider> make_environment_provider(Environment environment) {
  return std::make_shared<EnvironmentProvider>(std::move(environment));
}

std::shared_ptr<CredentialProvider> make_profile_provider(Environment environment, std::string profile) {
  return std::make_shared<ProfileProvider>(std::move(environment), std::move(profile));
}

std::shared_ptr<CredentialProvider> make_chain_provider(std::vector<std::shared_ptr<CredentialProvider>> providers) {
  return std::make_shared<ChainProvider>(std::move(providers));
}

std::shared_ptr<CredentialProvider> make_default_provider(Environment environment, std::string profile) {
  std::vector<std::shared_ptr<CredentialProvider>> providers;
  if (profile.empty()) providers.push_back(make_environment_provider(environment));
  providers.push_back(make_profile_provider(std::move(environment), std::move(profile)));
  return make_chain_provider(std::move(providers));
}

}  // namespace dth::aws

#include "cloud/aws/credentials.h"

#include <cstdlib>

namespace dth::aws {
namespace {

using Shared = std::shared_ptr<const Credentials>;

class StaticSource final : public CredentialSource {
 public:
  explicit StaticSource(Credentials credentials) : credentials_(std::move(credentials)) {}
  Async<Result<Fetched>> fetch() override { co_return Fetched{credentials_}; }

 private:
  Credentials credentials_;
};

class StaticProvider final : public CredentialProvider {
 public:
  explicit StaticProvider(Credentials credentials)
      : credentials_(std::make_shared<const Credentials>(std::move(credentials))) {}
  Async<Result<Shared>> get() override { co_return credentials_; }
  Shared at_hand() override { return credentials_; }
  void forget(Shared) override {}

 private:
  Shared credentials_;
};

}  // namespace

std::string value_of(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

Environment process_environment() {
  Environment environment;
  for (const char* name : {"HOME",
                           "AWS_ACCESS_KEY_ID",
                           "AWS_SECRET_ACCESS_KEY",
                           "AWS_SESSION_TOKEN",
                           "AWS_PROFILE",
                           "AWS_DEFAULT_PROFILE",
                           "AWS_REGION",
                           "AWS_DEFAULT_REGION",
                           "AWS_SHARED_CREDENTIALS_FILE",
                           "AWS_CONFIG_FILE",
                           "AWS_ROLE_ARN",
                           "AWS_ROLE_SESSION_NAME",
                           "AWS_WEB_IDENTITY_TOKEN_FILE",
                           "AWS_STS_REGIONAL_ENDPOINTS",
                           "AWS_ENDPOINT_URL",
                           "AWS_ENDPOINT_URL_STS",
                           "AWS_ENDPOINT_URL_S3",
                           "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                           "AWS_CA_BUNDLE",
                           "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                           "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                           "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                           "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                           "AWS_EC2_METADATA_DISABLED",
                           "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                           "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                           "http_proxy",
                           "https_proxy",
                           "HTTPS_PROXY",
                           "all_proxy",
                           "ALL_PROXY",
                           "no_proxy",
                           "NO_PROXY"}) {
    if (const char* value = std::getenv(name)) environment[name] = value;
  }
  return environment;
}

std::shared_ptr<CredentialSource> make_static_source(Credentials credentials) {
  return std::make_shared<StaticSource>(std::move(credentials));
}

std::shared_ptr<CredentialProvider> make_static_provider(Credentials credentials) {
  return std::make_shared<StaticProvider>(std::move(credentials));
}

std::shared_ptr<CredentialProvider> make_anonymous_provider() {
  return make_static_provider(Credentials{});
}

void redact(std::string_view secret, std::string* text) {
  constexpr std::string_view mask = "***";
  if (secret.empty()) return;
  for (std::size_t at = text->find(secret); at != text->npos;
       at = text->find(secret, at + mask.size())) {
    text->replace(at, secret.size(), mask);
  }
}

}  // namespace dth::aws

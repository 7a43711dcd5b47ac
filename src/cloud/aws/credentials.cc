#include "cloud/aws/credentials.h"

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

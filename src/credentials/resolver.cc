#include <map>
#include <mutex>
#include <random>
#include <tuple>

#include "base/hash.h"
#include "base/idle_cache.h"
#include "cloud/aws/chain.h"
#include "cloud/aws/profile.h"
#include "cloud/aws/renewing.h"
#include "credentials/credential_kinds.h"
#include "credentials/credential_resolver.h"

namespace dth::credentials {
namespace {

using Source = std::shared_ptr<aws::CredentialSource>;

constexpr std::chrono::minutes idle_max{1};
constexpr int references_deep_max = 8;

std::string option_of(const CredentialRef& ref, std::string_view name) {
  const auto found = ref.options.find(name);
  return found == ref.options.end() ? "" : found->second;
}

// Which profile says what is to be known beyond credentials.
std::string profile_of(const CredentialRef& ref) {
  if (ref.kind == kind_aws_profile) return option_of(ref, "profile");
  for (const CredentialRef& base : ref.base) {
    if (std::string profile = profile_of(base); !profile.empty()) return profile;
  }
  return "";
}

Error wrong_reference(const CredentialRef& ref, std::string_view what) {
  return Error{ErrorCode::invalid_argument,
               "a credential of the kind '" + ref.kind + "' " + std::string(what), ""};
}

// Lengths tell texts apart that are one after the other.
void append(std::string* text, std::string_view part) {
  *text += std::to_string(part.size()) + ":" + std::string(part);
}

// What lanes fetched, for the others. Thread-safe.
class SharedIdentities {
 public:
  using Key = std::tuple<CredentialRef, std::string, std::string, options::Values>;

  std::shared_ptr<aws::SharedCredentials> find(Key key, MonotonicTime now) {
    const std::lock_guard lock(mutex_);
    shared_.drop_idle(now);
    auto shared = shared_.find(key);
    if (!shared) {
      shared = std::make_shared<aws::SharedCredentials>();
      shared_.put(key, shared);
    }
    return shared;
  }

 private:
  std::mutex mutex_;
  IdleCache<Key, aws::SharedCredentials> shared_{idle_max};
};

class Resolver final : public CredentialResolver {
 public:
  Resolver(aws::Environment environment, const SecretSource& secrets)
      : environment_(std::move(environment)), secrets_(secrets) {
    std::random_device random;
    for (int i = 0; i < 8; ++i) append(&salt_, std::to_string(random()));
  }

  Result<std::string> revision(const CredentialRef& ref) const override {
    return revision_of(ref, 0);
  }

  Result<OpenIdentity> open_identity(const CredentialRef& ref, IdentityRequest request) override {
    OpenIdentity identity;
    if (ref.kind == kind_anonymous) {
      identity.provider = aws::make_anonymous_provider();
      return identity;
    }
    auto chosen = choose(ref, 0);
    if (chosen.has_error()) return chosen.error();
    if ((*chosen)->kind == kind_aws_access_key) {
      auto keys = find_keys(**chosen);
      if (keys.has_error()) return keys.error();
      identity.provider = aws::make_static_provider(std::move(*keys));
      return identity;
    }
    auto revision = this->revision(ref);
    if (revision.has_error()) return revision.error();
    identity.transport =
        aws::make_identity_transport(request.executor, request.clock, std::move(request.transport));
    aws::IdentityOptions options;
    options.environment = environment_;
    options.profile = profile_of(ref);
    options.region = request.region;
    auto source = source_of(**chosen, {*identity.transport, request.clock}, options,
                            request.option_prefix, 0);
    if (source.has_error()) return source.error();
    auto shared = shared_.find({ref, std::move(*revision), request.region, request.endpoint},
                               request.clock.monotonic_now());
    identity.provider = aws::make_renewing_provider(std::move(*source), request.executor,
                                                    request.clock, std::move(shared));
    return identity;
  }

  Result<Secret> find_secret(const CredentialRef& ref) const override {
    Secret secret;
    if (ref.kind.empty()) return secret;
    const CredentialKind* const kind = find_credential_kind(ref.kind);
    if (!kind || kind->fields.size() != 1) return wrong_reference(ref, "is not one secret");
    const std::string_view field = kind->fields.front().name;
    secret.shown_name = secrets_.shown_name(ref.name, field);
    auto values = secrets_.find(ref.kind, ref.name);
    if (values.has_error()) return values.error();
    if (const auto found = values->find(field); found != values->end()) secret.text = found->second;
    return secret;
  }

  Result<aws::Configured> configured_region(const CredentialRef& ref) const override {
    return aws::configured_region(environment_, profile_of(ref));
  }
  Result<aws::Configured> configured_ca_bundle(const CredentialRef& ref) const override {
    return aws::configured_ca_bundle(environment_, profile_of(ref));
  }
  std::shared_ptr<const net::ProxyRules> default_proxies() const override {
    return std::make_shared<const net::ProxyRules>(net::ProxyRules::of_environment(environment_));
  }

 private:
  std::string fingerprint(const options::Values& values) const {
    std::string text = salt_;
    for (const auto& [name, value] : values) {
      append(&text, name);
      append(&text, value);
    }
    return hash(HashAlgorithm::sha256, as_bytes(text)).hex();
  }

  Result<std::string> revision_of(const CredentialRef& ref, int depth) const {
    auto chosen = choose(ref, depth);
    if (chosen.has_error()) return chosen.error();
    const CredentialRef& one = **chosen;
    if (one.kind == kind_anonymous || one.kind.empty()) return one.kind;
    if (one.kind == kind_aws_profile || one.kind == kind_aws_default) {
      std::string revision = one.kind;
      append(&revision, option_of(one, "profile"));
      return revision + aws::profile_files_revision(environment_);
    }
    if (one.kind == kind_aws_role) {
      if (one.base.size() != 1) return wrong_reference(one, "needs one that assumes it");
      auto base = revision_of(one.base.front(), depth + 1);
      if (base.has_error()) return base.error();
      std::string revision = one.kind;
      for (const char* name : {"role-arn", "role-external-id", "sts-endpoint-url"})
        append(&revision, option_of(one, name));
      return revision + *base;
    }
    auto values = secrets_.find(one.kind, one.name);
    if (values.has_error()) return values.error();
    return one.kind + " " + fingerprint(*values);
  }

  // Of first_found, the one that it stands for; of others, themselves.
  Result<const CredentialRef*> choose(const CredentialRef& ref, int depth) const {
    if (depth > references_deep_max) return wrong_reference(ref, "is one too many in a row");
    if (ref.kind != kind_first_found) return &ref;
    for (const CredentialRef& base : ref.base) {
      if (base.kind != kind_aws_access_key) return choose(base, depth + 1);
      auto keys = find_keys(base);
      if (keys.has_value()) return &base;
      if (keys.error().code != ErrorCode::not_found) return keys.error();
    }
    return Error{ErrorCode::not_found, "none of the credentials to use exists", ""};
  }

  Result<aws::Credentials> find_keys(const CredentialRef& ref) const {
    auto values = secrets_.find(ref.kind, ref.name);
    if (values.has_error()) return values.error();
    aws::Credentials keys{(*values)["access-key-id"], (*values)["secret-access-key"],
                          (*values)["session-token"]};
    const std::string id = secrets_.shown_name(ref.name, "access-key-id");
    if (keys.access_key_id.empty() != keys.secret_access_key.empty()) {
      return Error{ErrorCode::invalid_argument,
                   "only one of " + id + " and " +
                       secrets_.shown_name(ref.name, "secret-access-key") +
                       " is set; set both or neither",
                   ""};
    }
    if (keys.access_key_id.empty()) return Error{ErrorCode::not_found, id + " is not set", ""};
    return keys;
  }

  // Where the credentials of one that is not first_found come from.
  Result<Source> source_of(const CredentialRef& ref, aws::IdentityServices services,
                           aws::IdentityOptions options, const std::string& option_prefix,
                           int depth) const {
    if (ref.kind == kind_aws_access_key) {
      auto keys = find_keys(ref);
      if (keys.has_error()) return keys.error();
      return aws::make_static_source(std::move(*keys));
    }
    if (ref.kind == kind_aws_profile || ref.kind == kind_aws_default) {
      options.profile = option_of(ref, "profile");
      return aws::make_default_source(services, std::move(options));
    }
    if (ref.kind != kind_aws_role) return wrong_reference(ref, "does not sign requests to AWS");
    if (ref.base.size() != 1) return wrong_reference(ref, "needs one that assumes it");
    options.sts_endpoint_url = option_of(ref, "sts-endpoint-url");
    auto base = choose(ref.base.front(), depth + 1);
    if (base.has_error()) return base.error();
    auto source = source_of(**base, services, options, option_prefix, depth + 1);
    if (source.has_error()) return source.error();
    auto sts_settings = aws::sts_settings_of(options);
    if (sts_settings.has_error()) return sts_settings.error();
    aws::RoleRequest role;
    role.role_arn = option_of(ref, "role-arn");
    role.session_name = option_of(ref, "role-session-name");
    role.external_id = option_of(ref, "role-external-id");
    auto sts = aws::find_sts(*sts_settings, role.role_arn);
    if (sts.has_error()) return std::move(sts.error()).with_context(option_prefix + "role-arn");
    return aws::make_role_source(services, std::move(*source), std::move(role), std::move(*sts));
  }

  const aws::Environment environment_;
  const SecretSource& secrets_;
  std::string salt_;  // so that a revision shows nothing of a secret
  SharedIdentities shared_;
};

}  // namespace

std::unique_ptr<CredentialResolver> make_credential_resolver(aws::Environment environment,
                                                             const SecretSource& secrets) {
  return std::make_unique<Resolver>(std::move(environment), secrets);
}

}  // namespace dth::credentials

#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <tuple>

#include "base/hash.h"
#include "base/idle_cache.h"
#include "cloud/aws/chain.h"
#include "cloud/aws/credential_json.h"
#include "cloud/aws/metadata_sources.h"
#include "cloud/aws/profile.h"
#include "cloud/aws/read_small_file.h"
#include "cloud/aws/renewing.h"
#include "cloud/aws/secrets_manager.h"
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

constexpr std::size_t key_file_size_max = 64 * 1024;

// Keys that may be replaced while they are used: asked for again after a while, and at once where
// they are refused. Blocks for the reading.
class ReadAgainSource final : public aws::CredentialSource {
 public:
  using Read = std::function<Result<Fetched>()>;
  explicit ReadAgainSource(Read read) : read_(std::move(read)) {}

  Async<Result<Fetched>> fetch() override {
    auto fetched = read_();
    if (fetched.has_error()) co_return fetched;
    const std::chrono::microseconds longest = read_again_after;
    fetched->lifetime = std::min(fetched->lifetime.value_or(longest), longest);
    co_return fetched;
  }

 private:
  static constexpr std::chrono::minutes read_again_after{4};
  Read read_;
};

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
  Resolver(aws::Environment environment, const SecretSource& secrets,
           const CredentialDirectory* directory)
      : environment_(std::move(environment)), secrets_(secrets), directory_(directory) {
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
    if (chosen->kind == kind_anonymous) {
      identity.provider = aws::make_anonymous_provider();
      return identity;
    }
    request.transport.addresses = addresses(ref);
    if (is_kept(*chosen)) {
      directory_->note_used(chosen->name);
    } else if (chosen->kind == kind_aws_access_key) {
      auto keys = find_keys(*chosen);
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
    options.profile = profile_of(ref, 0);
    // The profile is this host's, whether a kept credential or the options of a run name it.
    options.allows_process = !directory_ || directory_->allows_process();
    options.region = request.region;
    auto source =
        source_of(*chosen, {*identity.transport, request.clock}, options, request.option_prefix, 0);
    if (source.has_error()) return source.error();
    auto shared = shared_.find({ref, std::move(*revision), request.region, request.endpoint},
                               request.clock.monotonic_now());
    identity.provider = aws::make_renewing_provider(std::move(*source), request.executor,
                                                    request.clock, std::move(shared));
    return identity;
  }

  Result<Secret> find_secret(const CredentialRef& given) const override {
    Secret secret;
    if (given.kind.empty()) return secret;
    auto found = choose(given, 0);
    if (found.has_error()) return found.error();
    const CredentialRef& ref = *found;
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
    return aws::configured_region(environment_, profile_of(ref, 0));
  }
  Result<aws::Configured> configured_ca_bundle(const CredentialRef& ref) const override {
    return aws::configured_ca_bundle(environment_, profile_of(ref, 0));
  }
  std::shared_ptr<const net::AddressPolicy> addresses(const CredentialRef&) const override {
    return directory_ ? directory_->addresses() : nullptr;
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
    const CredentialRef& one = *chosen;
    if (one.kind == kind_anonymous || one.kind.empty()) return one.kind;
    if (one.kind == kind_aws_instance) return one.kind;
    if (one.kind == kind_aws_profile || one.kind == kind_aws_default) {
      std::string revision = one.kind;
      append(&revision, option_of(one, "profile"));
      return revision + aws::profile_files_revision(environment_);
    }
    const CredentialKind* const kind = find_credential_kind(one.kind);
    if (!kind) return wrong_reference(one, "is not known");
    if (kind->fields.empty()) {
      std::string revision = one.kind;
      for (const options::Option& option : kind->options)
        append(&revision, option_of(one, option.name));
      if (one.base.empty()) return revision;
      auto base = revision_of(one.base.front(), depth + 1);
      if (base.has_error()) return base.error();
      return revision + *base;
    }
    auto values = secrets_.find(one.kind, one.name);
    if (values.has_error()) return values.error();
    return one.kind + " " + fingerprint(*values);
  }

  // Of first_found, the one that it stands for; of kept ones, what they are; of others, themselves.
  Result<CredentialRef> choose(const CredentialRef& ref, int depth) const {
    if (depth > references_deep_max) return wrong_reference(ref, "is one too many in a row");
    if (ref.kind == kind_vault) {
      if (!directory_) return no_vault(ref);
      auto kept = directory_->find(ref.name);
      if (kept.has_error()) return kept.error();
      return choose(*kept, depth + 1);
    }
    if (ref.kind != kind_first_found) return ref;
    for (const CredentialRef& base : ref.base) {
      if (base.kind != kind_aws_access_key) return choose(base, depth + 1);
      auto keys = find_keys(base);
      if (keys.has_value()) return base;
      if (keys.error().code != ErrorCode::not_found) return keys.error();
    }
    return Error{ErrorCode::not_found, "none of the credentials to use exists", ""};
  }

  static Error no_vault(const CredentialRef& ref) {
    return Error{ErrorCode::not_found,
                 "the credential " + ref.name +
                     " is in the vault of a hub: run this there, or by a worker that was given "
                     "--master-key",
                 ""};
  }

  // Which profile says what is to be known beyond credentials.
  std::string profile_of(const CredentialRef& given, int depth) const {
    auto chosen = given.kind == kind_vault ? choose(given, depth) : Result<CredentialRef>(given);
    if (chosen.has_error() || depth > references_deep_max) return "";
    if (chosen->kind == kind_aws_profile) return option_of(*chosen, "profile");
    for (const CredentialRef& base : chosen->base) {
      if (std::string profile = profile_of(base, depth + 1); !profile.empty()) return profile;
    }
    return "";
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
    if (ref.kind == kind_aws_access_key && is_kept(ref)) {
      return read_again([this, ref]() -> Result<aws::CredentialSource::Fetched> {
        auto keys = find_keys(ref);
        if (keys.has_error()) return keys.error();
        return aws::CredentialSource::Fetched{std::move(*keys)};
      });
    }
    if (ref.kind == kind_aws_access_key) {
      auto keys = find_keys(ref);
      if (keys.has_error()) return keys.error();
      return aws::make_static_source(std::move(*keys));
    }
    if (auto source = host_source_of(ref, services)) return source;
    if (ref.kind == kind_aws_profile || ref.kind == kind_aws_default) {
      options.profile = option_of(ref, "profile");
      return aws::make_default_source(services, std::move(options));
    }
    if (ref.kind == kind_aws_web_identity) {
      options.sts_endpoint_url = option_of(ref, "sts-endpoint-url");
      auto role = role_of(ref, options, option_prefix);
      if (role.has_error()) return role.error();
      return aws::make_web_identity_source(services, option_of(ref, "web-identity-token-file"),
                                           std::move(role->request), std::move(role->sts));
    }
    const bool has_base = ref.kind == kind_aws_role || ref.kind == kind_aws_secrets_manager;
    if (!has_base) return wrong_reference(ref, "does not sign requests to AWS");
    if (ref.base.size() != 1) return wrong_reference(ref, "needs another one that it builds on");
    auto base = choose(ref.base.front(), depth + 1);
    if (base.has_error()) return base.error();
    aws::IdentityOptions base_options = options;
    if (ref.kind == kind_aws_role)
      base_options.sts_endpoint_url = option_of(ref, "sts-endpoint-url");
    auto source = source_of(*base, services, base_options, option_prefix, depth + 1);
    if (source.has_error()) return source.error();
    if (ref.kind == kind_aws_secrets_manager) {
      const std::string region = option_of(ref, "secret-region");
      auto place = aws::find_secret_place(option_of(ref, "secret-id"),
                                          region.empty() ? options.region : region,
                                          option_of(ref, "secrets-manager-endpoint-url"));
      if (place.has_error()) return place.error();
      return aws::make_secrets_manager_source(services, std::move(*source), std::move(*place));
    }
    auto role = role_of(ref, base_options, option_prefix);
    if (role.has_error()) return role.error();
    return aws::make_role_source(services, std::move(*source), std::move(role->request),
                                 std::move(role->sts));
  }

  struct Role {
    aws::RoleRequest request;
    aws::StsPlace sts;
  };
  static Result<Role> role_of(const CredentialRef& ref, const aws::IdentityOptions& options,
                              const std::string& option_prefix) {
    auto settings = aws::sts_settings_of(options);
    if (settings.has_error()) return settings.error();
    Role role;
    role.request.role_arn = option_of(ref, "role-arn");
    role.request.session_name = option_of(ref, "role-session-name");
    role.request.external_id = option_of(ref, "role-external-id");
    auto sts = aws::find_sts(*settings, role.request.role_arn);
    if (sts.has_error()) return std::move(sts.error()).with_context(option_prefix + "role-arn");
    role.sts = std::move(*sts);
    return role;
  }

  // Of the kinds that take what this host has; null for others.
  Source host_source_of(const CredentialRef& ref, aws::IdentityServices services) const {
    using Fetched = aws::CredentialSource::Fetched;
    if (ref.kind == kind_aws_instance) {
      return aws::make_chain_source({aws::make_container_source(services, environment_),
                                     aws::make_instance_source(services, environment_)});
    }
    if (ref.kind == kind_aws_environment) {
      const EnvironmentSecrets variables(environment_);
      const std::string name = option_of(ref, "variable");
      auto values = variables.find(kind_aws_access_key, name);
      aws::Credentials keys{(*values)["access-key-id"], (*values)["secret-access-key"],
                            (*values)["session-token"]};
      if (!keys.access_key_id.empty() && !keys.secret_access_key.empty())
        return aws::make_static_source(std::move(keys));
      const Error missing{ErrorCode::invalid_argument,
                          variables.shown_name(name, "access-key-id") + " and " +
                              variables.shown_name(name, "secret-access-key") +
                              " are not both set for this process",
                          ""};
      return read_again([missing]() -> Result<Fetched> { return missing; });
    }
    if (ref.kind == kind_aws_file) {
      return read_again(
          [path = option_of(ref, "file"), &clock = services.clock]() -> Result<Fetched> {
            auto text = aws::read_small_file(path, key_file_size_max);
            if (text.has_error()) return text.error();
            return aws::parse_kept_keys(*text, clock.now(), "the file " + path);
          });
    }
    return nullptr;
  }

  static Source read_again(ReadAgainSource::Read read) {
    return std::make_shared<ReadAgainSource>(std::move(read));
  }

  const aws::Environment environment_;
  const SecretSource& secrets_;
  const CredentialDirectory* const directory_;  // null: none
  std::string salt_;                            // so that a revision shows nothing of a secret
  SharedIdentities shared_;
};

}  // namespace

std::unique_ptr<CredentialResolver> make_credential_resolver(aws::Environment environment,
                                                             const SecretSource& secrets,
                                                             const CredentialDirectory* directory) {
  return std::make_unique<Resolver>(std::move(environment), secrets, directory);
}

}  // namespace dth::credentials

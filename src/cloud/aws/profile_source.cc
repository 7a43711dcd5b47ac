#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "cloud/aws/chain.h"
#include "cloud/aws/credential_process.h"
#include "cloud/aws/metadata_sources.h"
#include "cloud/aws/profile.h"

namespace dth::aws {
namespace {

using Source = std::shared_ptr<CredentialSource>;

constexpr std::size_t profiles_in_a_row_max = 8;

Error wrong(const Profile& profile, std::string_view what) {
  return Error{ErrorCode::invalid_argument, profile.looked_at + " " + std::string(what), ""};
}

// Finds out what a profile means, and those that it leads to.
class ProfileReader {
 public:
  ProfileReader(IdentityServices services, const IdentityOptions& options)
      : services_(services), options_(options) {}

  Result<Source> read(const std::string& name) {
    auto profile = load_profile(options_.environment, name);
    if (profile.has_error()) return profile.error();
    if (std::find(visited_.begin(), visited_.end(), profile->name) != visited_.end()) {
      return wrong(
          *profile,
          "leads to itself through source_profile; end the circle with a profile that has keys");
    }
    if (visited_.size() >= profiles_in_a_row_max)
      return wrong(*profile, "is one too many in a row of source_profile");
    visited_.push_back(profile->name);
    if (!profile->get("role_arn").empty()) return role_of(*profile);
    return own_credentials_of(*profile);
  }

 private:
  Result<Source> role_of(const Profile& profile) {
    RoleRequest role;
    role.role_arn = profile.get("role_arn");
    role.session_name = profile.get("role_session_name");
    role.external_id = profile.get("external_id");
    if (!profile.get("mfa_serial").empty()) {
      return wrong(
          profile,
          "has mfa_serial, and nobody can be asked for its code during a copy; get a session with "
          "\"aws sts "
          "get-session-token\" and put its keys into the environment, or use a credential_process");
    }
    if (const std::string text = profile.get("duration_seconds"); !text.empty()) {
      int seconds = 0;
      const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
      if (failure != std::errc() || end != text.data() + text.size() || seconds < 900 ||
          seconds > 43'200) {
        return wrong(profile, "has a duration_seconds that is not from 900 to 43200");
      }
      role.duration = std::chrono::seconds(seconds);
    }
    auto settings = sts_settings_of(options_);
    if (settings.has_error()) return settings.error();
    auto sts = find_sts(*settings, role.role_arn);
    if (sts.has_error()) return std::move(sts.error()).with_context(profile.looked_at);
    if (const std::string file = profile.get("web_identity_token_file"); !file.empty()) {
      return make_web_identity_source(services_, file, std::move(role), std::move(*sts));
    }
    auto base = base_of(profile);
    if (base.has_error()) return base.error();
    return make_role_source(services_, std::move(*base), std::move(role), std::move(*sts));
  }

  // Who assumes the profile's role.
  Result<Source> base_of(const Profile& profile) {
    const std::string source_profile = profile.get("source_profile");
    const std::string credential_source = profile.get("credential_source");
    if (source_profile.empty() == credential_source.empty()) {
      return wrong(
          profile,
          source_profile.empty()
              ? "has role_arn, and neither source_profile nor credential_source says who assumes it"
              : "has both source_profile and credential_source; leave one of them");
    }
    if (credential_source == "Environment") return make_environment_source(options_.environment);
    if (credential_source == "Ec2InstanceMetadata")
      return make_instance_source(services_, options_.environment);
    if (credential_source == "EcsContainer")
      return make_container_source(services_, options_.environment);
    if (!credential_source.empty()) {
      return wrong(
          profile,
          "has a credential_source that is not Environment, Ec2InstanceMetadata or EcsContainer");
    }
    // A profile may assume its role with its own keys.
    if (source_profile == profile.name) return own_credentials_of(profile);
    auto base = read(source_profile);
    if (base.has_error() && base.error().code == ErrorCode::not_found) {
      return wrong(profile, "has source_profile '" + printable(source_profile) +
                                "': " + base.error().message);
    }
    return base;
  }

  Result<Source> own_credentials_of(const Profile& profile) {
    Credentials credentials{profile.get("aws_access_key_id"), profile.get("aws_secret_access_key"),
                            profile.get("aws_session_token")};
    for (const char* setting :
         {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"}) {
      if (profile.get(setting).find('\n') == std::string::npos) continue;
      return wrong(profile, std::string("has ") + setting +
                                " over more than one line: lines indented deeper than a setting go "
                                "on with its value; take their indentation off");
    }
    const bool has_id = !credentials.access_key_id.empty();
    if (has_id != !credentials.secret_access_key.empty()) {
      return wrong(profile, "has only one of aws_access_key_id and aws_secret_access_key");
    }
    if (has_id) return make_static_source(std::move(credentials));
    if (const std::string command = profile.get("credential_process"); !command.empty()) {
      if (!options_.allows_process) {
        return wrong(
            profile,
            "has a credential_process, and this hub runs none: its administrator can allow "
            "that with the setting credential_process");
      }
      return make_process_source(command, options_.environment, services_.clock);
    }
    for (const char* setting : {"sso_session", "sso_start_url"}) {
      if (profile.get(setting).empty()) continue;
      return wrong(profile,
                   std::string("uses ") + setting +
                       ": single sign-on is the AWS CLI's business; log in with \"aws sso login\" "
                       "and add to another "
                       "profile: credential_process = aws configure export-credentials --profile " +
                       printable(profile.name));
    }
    return Error{ErrorCode::not_found,
                 profile.looked_at + " has no aws_access_key_id, role_arn or credential_process",
                 ""};
  }

  IdentityServices services_;
  const IdentityOptions& options_;
  std::vector<std::string> visited_;
};

class ProfileSource final : public CredentialSource {
 public:
  ProfileSource(IdentityServices services, IdentityOptions options)
      : services_(services), options_(std::move(options)) {}

  Async<Result<Fetched>> fetch() override {
    auto source = ProfileReader(services_, options_).read(options_.profile);
    if (source.has_error()) co_return source.error();
    co_return co_await (*source)->fetch();
  }

 private:
  IdentityServices services_;
  IdentityOptions options_;
};

}  // namespace

std::shared_ptr<CredentialSource> make_profile_source(IdentityServices services,
                                                      IdentityOptions options) {
  return std::make_shared<ProfileSource>(services, std::move(options));
}

}  // namespace dth::aws

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cloud/aws/credentials.h"

namespace dth::aws {

// The sections of an INI file as AWS's tools read it, by name, each with its settings (names in lower case).
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
using ProfileSections = std::map<std::string, std::map<std::string, std::string>>;

enum class ProfileFile {
  credentials,  // sections are profiles
  config,       // sections are "profile NAME" or "default"; others (sso-session, services) are left out
};

// Pure. Comments (# and ; at the start of a line or after white space), blank lines and nested settings are understood;
// invalid_argument names the line for what is not: never its text, which may be a secret.
Result<ProfileSections> parse_profiles(std::string_view text, ProfileFile kind);

// One profile, both files merged: the credentials file's settings win.
struct Profile {
  std::string name;
  std::map<std::string, std::string> settings;
  std::string looked_at;  // for messages: "profile 'x' in /a and /b"

  std::string get(const std::string& setting) const;
  std::string region() const { return get("region"); }
};

// Reads AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials, and AWS_CONFIG_FILE or ~/.aws/config. An empty name means
// AWS_PROFILE, then "default". not_found where neither file has the profile. Blocks.
Result<Profile> load_profile(const Environment& environment, std::string name);

// The region to use where nothing else says: AWS_REGION, AWS_DEFAULT_REGION, the profile's; empty where none does.
std::string default_region(const Environment& environment, const std::string& profile);

}  // namespace dth::aws

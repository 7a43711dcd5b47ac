#pragma once

#include <map>
#include <string>
#include <string_view>

#include "cloud/aws/credentials.h"

namespace dth::aws {

// Settings by name, in lower case. One of a nested block is found under both names:
// "s3.endpoint_url".
using ProfileSettings = std::map<std::string, std::string>;
using ProfileSections = std::map<std::string, ProfileSettings>;

enum class ProfileFile {
  credentials,  // sections are profiles
  config,  // sections are "profile NAME" or "default", or "services NAME"; others (sso-session) are
           // left out
};

// What one shared file holds.
struct ProfileFileContent {
  ProfileSections profiles;
  ProfileSections services;
};

// Reads a shared file as aws-cli does (Python's RawConfigParser): settings with = or :, comments on
// lines of their own, lines indented deeper than a setting that go on with its value, [DEFAULT].
// Beyond that: a byte order mark, any line ends, a comment behind a section's heading, and sections
// or settings that are given again (the last one counts). Pure. Errors: invalid_argument names the
// line of what cannot be understood; never its text, which may be a secret.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
Result<ProfileFileContent> parse_profiles(std::string_view text, ProfileFile kind);

// One profile, both files merged: the credentials file's settings win.
struct Profile {
  std::string name;
  ProfileSettings settings;
  ProfileSettings services;  // of the `services` section that the profile names
  std::string looked_at;     // for messages: "profile 'x' in /a and /b"

  // Empty where it is not set. A comment behind the value is left out, but where values may hold
  // one (credential_process).
  std::string get(const std::string& setting) const;
};

// Reads AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials, and AWS_CONFIG_FILE or ~/.aws/config. An
// empty name means AWS_PROFILE, then AWS_DEFAULT_PROFILE, then "default". Errors: not_found where
// neither file has the profile; invalid_argument for a file that is there and cannot be read or
// understood, and for a services section that is missing. Blocks.
Result<Profile> load_profile(const Environment& environment, std::string name);

// Changes whenever one of the two files is replaced or written to. Looks at no content. Blocks.
std::string profile_files_revision(const Environment& environment);

}  // namespace dth::aws

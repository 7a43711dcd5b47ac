#pragma once

#include <span>
#include <string_view>

#include "options/option.h"

namespace dth::credentials {

// A kind of credential, declared once: what is public about it, and which secrets its owner enters.
// Resolvers, the command line's variables and the hub's forms are made from this.
struct CredentialKind {
  enum class Base { none, one, several };
  std::string_view name;  // "aws_access_key"
  std::string_view help;
  std::span<const options::Option> options = {};  // public; a CredentialRef holds their values
  std::span<const options::Option> fields = {};   // entered by its owner, found by a SecretSource
  Base base = Base::none;                         // which other credentials it builds on
  // Where a user of a hub may use it. host: it takes what the hub's own host has (files, variables,
  // its role), so only administrators say so.
  enum class Hub { no, yes, host } in_hub = Hub::yes;
};

inline constexpr std::string_view kind_anonymous = "anonymous";
inline constexpr std::string_view kind_aws_access_key = "aws_access_key";
inline constexpr std::string_view kind_aws_profile = "aws_profile";
inline constexpr std::string_view kind_aws_default = "aws_default";
inline constexpr std::string_view kind_aws_role = "aws_role";
inline constexpr std::string_view kind_first_found = "first_found";
inline constexpr std::string_view kind_sse_c_key = "sse_c_key";
inline constexpr std::string_view kind_http_proxy = "http_proxy";
inline constexpr std::string_view kind_aws_instance = "aws_instance";
inline constexpr std::string_view kind_aws_web_identity = "aws_web_identity";
inline constexpr std::string_view kind_aws_environment = "aws_environment";
inline constexpr std::string_view kind_aws_file = "aws_file";
inline constexpr std::string_view kind_aws_secrets_manager = "aws_secrets_manager";
// A credential that a CredentialDirectory keeps, by its id: it says what it is.
inline constexpr std::string_view kind_vault = "vault";

std::span<const CredentialKind> credential_kinds();

// Null where there is none of the name.
const CredentialKind* find_credential_kind(std::string_view name);

}  // namespace dth::credentials

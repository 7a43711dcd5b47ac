#include "credentials/flag_options.h"

#include "credentials/credential_kinds.h"
#include "options/parsed_values.h"

namespace dth::credentials {
namespace {

using options::Option;

constexpr Option anonymous_option = {.name = "anonymous",
                                     .type = options::OptionType::flag,
                                     .help = "send unsigned requests: for public buckets",
                                     .may_change = true};

constexpr Option credential_option = {
    .name = "credential",
    .help =
        "a credential of the hub's vault, by its id; only hubs and workers with --master-key "
        "can use it",
    .placeholder = "ID",
    .may_change = true};

// What of `given` is an option of the kind.
CredentialRef reference_of(std::string_view kind, const options::Values& given) {
  CredentialRef ref{.kind = std::string(kind)};
  for (const Option& option : find_credential_kind(kind)->options) {
    const auto value = given.find(option.name);
    if (value != given.end()) ref.options.insert(*value);
  }
  return ref;
}

}  // namespace

std::span<const Option> aws_flag_options() {
  static const std::vector<Option> table = [] {
    std::vector<Option> all;
    for (const std::string_view kind : {kind_aws_profile, kind_aws_role}) {
      const auto& options = find_credential_kind(kind)->options;
      all.insert(all.end(), options.begin(), options.end());
    }
    all.push_back(anonymous_option);
    all.push_back(credential_option);
    return all;
  }();
  return table;
}

Result<CredentialRef> aws_reference(const options::Values& given, const std::string& owner,
                                    const std::string& option_prefix) {
  auto values = options::ParsedValues(aws_flag_options());
  for (const Option& option : aws_flag_options()) {
    const auto value = given.find(option.name);
    if (value == given.end()) continue;
    auto set = values.set(option, value->second, option_prefix + std::string(option.name));
    if (set.has_error()) return set.error();
  }
  const bool has_role = !values.text("role-arn").empty();
  if (const std::string& kept = values.text("credential"); !kept.empty()) {
    for (const char* other : {"profile", "role-arn", "anonymous"}) {
      const auto also = given.find(other);
      if (also == given.end() || also->second.empty() || also->second == "false") continue;
      return Error{ErrorCode::invalid_argument,
                   option_prefix + "credential and " + option_prefix + other +
                       " contradict each other; leave one of them",
                   ""};
    }
    return CredentialRef{.kind = std::string(kind_vault), .name = kept};
  }
  if (values.flag("anonymous")) {
    if (!has_role) return CredentialRef{.kind = std::string(kind_anonymous)};
    return Error{ErrorCode::invalid_argument,
                 option_prefix + "anonymous and " + option_prefix +
                     "role-arn contradict each other; leave one of them",
                 ""};
  }
  const bool has_profile = !values.text("profile").empty();
  CredentialRef found{.kind = std::string(kind_first_found)};
  found.base.push_back({.kind = std::string(kind_aws_access_key), .name = owner});
  found.base.push_back(has_profile ? reference_of(kind_aws_profile, given)
                                   : CredentialRef{.kind = std::string(kind_aws_default)});
  if (!has_role) return found;
  CredentialRef role = reference_of(kind_aws_role, given);
  role.base.push_back(std::move(found));
  return role;
}

}  // namespace dth::credentials

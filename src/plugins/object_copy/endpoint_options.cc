#include "plugins/object_copy/endpoint_options.h"

#include <vector>

namespace dth::object_copy {
namespace {

using options::Option;
using options::OptionType;

constexpr std::string_view addressing_choices[] = {"auto", "path", "virtual"};

// One of the two fields is set: a text's or a choice's, or a flag's.
struct EndpointOption {
  Option option;
  std::string SideSettings::*text = nullptr;
  bool SideSettings::*flag = nullptr;
};

constexpr EndpointOption table[] = {
    {.option = {.name = "endpoint-url",
                .help = "the S3 endpoint; without it AWS's of the region",
                .placeholder = "URL"},
     .text = &SideSettings::endpoint_url},
    {.option = {.name = "region",
                .help = "the region that requests are signed for; found out where it can be",
                .placeholder = "REGION"},
     .text = &SideSettings::region},
    {.option = {.name = "vendor",
                .help =
                    "whose S3 it is, where that is not found out: aws, ceph, minio, generic, ...",
                .placeholder = "NAME",
                .may_change = true},
     .text = &SideSettings::vendor},
    {.option = {.name = "profile",
                .help = "the AWS profile to take keys and region from",
                .placeholder = "NAME",
                .may_change = true},
     .text = &SideSettings::profile},
    {.option = {.name = "addressing",
                .type = OptionType::choice,
                .help = "where the bucket's name goes: in the path or in the host name",
                .default_text = "auto",
                .choices = addressing_choices,
                .may_change = true},
     .text = &SideSettings::addressing},
    {.option = {.name = "ca-bundle",
                .help = "a PEM file of certificate authorities to trust instead of the system's",
                .placeholder = "FILE",
                .may_change = true},
     .text = &SideSettings::ca_bundle},
    {.option = {.name = "proxy",
                .help = "the HTTP proxy to reach this side through, or none; without it what the "
                        "environment says",
                .placeholder = "URL",
                .may_change = true},
     .text = &SideSettings::proxy},
    {.option = {.name = "role-arn",
                .help = "a role to assume with the credentials found; it is renewed as long as the "
                        "run lasts",
                .placeholder = "ARN",
                .may_change = true},
     .text = &SideSettings::role_arn},
    {.option = {.name = "role-external-id",
                .help = "the external id that the role's trust policy asks for",
                .placeholder = "ID",
                .may_change = true},
     .text = &SideSettings::role_external_id},
    {.option = {.name = "role-session-name",
                .help = "how the role's session is called in audit logs",
                .placeholder = "NAME",
                .may_change = true},
     .text = &SideSettings::role_session_name},
    {.option = {.name = "sts-endpoint-url",
                .help = "the STS that gives out roles; without it AWS's of the region",
                .placeholder = "URL",
                .may_change = true},
     .text = &SideSettings::sts_endpoint_url},
    {.option = {.name = "requester-pays",
                .type = OptionType::flag,
                .help = "agree to pay for requests to a bucket whose owner does not",
                .may_change = true},
     .flag = &SideSettings::requester_pays},
    {.option = {.name = "anonymous",
                .type = OptionType::flag,
                .help = "send unsigned requests: for public buckets",
                .may_change = true},
     .flag = &SideSettings::anonymous},
};

std::string name_of(std::string_view side, const Option& option) {
  return std::string(side) + "-" + std::string(option.name);
}

// The table as the options of one side, which refer to names of their own.
struct SideOptions {
  std::vector<std::string> names;
  std::vector<Option> options;

  explicit SideOptions(std::string_view side) {
    for (const EndpointOption& row : table) names.push_back(name_of(side, row.option));
    for (const EndpointOption& row : table) {
      Option option = row.option;
      option.name = names[options.size()];
      option.group = side;
      options.push_back(option);
    }
  }
};

}  // namespace

std::span<const Option> endpoint_options(std::string_view side) {
  static const SideOptions source("source"), destination("destination");
  return side == "source" ? source.options : destination.options;
}

void read_endpoint_options(const options::ParsedValues& values, SideSettings* settings) {
  for (const EndpointOption& row : table) {
    const std::string name = name_of(settings->side, row.option);
    if (row.text) settings->*row.text = values.text(name);
    if (row.flag) settings->*row.flag = values.flag(name);
  }
}

}  // namespace dth::object_copy

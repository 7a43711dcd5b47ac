#include "objects/s3/endpoint_options.h"

#include "options/parsed_values.h"

namespace dth::objects::s3 {
namespace {

using options::Option;
using options::OptionType;

constexpr options::Choice<Addressing> addressing_choices[] = {
    {"auto", Addressing::automatic},
    {"path", Addressing::path},
    {"virtual", Addressing::virtual_host}};
constexpr auto addressing_names = options::names_of(addressing_choices);

constexpr Option table[] = {
    {.name = "endpoint-url",
     .help = "the S3 endpoint; without it AWS's of the region",
     .placeholder = "URL"},
    {.name = "region",
     .help = "the region that requests are signed for; found out where it can be",
     .placeholder = "REGION"},
    {.name = "vendor",
     .help = "whose S3 it is, where that is not found out: aws, ceph, minio, generic, ...",
     .placeholder = "NAME",
     .may_change = true},
    {.name = "addressing",
     .type = OptionType::choice,
     .help = "where the bucket's name goes: in the path or in the host name",
     .default_text = "auto",
     .choices = addressing_names,
     .may_change = true},
    {.name = "ca-bundle",
     .help = "a PEM file of certificate authorities to trust instead of the system's",
     .placeholder = "FILE",
     .may_change = true},
    {.name = "proxy",
     .help = "the HTTP proxy to reach this side through, or none; without it what the environment "
             "says",
     .placeholder = "URL",
     .may_change = true},
    {.name = "requester-pays",
     .type = OptionType::flag,
     .help = "agree to pay for requests to a bucket whose owner does not",
     .may_change = true},
};

}  // namespace

std::span<const Option> endpoint_options() { return table; }

Result<EndpointOptions> read_endpoint_options(const options::Values& given,
                                              const std::string& option_prefix) {
  options::ParsedValues values(table);
  for (const Option& option : table) {
    const auto found = given.find(option.name);
    if (found == given.end()) continue;
    auto set = values.set(option, found->second, option_prefix + std::string(option.name));
    if (set.has_error()) return set.error();
  }
  EndpointOptions options;
  options.endpoint_url = values.text("endpoint-url");
  options.region = values.text("region");
  options.vendor = values.text("vendor");
  options.addressing = values.choice("addressing", addressing_choices);
  options.ca_bundle = values.text("ca-bundle");
  options.proxy = values.text("proxy");
  options.requester_pays = values.flag("requester-pays");
  return options;
}

}  // namespace dth::objects::s3

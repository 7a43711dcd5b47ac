#include "objects/s3/endpoint_hosts.h"

#include "base/encoding.h"
#include "cloud/aws/partitions.h"
#include "cloud/aws/s3_hosts.h"
#include "net/client/proxy.h"
#include "objects/s3/vendor.h"

namespace dth::objects::s3 {
namespace {

std::string value_of(const options::Values& options, std::string_view name) {
  const auto found = options.find(name);
  return found == options.end() ? std::string() : found->second;
}

// The server that is named, or AWS's of the region. Nothing where the options name none that can
// be.
std::optional<net::HttpOrigin> origin_of(const options::Values& options) {
  if (const std::string url = value_of(options, "endpoint-url"); !url.empty()) {
    auto parsed = net::parse_endpoint(url);
    if (parsed.has_error()) return std::nullopt;
    return parsed->origin;
  }
  const std::string region = value_of(options, "region");
  auto host = aws::s3_host(region.empty() ? "us-east-1" : region);
  if (host.has_error()) return std::nullopt;
  return net::HttpOrigin{.host = std::move(*host)};
}

bool is_same_server(const net::HttpOrigin& one, const net::HttpOrigin& other) {
  if (one == other) return true;
  return one.tls && other.tls && one.port == other.port &&
         aws::are_s3_hosts_of_one_partition(one.host, other.host);
}

std::optional<net::HttpOrigin> proxy_of(const options::Values& options) {
  const std::string named = value_of(options, "proxy");
  if (named.empty() || named == "none") return std::nullopt;
  auto proxy = net::parse_proxy(named);
  if (proxy.has_error()) return std::nullopt;
  return proxy->origin;
}

}  // namespace

Result<void> check_place(const EndpointOptions& options, const std::string& option_prefix) {
  if (!options.endpoint_url.empty()) {
    auto parsed = net::parse_endpoint(options.endpoint_url);
    if (parsed.has_error())
      return std::move(parsed.error()).with_context(option_prefix + "endpoint-url");
  } else if (!options.region.empty()) {
    if (auto host = aws::s3_host(options.region); host.has_error())
      return std::move(host.error()).with_context(option_prefix + "region");
  }
  if (!options.vendor.empty() && !find_vendor(options.vendor)) {
    return Error{ErrorCode::invalid_argument,
                 option_prefix + "vendor: there is no vendor profile '" +
                     printable(options.vendor.substr(0, 80)) + "'",
                 ""};
  }
  return {};
}

std::string shown_address(const options::Values& options) {
  if (!value_of(options, "endpoint-url").empty()) {
    const auto parsed = net::parse_endpoint(value_of(options, "endpoint-url"));
    if (parsed.has_error()) return "";
    const net::HttpOrigin& origin = parsed->origin;
    return (origin.tls ? "https://" : "http://") + origin.authority() + parsed->path;
  }
  const std::string region = value_of(options, "region");
  return region.empty() ? "AWS" : "AWS " + region;
}

std::string_view arn_partition(const options::Values& options) {
  const auto origin = origin_of(options);
  const aws::Partition* partition = origin ? aws::find_partition_of_host(origin->host) : nullptr;
  return partition ? partition->name : "aws";
}

std::vector<std::string> new_hosts(const options::Values& before, const options::Values& after) {
  std::vector<std::string> hosts;
  const auto old_origin = origin_of(before), new_origin = origin_of(after);
  if (new_origin && (!old_origin || !is_same_server(*old_origin, *new_origin)))
    hosts.push_back(new_origin->authority());
  const auto old_proxy = proxy_of(before), new_proxy = proxy_of(after);
  if (new_proxy && new_proxy != old_proxy) hosts.push_back(new_proxy->authority());
  return hosts;
}

}  // namespace dth::objects::s3

#include "objects/s3/addressing.h"

#include <algorithm>

#include "base/encoding.h"

namespace dth::objects::s3 {
namespace {

bool is_literal_address(std::string_view host) {
  if (host.find(':') != host.npos) return true;
  return std::all_of(host.begin(), host.end(),
                     [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

}  // namespace

bool is_dns_compatible(std::string_view bucket) {
  if (bucket.size() < 3 || bucket.size() > 63 || is_literal_address(bucket)) return false;
  char before = '.';  // so that a label may not begin with a hyphen
  for (char c : bucket) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!word && c != '-' && c != '.') return false;
    if (!word && before == '.') return false;
    if (c == '.' && before == '-') return false;
    before = c;
  }
  return before != '.' && before != '-';
}

std::string BucketAddress::path_of(std::string_view key) const {
  if (key.empty()) return path.empty() ? "/" : path;
  std::string result = path;
  result += '/';
  result += percent_encode(key, true);
  return result;
}

bool uses_virtual_host(Addressing addressing, const net::HttpOrigin& endpoint,
                       const VendorProfile& vendor, std::string_view bucket) {
  if (addressing != Addressing::automatic) return addressing == Addressing::virtual_host;
  if (!vendor.virtual_host || is_literal_address(endpoint.host) || !is_dns_compatible(bucket))
    return false;
  return !endpoint.tls || bucket.find('.') == bucket.npos;
}

BucketAddress address_of(const net::HttpOrigin& endpoint, std::string_view endpoint_path,
                         std::string_view bucket, bool virtual_host) {
  BucketAddress address{.origin = endpoint, .authority = "", .path = std::string(endpoint_path)};
  if (virtual_host) {
    address.origin.host = std::string(bucket) + "." + endpoint.host;
  } else {
    address.path += "/" + percent_encode(bucket, false);
  }
  address.authority = address.origin.authority();
  return address;
}

}  // namespace dth::objects::s3

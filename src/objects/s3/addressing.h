#pragma once

#include <string>
#include <string_view>

#include "net/client/http_client.h"
#include "objects/s3/s3_store.h"
#include "objects/s3/vendor.h"

namespace dth::objects::s3 {

// May the bucket's name stand in a host name?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
bool is_dns_compatible(std::string_view bucket);

// Where a bucket's requests go: `origin` to connect to, and what comes before the key in the path.
struct BucketAddress {
  net::HttpOrigin origin;
  std::string authority;  // as Host: carries it
  std::string path;       // "/bucket" or empty, behind the endpoint's own path

  // For messages: "https://host", the port only where it is not the scheme's own.
  std::string url() const { return (origin.tls ? "https://" : "http://") + authority; }

  // The request's path: percent-encoded byte by byte, and otherwise as the key is; "/" where both
  // are empty.
  std::string path_of(std::string_view key) const;
};

// Is the bucket named by the host, where the choice is automatic? A dotted name would not fit TLS's
// wildcard certificates, and a literal address takes no name before it.
bool uses_virtual_host(Addressing addressing, const net::HttpOrigin& endpoint,
                       const VendorProfile& vendor, std::string_view bucket);

// `endpoint_path`: as in S3Options.
BucketAddress address_of(const net::HttpOrigin& endpoint, std::string_view endpoint_path,
                         std::string_view bucket, bool virtual_host);

}  // namespace dth::objects::s3

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace dth::aws {

// An isolated set of AWS regions: identities, endpoints and DNS names of one mean nothing in
// another.
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
struct Partition {
  std::string_view name;          // as in ARNs: "aws", "aws-cn", ...
  std::string_view dns_suffix;    // of service hosts: "amazonaws.com"
  std::string_view region_first;  // the region to ask where none is known
  bool has_dual_stack;            // hosts that answer on IPv4 and IPv6
  bool has_fips;
  // The words a region may begin with, before "-<direction>-<number>".
  std::span<const std::string_view> region_prefixes;
};

std::span<const Partition> partitions();

// The partition whose region pattern `region` matches; null for what does not look like an AWS
// region.
const Partition* find_partition(std::string_view region);

// The partition whose services live under `host`; null for hosts that are not AWS's.
const Partition* find_partition_of_host(std::string_view host);

struct HostOptions {
  bool dual_stack = false;
  bool fips = false;
};

// "s3.eu-west-1.amazonaws.com" and its dual-stack and FIPS forms.
// invalid_argument where the region is of no partition, or the partition lacks what is asked for.
// https://docs.aws.amazon.com/general/latest/gr/s3.html
Result<std::string> s3_host(std::string_view region, HostOptions options = {});

// "sts.eu-west-1.amazonaws.com"; errors as s3_host().
// https://docs.aws.amazon.com/general/latest/gr/sts.html
Result<std::string> sts_host(std::string_view region, HostOptions options = {});

// "secretsmanager.eu-west-1.amazonaws.com"; errors as s3_host().
// https://docs.aws.amazon.com/general/latest/gr/asm.html
Result<std::string> secrets_manager_host(std::string_view region);

// The region in the name of a host of S3, whatever stands before it: a bucket, an access point, an
// interface endpoint. Nothing for other hosts and for the global one.
std::optional<std::string> region_of_s3_host(std::string_view host);

// A name of the S3 service itself, without a bucket: s3.REGION, s3-fips.REGION,
// s3.dualstack.REGION, the older s3-REGION, the global s3. It may be exchanged for the same name in
// another region. Interface endpoints (vpce), accelerate, access points, outposts and directory
// buckets have names of their own, which lead to something that others do not.
struct PlainS3Host {
  std::string_view service;  // "s3", "s3-fips.dualstack"
  std::string region;        // empty: of the global name
  const Partition* partition = nullptr;

  // "s3.dualstack.eu-west-1.amazonaws.com"; nothing where the region is under another domain.
  std::optional<std::string> in(std::string_view other_region) const;
};
std::optional<PlainS3Host> plain_s3_host(std::string_view host);

// May this be a region's name: 1 to 63 of [a-z0-9-]? Other stores have names of their own
// ("default", "auto").
bool is_region_name(std::string_view text);

}  // namespace dth::aws

#pragma once

#include <optional>
#include <string_view>

namespace dth::aws {

// Which of Amazon S3's names a host is: the names under which S3 itself answers, and no others.
// Under amazonaws.com there are also load balancers, virtual machines and functions, which are
// anybody's. https://docs.aws.amazon.com/general/latest/gr/s3.html
enum class S3HostKind {
  service,           // s3.REGION.amazonaws.com and its FIPS, dual-stack, global and older forms
  accelerate,        // s3-accelerate.amazonaws.com
  access_point,      // s3-accesspoint.REGION.amazonaws.com
  outposts,          // s3-outposts.REGION.amazonaws.com
  directory_bucket,  // s3express-ZONE.REGION.amazonaws.com: ETags are not MD5s there
  vpc_endpoint,      // vpce-ID.s3.REGION.vpce.amazonaws.com: an interface of somebody's own network
};

// With a bucket or an account before it or without. Nothing for hosts that are not Amazon S3's.
std::optional<S3HostKind> s3_host_kind(std::string_view host);

// Are both names of S3's, in one partition? What is signed for one may then be sent to the other.
bool are_s3_hosts_of_one_partition(std::string_view host, std::string_view other);

}  // namespace dth::aws

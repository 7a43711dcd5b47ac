#pragma once

#include <string>
#include <vector>

#include "objects/s3/endpoint_options.h"

namespace dth::objects::s3 {

// Where requests of an endpoint go, as its options say. Pure.

// Can it be a place at all? invalid_argument names the option behind `option_prefix`.
Result<void> check_place(const EndpointOptions& options, const std::string& option_prefix);

// "https://host:9000", "AWS us-east-1"; "AWS" where no region is named.
std::string shown_address(const options::Values& options);

// The partition of AWS in whose form ARNs of buckets there are written: "aws" of stores of others.
std::string_view arn_partition(const options::Values& options);

// StoreKind::new_hosts(): "host:9000". The S3 of one partition of AWS is one server; a server that
// was reached over TLS is another without.
std::vector<std::string> new_hosts(const options::Values& before, const options::Values& after);

}  // namespace dth::objects::s3

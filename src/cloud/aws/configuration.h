#pragma once

#include <string>
#include <string_view>

#include "cloud/aws/credentials.h"

// What AWS's environment variables and profiles say beyond credentials. In each, `profile` is one
// that was named by hand: what it says goes before the environment. Else the environment goes
// first, as with AWS's own tools, and then the profile of AWS_PROFILE, or "default". Errors:
// not_found where a profile named by hand is missing; those of load_profile(). They block.
namespace dth::aws {

// A value, and where it was found, for messages: "AWS_ENDPOINT_URL", "endpoint_url of profile 'x'
// in ...". Both empty: nowhere.
struct Configured {
  std::string value;
  std::string from;
};

// The endpoint of a service ("s3", "sts"): AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL; of the
// profile its services section, endpoint_url, and endpoint_url in a block of the service's name.
// None where AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, or the profile's ignore_configured_endpoint_urls,
// is true. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
Result<Configured> configured_endpoint_url(const Environment& environment,
                                           const std::string& profile, std::string_view service);

// A PEM file of authorities to trust: AWS_CA_BUNDLE, ca_bundle.
Result<Configured> configured_ca_bundle(const Environment& environment, const std::string& profile);

// AWS_REGION, AWS_DEFAULT_REGION, region.
Result<Configured> configured_region(const Environment& environment, const std::string& profile);

}  // namespace dth::aws

#pragma once

#include <span>
#include <string>

#include "objects/s3/s3_store.h"
#include "options/option.h"

namespace dth::objects::s3 {

// How an S3 endpoint is reached: the one declaration of these options.
std::span<const options::Option> endpoint_options();

// Their values.
struct EndpointOptions {
  std::string endpoint_url = {};  // empty: AWS's, by region
  std::string region = {};        // empty: what AWS's environment and profiles say
  std::string vendor = {};        // a vendor profile's name; empty: found out
  Addressing addressing = Addressing::automatic;
  std::string ca_bundle = {};
  std::string proxy =
      {};  // a URL without a user, or "none"; empty: the endpoint's own, or the process's
  bool requester_pays = false;
};

// invalid_argument names the option behind `option_prefix`.
Result<EndpointOptions> read_endpoint_options(const options::Values& given,
                                              const std::string& option_prefix);

}  // namespace dth::objects::s3

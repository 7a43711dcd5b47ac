#pragma once

#include <span>
#include <string_view>

namespace dth::control {

// What fills a new endpoint in: one vendor's store, or one partition of AWS.
struct EndpointTemplate {
  struct Value {
    std::string_view name;
    // {region} in it is replaced by the value of the option "region" when the endpoint is made.
    std::string_view value;
  };
  std::string_view name;  // "ceph"; an endpoint says which one it was made from
  std::string_view title;
  std::string_view kind;  // of a store
  std::span<const Value> values = {};
  // Options that a form has to ask, because they differ from account to account.
  std::span<const std::string_view> asks = {};
  std::string_view help;           // a sentence or two
  std::string_view documentation;  // the vendor's page that says how it is reached; empty: none
};

std::span<const EndpointTemplate> endpoint_templates();

// Null where there is none of the name.
const EndpointTemplate* find_endpoint_template(std::string_view name);

}  // namespace dth::control

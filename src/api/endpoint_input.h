#pragma once

#include <boost/json.hpp>

#include "control/endpoints/endpoint_service.h"

namespace dth::api {

// The input types EndpointInput and [LabelInput!].
control::EndpointInput read_endpoint_input(const boost::json::object& input);
std::vector<state::Label> read_label_inputs(const boost::json::object& input,
                                            std::string_view name);

// [Label!] of kept labels.
boost::json::array label_objects(const state::Labels& labels);

}  // namespace dth::api

#pragma once

#include <boost/json.hpp>

#include "runs/run_list.h"
#include "state/control/run_lists.h"

namespace dth::api {

// The input objects RunFilter, RunOrder and FailureFilter, as coerced by the schema.
runs::RunListFilter run_filter(const boost::json::object& input);
state::RunOrder run_order(const boost::json::object& input);
state::FailureFilter failure_filter(const boost::json::object& input);

// The texts of a list member; empty where it is not there or null.
std::vector<std::string> text_list(const boost::json::object& input, std::string_view name);

}  // namespace dth::api

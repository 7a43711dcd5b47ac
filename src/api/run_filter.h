#pragma once

#include <boost/json.hpp>

#include "runs/run_list.h"
#include "state/control/run_lists.h"

namespace dth::api {

// The input objects RunFilter, RunOrder and FailureFilter, as coerced by the schema.
runs::RunListFilter run_filter(const boost::json::object& input);
state::RunOrder run_order(const boost::json::object& input);
state::FailureFilter failure_filter(const boost::json::object& input);

inline constexpr std::size_t filter_values_max = 100;        // of a list
inline constexpr std::size_t filter_text_bytes_max = 1'024;  // of each text
// invalid_argument where a list or a text of a filter is longer. A client decides how long they
// are, and each of their values is a condition of a statement of the database.
Result<void> check_lengths(const boost::json::object& input);

// The texts of a list member; empty where it is not there or null.
std::vector<std::string> text_list(const boost::json::object& input, std::string_view name);

}  // namespace dth::api

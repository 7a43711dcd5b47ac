#pragma once

#include <string>

#include <boost/json.hpp>

namespace dth::graphql {

// A value as error messages show it: lists longer than ten and what is nested deeper than two
// levels are cut.
std::string inspect(const boost::json::value& value);

}  // namespace dth::graphql

#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace dth::graphql {

// A double in the shortest form that reads back the same, as ECMAScript writes it: 1, 0.1, 1e+21.
std::string number_text(double number);

// JSON as responses have it: doubles as above, which Boost.JSON would write as 1E0. The value must
// be UTF-8.
void append_json(const boost::json::value& value, std::string* out);
std::string to_json_text(const boost::json::value& value);

// A value as error messages show it: lists longer than ten and what is nested deeper than two
// levels are cut.
std::string inspect(const boost::json::value& value);

}  // namespace dth::graphql

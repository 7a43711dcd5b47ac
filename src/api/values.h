#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "graphql/execution/resolvers.h"
#include "options/option.h"

namespace dth::api {

// How values of the program become values of the API.

// Keys and locations are bytes; JSON is UTF-8: bytes that are not UTF-8 become \xNN.
std::string shown(const std::string& bytes);

// Null for an empty text.
boost::json::value text_or_null(const std::string& text);

// The name of an enum's value: "completed_with_failures" is COMPLETED_WITH_FAILURES.
std::string enum_name(std::string_view word);
// The word that the enum's value stands for; the inverse of enum_name().
std::string enum_word(std::string_view name);

// The value of OptionType.
std::string_view option_type_name(options::OptionType type);

// An argument of the type ID! or String!.
std::string text_argument(const graphql::ResolveInfo& info, std::string_view name);

}  // namespace dth::api

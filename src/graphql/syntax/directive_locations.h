#pragma once

#include <string_view>

namespace dth::graphql {

// The places where a directive may stand (section 3.13 of the specification), as they are written
// in its definition.
inline constexpr std::string_view directive_locations[] = {"QUERY",
                                                           "MUTATION",
                                                           "SUBSCRIPTION",
                                                           "FIELD",
                                                           "FRAGMENT_DEFINITION",
                                                           "FRAGMENT_SPREAD",
                                                           "INLINE_FRAGMENT",
                                                           "VARIABLE_DEFINITION",
                                                           "SCHEMA",
                                                           "SCALAR",
                                                           "OBJECT",
                                                           "FIELD_DEFINITION",
                                                           "ARGUMENT_DEFINITION",
                                                           "INTERFACE",
                                                           "UNION",
                                                           "ENUM",
                                                           "ENUM_VALUE",
                                                           "INPUT_OBJECT",
                                                           "INPUT_FIELD_DEFINITION"};

inline bool is_directive_location(std::string_view name) {
  for (const auto location : directive_locations) {
    if (name == location) return true;
  }
  return false;
}

}  // namespace dth::graphql

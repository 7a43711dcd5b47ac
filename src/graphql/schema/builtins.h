#pragma once

#include <string_view>

#include "graphql/schema/schema.h"

namespace dth::graphql {

// What every schema has besides its own SDL: the scalars and directives of the specification
// (3.5, 3.13) and the types of introspection (4.1 of September 2025), as SDL.
extern const std::string_view builtin_sdl;

bool is_builtin_scalar(std::string_view name);

// Int, Float, String, Boolean, ID (section 3.5).
ScalarRules builtin_scalar_rules(std::string_view name);

// Takes and gives any JSON.
ScalarRules any_scalar_rules();

}  // namespace dth::graphql

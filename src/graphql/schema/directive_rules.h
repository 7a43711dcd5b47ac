#pragma once

#include <vector>

#include "graphql/syntax/document.h"

namespace dth::graphql {

// Rules for directives that stand in SDL (section 5.7): known, in their places, not repeated, with
// the arguments that they are defined with.
void check_sdl_directives(const Document& document, const Document& builtins,
                          std::vector<GraphqlError>* errors);

}  // namespace dth::graphql

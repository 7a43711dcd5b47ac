#pragma once

#include "graphql/execution/resolvers.h"

namespace dth::graphql {

// The resolvers of the types __Schema, __Type, ... (section 4).
void add_introspection(Resolvers* resolvers);

}  // namespace dth::graphql

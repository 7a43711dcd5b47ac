#pragma once

#include "graphql/schema/schema.h"

namespace dth::api {

// The rules of the scalars that schema.graphql adds: BigInt and DateTime. Resolvers get a BigInt as
// a JSON number of 64 bits and a DateTime as format_time() writes it, and answer them so.
graphql::SchemaOptions scalar_rules();

}  // namespace dth::api

#pragma once

#include "graphql/schema/schema.h"

namespace dth::graphql {

// The same literals for the same names, in any order; fields of object literals too. What it took,
// in comparisons of one field with another, is added to `*effort`.
bool same_arguments(const List<ast::Argument>& a, const List<ast::Argument>& b,
                    std::size_t* effort);

// Could one key of a response not hold values of both?
bool types_conflict(TypeRef a, TypeRef b);

}  // namespace dth::graphql

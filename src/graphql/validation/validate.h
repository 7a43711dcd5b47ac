#pragma once

#include <vector>

#include "graphql/schema/schema.h"
#include "graphql/syntax/limits.h"

namespace dth::graphql {

struct ValidateOptions {
  std::size_t errors_max = GraphqlLimits{}.errors_max;
  std::size_t field_comparisons_max = GraphqlLimits{}.field_comparisons_max;
  // "Did you mean ...?" names what the schema has: not for those who may not ask for it.
  bool suggestions = true;
};

// Every rule of section 5 of the specification (October 2021; of September 2025 those of OneOf
// input objects). The errors, with their locations; none for a valid document. Takes time
// polynomial in the size of the document, bounded by the options; a document that is too involved
// to be compared within them is an error too.
std::vector<GraphqlError> validate(const Schema& schema, const Document& document,
                                   const ValidateOptions& options = {});

}  // namespace dth::graphql

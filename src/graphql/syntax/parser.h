#pragma once

#include <memory>
#include <string>

#include "graphql/syntax/document.h"
#include "graphql/syntax/limits.h"

namespace dth::graphql {

// What bounds the parser; a schema, which is our own, is parsed with bounds of its own.
struct ParseOptions {
  std::size_t document_bytes_max = GraphqlLimits{}.document_bytes_max;
  std::size_t tokens_max = GraphqlLimits{}.tokens_max;
  std::size_t syntax_depth_max = GraphqlLimits{}.syntax_depth_max;
};

// Parses an executable document or one of the type system (SDL): sections 2 and 3 of the
// specification of October 2021, with what September 2025 added (descriptions of operations,
// fragments and variables). The source must be UTF-8. Stops at the first error: `Syntax Error:
// Expected Name, found "}".`, with its location.
GraphqlResult<std::shared_ptr<const Document>> parse(std::string source,
                                                     const ParseOptions& options = {});

}  // namespace dth::graphql

#pragma once

#include "graphql/execution/execute.h"

namespace dth::graphql {

// What an operation asks for before anything is known of types, fragments expanded; each number
// stops at its maximum. Takes time in proportion to the document, whatever its fragments do: each
// is measured once.
struct OperationSize {
  std::size_t depth = 0;
  std::size_t fields = 0;
  std::size_t aliases = 0;
  std::size_t directives = 0;
  std::size_t root_fields = 0;
  std::size_t arguments = 0;  // the most at one field or directive
};
OperationSize measure(const PreparedDocument& document, const ast::Definition& operation);

// The limits that the document is beyond, with what to do about it; to be asked before validation.
// Fragments are measured whether or not an operation uses them.
std::vector<GraphqlError> check_size(const PreparedDocument& document, const GraphqlLimits& limits);

// The sum of the weights of all fields, each multiplied by the sizes of the lists around it. For
// valid documents.
std::uint64_t cost_of(const Schema& schema, const ResolverTable& resolvers,
                      const PreparedDocument& document, const ast::Definition& operation,
                      const boost::json::object& variables, const GraphqlLimits& limits);

// The arguments that are beyond the range that the schema gives them, each named. For valid
// documents; takes time in proportion to the document.
std::vector<GraphqlError> check_ranges(const Schema& schema, const PreparedDocument& document,
                                       const ast::Definition& operation,
                                       const boost::json::object& variables,
                                       std::size_t errors_max);

// Does it ask for __schema or __type?
bool uses_introspection(const PreparedDocument& document);

}  // namespace dth::graphql

#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "graphql/schema/schema.h"
#include "graphql/syntax/limits.h"

namespace dth::graphql {

// Coercion of what clients send (section 3, "Input Coercion", and 6.1.2).

// A literal as a value of the type, with defaults of input objects filled in; nothing where it is
// no such value, or names a variable that is not there. `variables` may be null; its values are
// coerced already.
std::optional<boost::json::value> value_from_literal(const ast::Value& literal, TypeRef type,
                                                     const boost::json::object* variables);

// A literal of a leaf type: why it is none of its values, in a sentence, or the value.
Result<boost::json::value> leaf_from_literal(const ast::Value& literal, const NamedType& type,
                                             const boost::json::object* variables);

// A literal as JSON without regard to a type; variables that are not there are left out or null.
boost::json::value untyped_json(const ast::Value& literal, const boost::json::object* variables);

// Coerces the variables of a request to what the operation declares. Those that are absent and have
// no default stay absent. Reports every wrong one, up to `errors_max`.
struct CoercedVariables {
  boost::json::object values;
  std::vector<GraphqlError> errors;
};
CoercedVariables coerce_variables(const Schema& schema, const Document& document,
                                  const ast::Definition& operation,
                                  const boost::json::object& given, std::size_t errors_max);

// The arguments of a field or directive. The error has the location of what is wrong, if that is in
// the document.
GraphqlResult<boost::json::object> coerce_arguments(const Document& document,
                                                    const std::vector<InputValue>& definitions,
                                                    const List<ast::Argument>& arguments,
                                                    std::uint32_t node_offset,
                                                    const boost::json::object* variables);

// How deep lists and objects nest in a value, counted up to `limit` + 1.
std::size_t depth_of(const boost::json::value& value, std::size_t limit);

}  // namespace dth::graphql

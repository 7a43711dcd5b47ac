// The ranges that a schema gives to arguments.
#include <set>

#include "graphql/schema/coercion.h"
#include "graphql/validation/request_limits.h"

namespace dth::graphql {
namespace {

class Ranges {
 public:
  Ranges(const Schema& schema, const PreparedDocument& document,
         const boost::json::object& variables, std::size_t errors_max)
      : schema_(schema), document_(document), variables_(variables), errors_max_(errors_max) {}

  void check(const ast::SelectionSet& set, const NamedType* parent) {
    for (const auto& selection : set.items) {
      if (errors_.size() >= errors_max_) return;
      if (selection.kind == ast::SelectionKind::field) {
        check_field(selection, parent);
      } else if (selection.kind == ast::SelectionKind::inline_fragment) {
        check(selection.selections,
              selection.type_condition ? schema_.type(selection.type_condition.text) : parent);
      } else {
        check_fragment(selection.name.text);
      }
    }
  }

  std::vector<GraphqlError> take_errors() { return std::move(errors_); }

 private:
  void check_fragment(std::string_view name) {
    const auto fragment = document_.fragments.find(name);
    if (fragment == document_.fragments.end() || !checked_.insert(name).second) return;
    const auto& definition = *fragment->second;
    check(definition.selections, schema_.type(definition.type_condition.text));
  }

  void check_field(const ast::Selection& selection, const NamedType* parent) {
    const Field* field = parent != nullptr ? schema_.field(*parent, selection.name.text) : nullptr;
    if (field == nullptr) return;
    for (const auto& given : selection.arguments) {
      const InputValue* argument = field->argument(given.name.text);
      if (argument != nullptr && argument->range) check_argument(given, *argument);
    }
    if (selection.selections) check(selection.selections, field->type.named);
  }

  void check_argument(const ast::Argument& given, const InputValue& argument) {
    const auto value = value_from_literal(given.value, argument.type, &variables_);
    if (!value || !value->is_int64()) return;
    const std::int64_t number = value->get_int64();
    const auto [min, max] = *argument.range;
    if (number >= min && number <= max) return;
    GraphqlError error{argument.name + " is " + std::to_string(number) + ": give a number from " +
                       std::to_string(min) + " to " + std::to_string(max) + "."};
    error.locations.push_back(document_.document->location(given.value.offset));
    error.field = argument.name;
    errors_.push_back(std::move(error));
  }

  const Schema& schema_;
  const PreparedDocument& document_;
  const boost::json::object& variables_;
  const std::size_t errors_max_;
  std::set<std::string_view> checked_;
  std::vector<GraphqlError> errors_;
};

}  // namespace

std::vector<GraphqlError> check_ranges(const Schema& schema, const PreparedDocument& document,
                                       const ast::Definition& operation,
                                       const boost::json::object& variables,
                                       std::size_t errors_max) {
  Ranges ranges(schema, document, variables, errors_max);
  ranges.check(operation.selections, schema.root(operation.operation));
  return ranges.take_errors();
}

}  // namespace dth::graphql

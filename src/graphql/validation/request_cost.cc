// What an operation costs, with its types and variables.
#include <algorithm>
#include <limits>
#include <map>

#include "graphql/schema/coercion.h"
#include "graphql/validation/request_limits.h"

namespace dth::graphql {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

std::uint64_t add(std::uint64_t a, std::uint64_t b) { return a > most - b ? most : a + b; }
std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > most / b ? most : a * b;
}

class Cost {
 public:
  Cost(const Schema& schema, const ResolverTable& resolvers, const PreparedDocument& document,
       const boost::json::object& variables, const GraphqlLimits& limits)
      : schema_(schema),
        resolvers_(resolvers),
        document_(document),
        variables_(variables),
        limits_(limits) {}

  // `is_sized`: the field around has an argument that bounds the lists right within it.
  std::uint64_t of(const ast::SelectionSet& set, const NamedType* parent, bool is_sized) {
    std::uint64_t cost = 0;
    for (const auto& selection : set.items) {
      if (selection.kind == ast::SelectionKind::field) {
        cost = add(cost, of_field(selection, parent, is_sized));
      } else if (selection.kind == ast::SelectionKind::inline_fragment) {
        const NamedType* type =
            selection.type_condition ? schema_.type(selection.type_condition.text) : parent;
        cost = add(cost, of(selection.selections, type, is_sized));
      } else {
        cost = add(cost, of_fragment(selection.name.text, is_sized));
      }
    }
    return cost;
  }

 private:
  std::uint64_t of_fragment(std::string_view name, bool is_sized) {
    const auto key = std::pair(name, is_sized);
    const auto known = fragments_.find(key);
    if (known != fragments_.end()) return known->second;
    const auto fragment = document_.fragments.find(name);
    if (fragment == document_.fragments.end()) return 0;
    const auto& definition = *fragment->second;
    const std::uint64_t cost =
        of(definition.selections, schema_.type(definition.type_condition.text), is_sized);
    return fragments_[key] = cost;
  }

  std::uint64_t of_field(const ast::Selection& selection, const NamedType* parent, bool is_sized) {
    const Field* field = parent != nullptr ? schema_.field(*parent, selection.name.text) : nullptr;
    if (field == nullptr || field == &schema_.typename_field()) return 0;
    const FieldCost cost = cost_at(*parent, *field);
    const auto size = size_from_argument(selection, *field, cost.size_argument);
    std::uint64_t times = 1;
    if (size) {
      times = *size;
    } else if (field->type.is_list() && !is_sized) {
      times = limits_.list_size_assumed;
    }
    if (!selection.selections) return cost.weight;
    const bool sizes_below = size.has_value() && !field->type.is_list();
    return add(cost.weight,
               multiply(times, of(selection.selections, field->type.named, sizes_below)));
  }

  // Of an interface's field: the dearest that it may turn out to be.
  FieldCost cost_at(const NamedType& parent, const Field& field) const {
    if (field.parent == nullptr) return {};  // __schema and __type
    if (parent.kind == TypeKind::object) return resolvers_.at(field).cost;
    FieldCost dearest;
    for (const auto* object : parent.possible_types) {
      const Field* of_object = object->field(field.name);
      if (of_object == nullptr) continue;
      const FieldCost& cost = resolvers_.at(*of_object).cost;
      if (cost.weight >= dearest.weight) dearest = cost;
    }
    return dearest;
  }

  std::optional<std::uint64_t> size_from_argument(const ast::Selection& selection,
                                                  const Field& field, std::string_view name) const {
    const InputValue* argument = field.argument(name);
    if (argument == nullptr) return std::nullopt;
    std::optional<boost::json::value> value = argument->default_value;
    for (const auto& given : selection.arguments) {
      if (given.name.text != name) continue;
      auto coerced = value_from_literal(given.value, argument->type, &variables_);
      if (coerced) value = std::move(coerced);
    }
    if (!value || !value->is_int64() || value->get_int64() < 0) return limits_.list_size_assumed;
    return static_cast<std::uint64_t>(value->get_int64());
  }

  const Schema& schema_;
  const ResolverTable& resolvers_;
  const PreparedDocument& document_;
  const boost::json::object& variables_;
  const GraphqlLimits& limits_;
  std::map<std::pair<std::string_view, bool>, std::uint64_t> fragments_;
};

}  // namespace

std::uint64_t cost_of(const Schema& schema, const ResolverTable& resolvers,
                      const PreparedDocument& document, const ast::Definition& operation,
                      const boost::json::object& variables, const GraphqlLimits& limits) {
  return Cost(schema, resolvers, document, variables, limits)
      .of(operation.selections, schema.root(operation.operation), false);
}

}  // namespace dth::graphql

#include "graphql/schema/schema.h"

#include <algorithm>

namespace dth::graphql {
namespace {

const InputValue* find(const std::vector<InputValue>& values, std::string_view name) {
  for (const auto& value : values) {
    if (value.name == name) return &value;
  }
  return nullptr;
}

}  // namespace

std::string_view to_string(TypeKind kind) {
  switch (kind) {
    case TypeKind::scalar:
      return "SCALAR";
    case TypeKind::object:
      return "OBJECT";
    case TypeKind::interface:
      return "INTERFACE";
    case TypeKind::union_type:
      return "UNION";
    case TypeKind::enumeration:
      return "ENUM";
    case TypeKind::input_object:
      return "INPUT_OBJECT";
  }
  return "";
}

std::string to_string(TypeRef type) {
  if (type.wrappers.empty()) return type.named->name;
  if (type.is_non_null()) return to_string(type.inner()) + "!";
  return "[" + to_string(type.inner()) + "]";
}

const InputValue* Field::argument(std::string_view argument_name) const {
  return find(arguments, argument_name);
}

const InputValue* DirectiveType::argument(std::string_view argument_name) const {
  return find(arguments, argument_name);
}

bool DirectiveType::may_stand_at(std::string_view location) const {
  return std::find(locations.begin(), locations.end(), location) != locations.end();
}

const Field* NamedType::field(std::string_view field_name) const {
  const auto found = field_index.find(field_name);
  return found != field_index.end() ? found->second : nullptr;
}

const InputValue* NamedType::input_field(std::string_view field_name) const {
  const auto found = input_field_index.find(field_name);
  return found != input_field_index.end() ? found->second : nullptr;
}

const EnumValue* NamedType::enum_value(std::string_view value_name) const {
  for (const auto& value : enum_values) {
    if (value.name == value_name) return &value;
  }
  return nullptr;
}

bool NamedType::implements(const NamedType& interface) const {
  return std::find(interfaces.begin(), interfaces.end(), &interface) != interfaces.end();
}

const NamedType* Schema::type(std::string_view name) const {
  const auto found = types_by_name_.find(name);
  return found != types_by_name_.end() ? found->second : nullptr;
}

const DirectiveType* Schema::directive(std::string_view name) const {
  const auto found = directives_by_name_.find(name);
  return found != directives_by_name_.end() ? found->second : nullptr;
}

TypeRef Schema::type(const ast::TypeReference& reference) const {
  const NamedType* named = type(reference.name.text);
  return named != nullptr ? TypeRef{named, reference.wrappers} : TypeRef{};
}

const Field* Schema::field(const NamedType& parent, std::string_view name) const {
  if (name.starts_with("__")) {
    if (name == "__typename" && parent.is_composite()) return &meta_fields_[0];
    if (&parent == query()) {
      if (name == "__schema") return &meta_fields_[1];
      if (name == "__type") return &meta_fields_[2];
    }
  }
  return parent.field(name);
}

bool Schema::is_possible(const NamedType& abstract, const NamedType& object) const {
  const auto& row = possible_[abstract.index];
  return object.index < row.size() && row[object.index];
}

bool Schema::overlap(const NamedType& a, const NamedType& b) const {
  if (&a == &b) return true;
  if (!a.is_abstract()) return b.is_abstract() && is_possible(b, a);
  if (!b.is_abstract()) return is_possible(a, b);
  return std::any_of(a.possible_types.begin(), a.possible_types.end(),
                     [&](const NamedType* object) { return is_possible(b, *object); });
}

bool Schema::is_subtype(TypeRef type, TypeRef super) const {
  if (type == super) return true;
  if (super.is_non_null()) return type.is_non_null() && is_subtype(type.inner(), super.inner());
  if (type.is_non_null()) return is_subtype(type.inner(), super);
  if (super.wrappers.is_list())
    return type.wrappers.is_list() && is_subtype(type.inner(), super.inner());
  if (type.wrappers.is_list() || !super.named->is_abstract()) return false;
  if (type.named->kind == TypeKind::interface) return type.named->implements(*super.named);
  return type.named->kind == TypeKind::object && is_possible(*super.named, *type.named);
}

}  // namespace dth::graphql

#include "graphql/execution/introspection.h"

namespace dth::graphql {
namespace {

// A __Type is a TypeRef: wrapped types are types too.
Resolved type_value(TypeRef type) {
  return Resolved::object(std::make_shared<const TypeRef>(type));
}

Resolved type_value(const NamedType* type) {
  return type != nullptr ? type_value(TypeRef{type, {}}) : Resolved();
}

Resolved text(const std::optional<std::string>& value) {
  return value ? Resolved(*value) : Resolved();
}

Resolved type_list(const std::vector<const NamedType*>& types) {
  std::vector<Resolved> list;
  for (const auto* type : types) list.push_back(type_value(type));
  return list;
}

bool includes_deprecated(const ResolveInfo& info) {
  const auto* flag = info.arguments.if_contains("includeDeprecated");
  return flag != nullptr && flag->is_bool() && flag->get_bool();
}

// Those that are not deprecated, or all where that is asked for.
template <class T>
Resolved members(const ResolveInfo& info, const std::vector<T>& all) {
  const bool with_deprecated = includes_deprecated(info);
  std::vector<Resolved> list;
  for (const auto& member : all) {
    if (with_deprecated || !member.deprecation_reason) list.push_back(Resolved::object_at(&member));
  }
  return list;
}

// Null for wrapped types and for kinds other than the one given.
const NamedType* named_of_kind(const ResolveInfo& info, std::initializer_list<TypeKind> kinds) {
  const auto& type = info.parent_as<TypeRef>();
  if (!type.wrappers.empty()) return nullptr;
  for (const auto kind : kinds) {
    if (type.named->kind == kind) return type.named;
  }
  return nullptr;
}

void add_schema(Resolvers* resolvers) {
  const auto add = [&](std::string name, auto function) {
    resolvers->field("__Schema." + name, [function](const ResolveInfo& info) -> Result<Resolved> {
      return Resolved(function(info.parent_as<Schema>()));
    });
  };
  add("description", [](const Schema& schema) { return text(schema.description()); });
  add("types", [](const Schema& schema) {
    std::vector<Resolved> list;
    for (const auto& type : schema.types()) list.push_back(type_value(type.get()));
    return list;
  });
  add("queryType", [](const Schema& schema) { return type_value(schema.query()); });
  add("mutationType", [](const Schema& schema) { return type_value(schema.mutation()); });
  add("subscriptionType", [](const Schema& schema) { return type_value(schema.subscription()); });
  add("directives", [](const Schema& schema) {
    std::vector<Resolved> list;
    for (const auto& directive : schema.directives())
      list.push_back(Resolved::object_at(directive.get()));
    return list;
  });
}

std::string_view kind_of(TypeRef type) {
  if (type.wrappers.empty()) return to_string(type.named->kind);
  return type.is_non_null() ? "NON_NULL" : "LIST";
}

void add_type_texts(Resolvers* resolvers) {
  const auto add = [&](std::string name, auto function) {
    resolvers->field("__Type." + name, [function](const ResolveInfo& info) -> Result<Resolved> {
      const auto& type = info.parent_as<TypeRef>();
      return Resolved(function(type, type.wrappers.empty() ? type.named : nullptr));
    });
  };
  add("kind", [](TypeRef type, const NamedType*) { return Resolved(kind_of(type)); });
  add("name", [](TypeRef, const NamedType* named) {
    return named != nullptr ? Resolved(named->name) : Resolved();
  });
  add("description", [](TypeRef, const NamedType* named) {
    return named != nullptr ? text(named->description) : Resolved();
  });
  add("specifiedByURL", [](TypeRef, const NamedType* named) {
    return named != nullptr ? text(named->specified_by_url) : Resolved();
  });
  add("ofType", [](TypeRef type, const NamedType* named) {
    return named == nullptr ? type_value(type.inner()) : Resolved();
  });
  add("isOneOf", [](TypeRef, const NamedType* named) {
    const bool is_input_object = named != nullptr && named->kind == TypeKind::input_object;
    return is_input_object ? Resolved(named->is_one_of) : Resolved();
  });
}

void add_type_members(Resolvers* resolvers) {
  const auto add = [&](std::string name, std::vector<TypeKind> kinds, auto function) {
    resolvers->field("__Type." + name,
                     [function, kinds](const ResolveInfo& info) -> Result<Resolved> {
                       for (const auto kind : kinds) {
                         if (const auto* type = named_of_kind(info, {kind}))
                           return Resolved(function(info, *type));
                       }
                       return Resolved();
                     });
  };
  add("fields", {TypeKind::object, TypeKind::interface},
      [](const ResolveInfo& info, const NamedType& type) { return members(info, type.fields); });
  add("interfaces", {TypeKind::object, TypeKind::interface},
      [](const ResolveInfo&, const NamedType& type) { return type_list(type.interfaces); });
  add("possibleTypes", {TypeKind::interface, TypeKind::union_type},
      [](const ResolveInfo&, const NamedType& type) { return type_list(type.possible_types); });
  add("enumValues", {TypeKind::enumeration}, [](const ResolveInfo& info, const NamedType& type) {
    return members(info, type.enum_values);
  });
  add("inputFields", {TypeKind::input_object}, [](const ResolveInfo& info, const NamedType& type) {
    return members(info, type.input_fields);
  });
}

// What fields, arguments and enum values have in common.
template <class T>
void add_common(Resolvers* resolvers, const std::string& type) {
  const auto add = [&](std::string name, auto function) {
    resolvers->field(type + "." + name, [function](const ResolveInfo& info) -> Result<Resolved> {
      return Resolved(function(info.parent_as<T>()));
    });
  };
  add("name", [](const T& member) { return Resolved(member.name); });
  add("description", [](const T& member) { return text(member.description); });
  add("isDeprecated",
      [](const T& member) { return Resolved(member.deprecation_reason.has_value()); });
  add("deprecationReason", [](const T& member) { return text(member.deprecation_reason); });
}

void add_fields_and_values(Resolvers* resolvers) {
  add_common<Field>(resolvers, "__Field");
  add_common<InputValue>(resolvers, "__InputValue");
  add_common<EnumValue>(resolvers, "__EnumValue");
  resolvers->field("__Field.args", [](const ResolveInfo& info) -> Result<Resolved> {
    return members(info, info.parent_as<Field>().arguments);
  });
  resolvers->field("__Field.type", [](const ResolveInfo& info) -> Result<Resolved> {
    return type_value(info.parent_as<Field>().type);
  });
  resolvers->field("__InputValue.type", [](const ResolveInfo& info) -> Result<Resolved> {
    return type_value(info.parent_as<InputValue>().type);
  });
  resolvers->field("__InputValue.defaultValue", [](const ResolveInfo& info) -> Result<Resolved> {
    const auto& value = info.parent_as<InputValue>();
    if (!value.default_value) return Resolved();
    return Resolved(print_input_value(*value.default_value, value.type));
  });
}

void add_directives(Resolvers* resolvers) {
  const auto add = [&](std::string name, auto function) {
    resolvers->field("__Directive." + name,
                     [function](const ResolveInfo& info) -> Result<Resolved> {
                       return Resolved(function(info, info.parent_as<DirectiveType>()));
                     });
  };
  add("name",
      [](const ResolveInfo&, const DirectiveType& directive) { return Resolved(directive.name); });
  add("description", [](const ResolveInfo&, const DirectiveType& directive) {
    return text(directive.description);
  });
  add("isRepeatable", [](const ResolveInfo&, const DirectiveType& directive) {
    return Resolved(directive.is_repeatable);
  });
  add("locations", [](const ResolveInfo&, const DirectiveType& directive) {
    std::vector<Resolved> list;
    for (const auto& location : directive.locations) list.emplace_back(location);
    return list;
  });
  add("args", [](const ResolveInfo& info, const DirectiveType& directive) {
    return members(info, directive.arguments);
  });
}

}  // namespace

void add_introspection(Resolvers* resolvers) {
  add_schema(resolvers);
  add_type_texts(resolvers);
  add_type_members(resolvers);
  add_fields_and_values(resolvers);
  add_directives(resolvers);
}

}  // namespace dth::graphql

// The second step of building a schema: references become pointers, defaults become values.
#include <algorithm>

#include "graphql/schema/builder.h"
#include "graphql/schema/coercion.h"

namespace dth::graphql {

// The SDL's own types first, as it has them; then those of the specification.
void SchemaBuilder::order_types() {
  auto& types = schema_->types_;
  std::stable_partition(types.begin(), types.end(),
                        [](const auto& type) { return !type->is_builtin; });
  auto& directives = schema_->directives_;
  std::stable_partition(directives.begin(), directives.end(),
                        [](const auto& d) { return !d->is_builtin; });
}

TypeRef SchemaBuilder::resolve(const ast::TypeReference& reference) const {
  const auto found = types_.find(reference.name.text);
  return found != types_.end() ? TypeRef{found->second, reference.wrappers} : TypeRef{};
}

void SchemaBuilder::resolve_types() {
  for (auto& type : schema_->types_) resolve_fields(*type);
  for (auto& type : schema_->types_) resolve_interfaces(*type);
  for (auto& directive : schema_->directives_) {
    for (auto& argument : directive->arguments) argument.type = resolve(argument.node->type);
  }
}

void SchemaBuilder::resolve_fields(NamedType& type) {
  for (auto& field : type.fields) {
    field.parent = &type;
    field.index = static_cast<std::uint32_t>(schema_->field_count_++);
    field.type = resolve(field.node->type);
    for (auto& argument : field.arguments) argument.type = resolve(argument.node->type);
  }
  for (auto& field : type.input_fields) field.type = resolve(field.node->type);
}

void SchemaBuilder::resolve_interfaces(NamedType& type) {
  const auto find = [&](const ast::Name& name) {
    const auto found = types_.find(name.text);
    return found != types_.end() ? found->second : nullptr;
  };
  for (const auto* node : type.nodes) {
    for (const auto& name : node->interfaces) {
      NamedType* interface = find(name);
      if (interface == nullptr) continue;
      type.interfaces.push_back(interface);
      if (interface->kind != TypeKind::interface) continue;
      auto& implementers = type.kind == TypeKind::object ? interface->possible_types
                                                         : interface->implementing_interfaces;
      if (std::find(implementers.begin(), implementers.end(), &type) == implementers.end()) {
        implementers.push_back(&type);
      }
    }
    for (const auto& name : node->members) {
      if (const NamedType* member = find(name)) type.possible_types.push_back(member);
    }
  }
}

// __Meta is only there to have the meta fields parsed.
void SchemaBuilder::take_meta_fields() {
  auto& types = schema_->types_;
  for (auto type = types.begin(); type != types.end(); ++type) {
    if ((*type)->name != "__Meta") continue;
    for (std::size_t i = 0; i < 3; ++i) {
      schema_->meta_fields_[i] = std::move((*type)->fields[i]);
      schema_->meta_fields_[i].parent = nullptr;
    }
    types_.erase("__Meta");
    types.erase(type);
    return;
  }
}

// Without a schema definition, the types Query, Mutation and Subscription are the roots.
void SchemaBuilder::resolve_roots() {
  if (!has_schema_definition_) {
    for (const auto& [operation, name] :
         {std::pair(ast::OperationKind::query, std::string_view("Query")),
          std::pair(ast::OperationKind::mutation, std::string_view("Mutation")),
          std::pair(ast::OperationKind::subscription, std::string_view("Subscription"))}) {
      if (types_.contains(name)) root_names_.emplace(operation, name);
    }
  }
  for (const auto& [operation, name] : root_names_) {
    const auto found = types_.find(name);
    if (found != types_.end()) schema_->roots_[static_cast<std::size_t>(operation)] = found->second;
  }
}

void SchemaBuilder::index_types() {
  auto& schema = *schema_;
  for (std::size_t i = 0; i < schema.types_.size(); ++i) {
    NamedType& type = *schema.types_[i];
    type.index = static_cast<std::uint32_t>(i);
    schema.types_by_name_[type.name] = &type;
    for (const auto& field : type.fields) type.field_index[field.name] = &field;
    for (const auto& field : type.input_fields) type.input_field_index[field.name] = &field;
  }
  for (auto& directive : schema.directives_)
    schema.directives_by_name_[directive->name] = directive.get();
  schema.possible_.resize(schema.types_.size());
  for (const auto& type : schema.types_) {
    if (!type->is_abstract()) continue;
    auto& row = schema.possible_[type->index];
    row.resize(schema.types_.size());
    for (const auto* object : type->possible_types) row[object->index] = true;
  }
}

void SchemaBuilder::coerce_default(InputValue& value, const std::string& where,
                                   std::vector<GraphqlError>* errors) {
  if (value.default_literal == nullptr || !value.type || !value.type.named->is_input()) return;
  value.default_value = value_from_literal(*value.default_literal, value.type, nullptr);
  if (value.default_value) return;
  errors->push_back({"The default of " + where + " is no value of its type \"" +
                         to_string(value.type) + "\": " + print(*value.default_literal) +
                         ". Correct it.",
                     {schema_->documents_.back()->location(value.default_literal->offset)}});
}

// An input object's defaults may need those of others first. A circle of defaults has no value.
void SchemaBuilder::coerce_defaults_of(NamedType& type, std::set<const NamedType*>* done,
                                       std::vector<GraphqlError>* errors) {
  if (!done->insert(&type).second) return;
  for (auto& field : type.input_fields) {
    if (field.default_literal == nullptr || !field.type) continue;
    if (field.type.named->kind == TypeKind::input_object) {
      coerce_defaults_of(*types_.at(field.type.named->name), done, errors);
    }
    coerce_default(field, type.name + "." + field.name, errors);
  }
}

void SchemaBuilder::coerce_defaults(std::vector<GraphqlError>* errors) {
  std::set<const NamedType*> done;
  for (auto& type : schema_->types_) {
    if (type->kind == TypeKind::input_object) coerce_defaults_of(*type, &done, errors);
  }
  const auto coerce_all = [&](std::vector<InputValue>& arguments, const std::string& where) {
    for (auto& argument : arguments)
      coerce_default(argument, where + "(" + argument.name + ":)", errors);
  };
  for (auto& type : schema_->types_) {
    for (auto& field : type->fields) coerce_all(field.arguments, type->name + "." + field.name);
  }
  for (auto& directive : schema_->directives_)
    coerce_all(directive->arguments, "@" + directive->name);
  for (auto& field : schema_->meta_fields_) coerce_all(field.arguments, field.name);
}

}  // namespace dth::graphql

#include "graphql/execution/resolvers.h"

#include <algorithm>

namespace dth::graphql {

namespace json = boost::json;

bool Resolved::is_null() const {
  if (std::holds_alternative<std::monostate>(value_)) return true;
  const auto* value = json();
  return value != nullptr && value->is_null();
}

const json::value* Resolved::json() const {
  if (const auto* own = std::get_if<json::value>(&value_)) return own;
  const auto* borrowed = std::get_if<const json::value*>(&value_);
  return borrowed != nullptr ? *borrowed : nullptr;
}

std::string_view Resolved::type_name() const {
  if (const auto* object = std::get_if<Object>(&value_)) return object->type_name;
  const auto* value = json();
  const auto* members = value != nullptr ? value->if_object() : nullptr;
  const auto* name = members != nullptr ? members->if_contains("__typename") : nullptr;
  const auto* text = name != nullptr ? name->if_string() : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

Resolvers& Resolvers::field(std::string coordinate, SyncResolver resolver, FieldCost cost) {
  Entry entry{.sync = std::move(resolver), .async = {}, .subscribe = {}, .cost = cost};
  if (!fields_.emplace(coordinate, std::move(entry)).second)
    repeated_.push_back(std::move(coordinate));
  return *this;
}

Resolvers& Resolvers::async_field(std::string coordinate, AsyncResolver resolver, FieldCost cost) {
  Entry entry{.sync = {}, .async = std::move(resolver), .subscribe = {}, .cost = cost};
  if (!fields_.emplace(coordinate, std::move(entry)).second)
    repeated_.push_back(std::move(coordinate));
  return *this;
}

Resolvers& Resolvers::subscription(std::string coordinate, SubscribeResolver resolver,
                                   FieldCost cost) {
  Entry entry{.sync = {}, .async = {}, .subscribe = std::move(resolver), .cost = cost};
  if (!fields_.emplace(coordinate, std::move(entry)).second)
    repeated_.push_back(std::move(coordinate));
  return *this;
}

Resolvers& Resolvers::json_object(std::string type) {
  json_types_.push_back(std::move(type));
  return *this;
}

Resolvers& Resolvers::type_of(std::string abstract_type, TypeResolver resolver) {
  if (!types_.emplace(abstract_type, std::move(resolver)).second)
    repeated_.push_back(std::move(abstract_type));
  return *this;
}

ResolverTable::ResolverTable(const Schema& schema, const Resolvers& resolvers,
                             std::shared_ptr<FieldGuard> guard, std::vector<std::string>* errors)
    : entries_(schema.field_count()), types_(schema.types().size()), guard_(std::move(guard)) {
  for (const auto& name : resolvers.repeated_) {
    errors->push_back("\"" + name + "\" has two resolvers. Keep one.");
  }
  for (const auto& [coordinate, entry] : resolvers.fields_) bind(schema, coordinate, entry, errors);
  for (const auto& [name, resolver] : resolvers.types_) {
    const NamedType* type = schema.type(name);
    if (type == nullptr || !type->is_abstract()) {
      errors->push_back("The type resolver of \"" + name +
                        "\" names no interface or union of the schema.");
    } else {
      types_[type->index] = resolver;
    }
  }
  for (const auto& name : resolvers.json_types_) {
    const NamedType* type = schema.type(name);
    if (type == nullptr || type->kind != TypeKind::object) {
      errors->push_back("\"" + name +
                        "\" is registered as a JSON object and is no object type of the schema.");
    }
  }
  find_missing(schema, resolvers, errors);
  if (guard_) ask_guard(schema, errors);
}

void ResolverTable::ask_guard(const Schema& schema, std::vector<std::string>* errors) {
  for (const auto& type : schema.types()) {
    if (type->kind != TypeKind::object || type->is_builtin) continue;
    for (const Field& field : type->fields) {
      const auto guarded = guard_->guards(schema, field);
      if (guarded.has_error()) {
        errors->push_back("\"" + type->name + "." + field.name + "\": " + guarded.error().message);
      } else {
        entries_[field.index].is_guarded = *guarded;
      }
    }
  }
}

void ResolverTable::bind(const Schema& schema, const std::string& coordinate,
                         const Resolvers::Entry& entry, std::vector<std::string>* errors) {
  const std::size_t dot = coordinate.find('.');
  const NamedType* type = schema.type(std::string_view(coordinate).substr(0, dot));
  const Field* field = type != nullptr && dot != std::string::npos
                           ? type->field(std::string_view(coordinate).substr(dot + 1))
                           : nullptr;
  if (field == nullptr || type->kind != TypeKind::object) {
    errors->push_back("The resolver \"" + coordinate +
                      "\" has no such field of an object type in the schema.");
    return;
  }
  if ((type == schema.subscription()) != static_cast<bool>(entry.subscribe)) {
    errors->push_back("\"" + coordinate +
                      "\": fields of the subscription type, and no others, are registered with " +
                      "subscription().");
    return;
  }
  entries_[field->index] = {entry.sync, entry.async, entry.subscribe, entry.cost, false};
}

void ResolverTable::find_missing(const Schema& schema, const Resolvers& resolvers,
                                 std::vector<std::string>* errors) const {
  for (const auto& type : schema.types()) {
    if (type->kind != TypeKind::object) continue;
    const auto& json_types = resolvers.json_types_;
    const bool is_subscription = type.get() == schema.subscription();
    const bool is_json = !is_subscription && std::find(json_types.begin(), json_types.end(),
                                                       type->name) != json_types.end();
    for (const auto& field : type->fields) {
      const Entry& entry = at(field);
      if (is_json || entry.sync || entry.async || entry.subscribe) continue;
      errors->push_back(
          "\"" + type->name + "." + field.name + "\" has no resolver. Register one" +
          (is_subscription ? " with subscription()." : ", or the type with json_object()."));
    }
  }
}

const TypeResolver* ResolverTable::type_of(const NamedType& type) const {
  const auto& resolver = types_[type.index];
  return resolver ? &resolver : nullptr;
}

}  // namespace dth::graphql

// What resolvers answer, as what the schema says that it is (section 6.4.3).
#include "graphql/execution/execution.h"
#include "graphql/schema/inspect.h"

namespace dth::graphql {
namespace {

namespace json = boost::json;

Error internal(std::string message) { return Error{ErrorCode::internal, std::move(message), ""}; }

std::string coordinate(const FieldGroup& group) {
  return (group.field->parent != nullptr ? group.field->parent->name + "." : "") +
         group.field->name;
}

}  // namespace

bool Execution::complete_result(FieldGroup& group, Result<Resolved> result,
                                const ResponseNode& at) {
  if (!result) return fail(group, result.error(), at);
  return complete(group, group.field->type, std::move(*result), at);
}

bool Execution::complete(FieldGroup& group, TypeRef type, Resolved value, const ResponseNode& at) {
  if (value.is_null()) {
    *at.slot = nullptr;
    count(4, 0);
    if (!type.is_non_null()) return true;
    return fail(group,
                internal("Cannot return null for non-nullable field " + coordinate(group) + "."),
                at);
  }
  type = type.nullable();
  if (type.wrappers.is_list()) return complete_list(group, type.inner(), std::move(value), at);
  if (type.named->is_leaf()) return complete_leaf(group, *type.named, value, at);
  return complete_object(group, *type.named, std::move(value), at);
}

bool Execution::complete_list(FieldGroup& group, TypeRef item_type, Resolved value,
                              const ResponseNode& at) {
  // Items of JSON are borrowed from it, so it has to stay.
  Resolved& list = parents_.emplace_back(std::move(value));
  auto* items = list.list();
  const auto* own = list.json();
  const auto* json_items = own != nullptr ? own->if_array() : nullptr;
  if (items == nullptr && json_items == nullptr) {
    return fail(group,
                internal("Expected Iterable, but did not find one for field \"" +
                         coordinate(group) + "\"."),
                at);
  }
  auto& array = at.slot->emplace_array();
  const std::size_t size = items != nullptr ? items->size() : json_items->size();
  if (nodes_ + size > request_.limits.response_nodes_max) fullness_ = Fullness::too_many_nodes;
  count(2, size * sizeof(json::value));
  if (is_full()) return false;
  array.resize(size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto* node = new_node({.parent = &at,
                                 .index = i,
                                 .is_item = true,
                                 .is_nullable = !item_type.is_non_null(),
                                 .slot = &array[i]});
    Resolved item = items != nullptr ? std::move((*items)[i]) : Resolved::borrow(&(*json_items)[i]);
    if (is_full()) return false;
    if (!complete(group, item_type, std::move(item), *node)) return !is_full() && at.is_nullable;
  }
  return true;
}

bool Execution::complete_leaf(FieldGroup& group, const NamedType& type, const Resolved& value,
                              const ResponseNode& at) {
  const auto* json = value.json();
  if (json == nullptr) {
    return fail(group, internal("A value of " + type.name + " was not given as JSON."), at);
  }
  if (type.kind == TypeKind::enumeration) {
    const auto* name = json->if_string();
    if (name == nullptr || type.enum_value(*name) == nullptr) {
      return fail(group,
                  internal("Enum \"" + type.name + "\" cannot represent value: " + inspect(*json)),
                  at);
    }
    *at.slot = *json;
    count_value(*at.slot);
    return !is_full();
  }
  auto serialized = type.scalar.serialize(*json);
  if (!serialized) return fail(group, internal(serialized.error().message), at);
  *at.slot = std::move(*serialized);
  count_value(*at.slot);
  return !is_full();
}

Result<const NamedType*> Execution::object_type(const FieldGroup& group, const NamedType& type,
                                                const Resolved& value) const {
  if (type.kind == TypeKind::object) return &type;
  const auto* resolver = request_.resolvers.type_of(type);
  const std::string_view name = resolver != nullptr ? (*resolver)(value) : value.type_name();
  if (name.empty()) {
    return internal("Abstract type \"" + type.name +
                    "\" must resolve to an Object type at runtime for field \"" +
                    coordinate(group) + "\".");
  }
  const NamedType* object = request_.schema.type(name);
  if (object == nullptr) {
    return internal("Abstract type \"" + type.name + "\" was resolved to a type \"" +
                    std::string(name) + "\" that does not exist inside the schema.");
  }
  if (object->kind != TypeKind::object || !request_.schema.is_possible(type, *object)) {
    return internal("Runtime Object type \"" + object->name + "\" is not a possible type for \"" +
                    type.name + "\".");
  }
  return object;
}

bool Execution::complete_object(FieldGroup& group, const NamedType& type, Resolved value,
                                const ResponseNode& at) {
  auto object = object_type(group, type, value);
  if (!object) return fail(group, object.error(), at);
  return execute_fields(plan_below(group, **object), parents_.emplace_back(std::move(value)), at) ||
         at.is_nullable;
}

}  // namespace dth::graphql

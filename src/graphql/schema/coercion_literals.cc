// Literals as values.
#include <charconv>
#include <cmath>

#include "graphql/schema/builtins.h"
#include "graphql/schema/coercion.h"

namespace dth::graphql {
namespace {

namespace json = boost::json;
using ast::ValueKind;

const json::value* variable_value(const ast::Value& literal, const json::object* variables) {
  return variables != nullptr ? variables->if_contains(literal.text) : nullptr;
}

bool is_missing_variable(const ast::Value& literal, const json::object* variables) {
  return literal.kind == ValueKind::variable && variable_value(literal, variables) == nullptr;
}

json::value number(std::string_view text, bool is_whole) {
  if (is_whole) {
    std::int64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec == std::errc()) return value;
  }
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() && text.find_first_of("eE") != std::string_view::npos &&
      text.find('-', 1) != text.npos)
    return 0.0;
  if (parsed.ec != std::errc()) return HUGE_VAL;
  return value;
}

Error wrong_literal(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message), ""};
}

Result<json::value> enum_from_literal(const ast::Value& literal, const NamedType& type) {
  std::vector<std::string> names;
  const auto suggest = [&](std::string_view text) {
    for (const auto& value : type.enum_values) names.push_back(value.name);
    return did_you_mean(suggestions_for(text, names), "the enum value ");
  };
  if (literal.kind != ValueKind::enumeration) {
    const std::string text = print(literal);
    return wrong_literal("Enum \"" + type.name + "\" cannot represent non-enum value: " + text +
                         "." + suggest(text));
  }
  if (type.enum_value(literal.text) == nullptr) {
    return wrong_literal("Value \"" + std::string(literal.text) + "\" does not exist in \"" +
                         type.name + "\" enum." + suggest(literal.text));
  }
  return json::value(literal.text);
}

// The built-in scalars tell kinds of literals apart that are the same in JSON.
std::optional<Error> refuse_literal(const ast::Value& literal, std::string_view scalar) {
  const ValueKind kind = literal.kind;
  if (scalar == "Int" && kind != ValueKind::integer) {
    return wrong_literal("Int cannot represent non-integer value: " + print(literal));
  }
  if (scalar == "Float" && kind != ValueKind::integer && kind != ValueKind::floating) {
    return wrong_literal("Float cannot represent non numeric value: " + print(literal));
  }
  if (scalar == "String" && kind != ValueKind::string) {
    return wrong_literal("String cannot represent a non string value: " + print(literal));
  }
  if (scalar == "Boolean" && kind != ValueKind::boolean) {
    return wrong_literal("Boolean cannot represent a non boolean value: " + print(literal));
  }
  if (scalar == "ID" && kind != ValueKind::string && kind != ValueKind::integer) {
    return wrong_literal("ID cannot represent a non-string and non-integer value: " +
                         print(literal));
  }
  return std::nullopt;
}

std::optional<json::value> list_from_literal(const ast::Value& literal, TypeRef item_type,
                                             const json::object* variables) {
  json::array list;
  if (literal.kind != ValueKind::list) {
    auto item = value_from_literal(literal, item_type, variables);
    if (!item) return std::nullopt;
    list.push_back(std::move(*item));
    return json::value(std::move(list));
  }
  list.reserve(literal.items.size());
  for (const auto& item_literal : literal.items) {
    if (is_missing_variable(item_literal, variables)) {
      if (item_type.is_non_null()) return std::nullopt;
      list.emplace_back(nullptr);
      continue;
    }
    auto item = value_from_literal(item_literal, item_type, variables);
    if (!item) return std::nullopt;
    list.push_back(std::move(*item));
  }
  return json::value(std::move(list));
}

std::optional<json::value> object_from_literal(const ast::Value& literal, const NamedType& type,
                                               const json::object* variables) {
  if (literal.kind != ValueKind::object) return std::nullopt;
  json::object object;
  for (const auto& field : type.input_fields) {
    const ast::Value* given = nullptr;
    for (const auto& field_literal : literal.fields) {
      if (field_literal.name.text == field.name) given = &field_literal.value;
    }
    if (given == nullptr || is_missing_variable(*given, variables)) {
      if (field.default_value) {
        object[field.name] = *field.default_value;
      } else if (field.type.is_non_null()) {
        return std::nullopt;
      }
      continue;
    }
    auto value = value_from_literal(*given, field.type, variables);
    if (!value) return std::nullopt;
    object[field.name] = std::move(*value);
  }
  if (type.is_one_of && (object.size() != 1 || object.begin()->value().is_null()))
    return std::nullopt;
  return json::value(std::move(object));
}

}  // namespace

json::value untyped_json(const ast::Value& literal, const json::object* variables) {
  switch (literal.kind) {
    case ValueKind::null:
      return nullptr;
    case ValueKind::integer:
      return number(literal.text, true);
    case ValueKind::floating:
      return number(literal.text, false);
    case ValueKind::boolean:
      return literal.text == "true";
    case ValueKind::string:
    case ValueKind::enumeration:
      return json::value(literal.text);
    case ValueKind::variable: {
      const auto* value = variable_value(literal, variables);
      return value != nullptr ? *value : json::value(nullptr);
    }
    case ValueKind::list: {
      json::array list;
      for (const auto& item : literal.items) list.push_back(untyped_json(item, variables));
      return list;
    }
    case ValueKind::object: {
      json::object object;
      for (const auto& field : literal.fields) {
        if (!is_missing_variable(field.value, variables))
          object[field.name.text] = untyped_json(field.value, variables);
      }
      return object;
    }
  }
  return nullptr;
}

Result<json::value> leaf_from_literal(const ast::Value& literal, const NamedType& type,
                                      const json::object* variables) {
  if (type.kind == TypeKind::enumeration) return enum_from_literal(literal, type);
  if (!type.is_builtin) return type.scalar.parse(untyped_json(literal, variables));
  if (auto error = refuse_literal(literal, type.name)) return *error;
  if (type.name == "ID") return json::value(literal.text);
  const json::value value = untyped_json(literal, variables);
  if (type.name == "Int" && !value.is_int64()) {
    return wrong_literal("Int cannot represent non 32-bit signed integer value: " +
                         std::string(literal.text));
  }
  return type.scalar.parse(value);
}

std::optional<json::value> value_from_literal(const ast::Value& literal, TypeRef type,
                                              const json::object* variables) {
  if (literal.kind == ValueKind::variable) {
    const auto* value = variable_value(literal, variables);
    if (value == nullptr || (value->is_null() && type.is_non_null())) return std::nullopt;
    return *value;
  }
  if (literal.kind == ValueKind::null) {
    return type.is_non_null() ? std::nullopt : std::optional<json::value>(nullptr);
  }
  type = type.nullable();
  if (type.wrappers.is_list()) return list_from_literal(literal, type.inner(), variables);
  if (type.named->kind == TypeKind::input_object)
    return object_from_literal(literal, *type.named, variables);
  if (!type.named->is_leaf()) return std::nullopt;
  auto value = leaf_from_literal(literal, *type.named, variables);
  if (!value) return std::nullopt;
  return std::move(*value);
}

GraphqlResult<json::object> coerce_arguments(const Document& document,
                                             const std::vector<InputValue>& definitions,
                                             const List<ast::Argument>& arguments,
                                             std::uint32_t node_offset,
                                             const json::object* variables) {
  json::object values;
  const auto fail = [&](std::uint32_t offset, const InputValue& argument, std::string_view before,
                        std::string_view after) {
    return GraphqlError{
        "Argument \"" + argument.name + "\" " + std::string(before) + std::string(after),
        {document.location(offset)}};
  };
  for (const auto& definition : definitions) {
    const ast::Value* given = nullptr;
    for (const auto& argument : arguments) {
      if (argument.name.text == definition.name) given = &argument.value;
    }
    if (given == nullptr || is_missing_variable(*given, variables)) {
      if (definition.default_value) {
        values[definition.name] = *definition.default_value;
      } else if (definition.type.is_non_null()) {
        const std::string type = "of required type \"" + to_string(definition.type) + "\" ";
        if (given == nullptr) return fail(node_offset, definition, type, "was not provided.");
        return fail(given->offset, definition, type,
                    "was provided the variable \"$" + std::string(given->text) +
                        "\" which was not provided a runtime value.");
      }
      continue;
    }
    const auto* variable =
        given->kind == ValueKind::variable ? variable_value(*given, variables) : nullptr;
    const bool is_null =
        given->kind == ValueKind::null || (variable != nullptr && variable->is_null());
    if (is_null && definition.type.is_non_null()) {
      return fail(given->offset, definition,
                  "of non-null type \"" + to_string(definition.type) + "\" ", "must not be null.");
    }
    auto value = value_from_literal(*given, definition.type, variables);
    if (!value) return fail(given->offset, definition, "has invalid value ", print(*given) + ".");
    values[definition.name] = std::move(*value);
  }
  return values;
}

}  // namespace dth::graphql

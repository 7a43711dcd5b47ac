// Values of variables, as JSON has them.
#include "graphql/schema/coercion.h"
#include "graphql/schema/inspect.h"

namespace dth::graphql {
namespace {

namespace json = boost::json;

// Coerces one variable and collects what is wrong with it.
class VariableCoercion {
 public:
  VariableCoercion(std::string_view variable, Location location, std::size_t errors_max,
                   CoercedVariables* result)
      : path_(variable),
        name_(variable),
        location_(location),
        errors_max_(errors_max),
        result_(*result) {}

  json::value coerce(const json::value& value, TypeRef type) {
    if (value.is_null()) {
      if (type.is_non_null()) {
        fail(value, "Expected non-nullable type \"" + to_string(type) + "\" not to be null.");
      }
      return nullptr;
    }
    type = type.nullable();
    if (type.wrappers.is_list()) return coerce_list(value, type.inner());
    if (type.named->kind == TypeKind::input_object) return coerce_object(value, *type.named);
    return coerce_leaf(value, *type.named);
  }

 private:
  void fail(const json::value& value, const std::string& message) {
    if (result_.errors.size() > errors_max_) return;
    if (result_.errors.size() == errors_max_) {
      result_.errors.push_back(
          {"Too many errors processing variables, error limit reached. Execution aborted."});
      return;
    }
    std::string text =
        "Variable \"$" + std::string(name_) + "\" got invalid value " + inspect(value);
    if (path_.size() > name_.size()) text += " at \"" + path_ + "\"";
    result_.errors.push_back({bounded_message(text + "; " + message), {location_}});
  }

  json::value coerce_below(std::string_view step, const json::value& value, TypeRef type) {
    const std::size_t size = path_.size();
    path_ += step;
    json::value coerced = coerce(value, type);
    path_.resize(size);
    return coerced;
  }

  json::value coerce_list(const json::value& value, TypeRef item_type) {
    json::array list;
    const auto* items = value.if_array();
    if (items == nullptr) {
      list.push_back(coerce(value, item_type));
      return list;
    }
    list.reserve(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
      list.push_back(coerce_below("[" + std::to_string(i) + "]", (*items)[i], item_type));
    }
    return list;
  }

  json::value coerce_object(const json::value& value, const NamedType& type) {
    const auto* given = value.if_object();
    if (given == nullptr) {
      fail(value, "Expected type \"" + type.name + "\" to be an object.");
      return nullptr;
    }
    json::object object;
    for (const auto& field : type.input_fields) {
      if (const auto* member = given->if_contains(field.name)) {
        object[field.name] = coerce_below("." + field.name, *member, field.type);
      } else if (field.default_value) {
        object[field.name] = *field.default_value;
      } else if (field.type.is_non_null()) {
        fail(value, "Field \"" + field.name + "\" of required type \"" + to_string(field.type) +
                        "\" was not provided.");
      }
    }
    for (const auto& member : *given) {
      if (type.input_field(member.key()) == nullptr) fail(value, unknown_field(member.key(), type));
    }
    if (type.is_one_of) check_one_of(value, object, type);
    return object;
  }

  static std::string unknown_field(std::string_view name, const NamedType& type) {
    std::vector<std::string> names;
    for (const auto& field : type.input_fields) names.push_back(field.name);
    return "Field \"" + std::string(name) + "\" is not defined by type \"" + type.name + "\"." +
           did_you_mean(suggestions_for(name, names));
  }

  void check_one_of(const json::value& value, const json::object& object, const NamedType& type) {
    if (object.size() != 1) {
      fail(value, "Exactly one key must be specified for OneOf type \"" + type.name + "\".");
    }
    if (!object.empty() && object.begin()->value().is_null() &&
        value.get_object().at(object.begin()->key()).is_null()) {
      const std::string key(object.begin()->key());
      const std::size_t size = path_.size();
      path_ += "." + key;
      fail(nullptr, "Field \"" + key + "\" must be non-null.");
      path_.resize(size);
    }
  }

  json::value coerce_leaf(const json::value& value, const NamedType& type) {
    if (type.kind == TypeKind::enumeration) return coerce_enum(value, type);
    auto parsed = type.scalar.parse(value);
    if (!parsed) {
      fail(value, parsed.error().message);
      return nullptr;
    }
    return std::move(*parsed);
  }

  json::value coerce_enum(const json::value& value, const NamedType& type) {
    const auto* text = value.if_string();
    if (text != nullptr && type.enum_value(*text) != nullptr) return value;
    std::vector<std::string> names;
    for (const auto& known : type.enum_values) names.push_back(known.name);
    const std::string shown = text != nullptr ? std::string(*text) : inspect(value);
    fail(value,
         (text != nullptr
              ? "Value \"" + shown + "\" does not exist in \"" + type.name + "\" enum."
              : "Enum \"" + type.name + "\" cannot represent non-string value: " + shown + ".") +
             did_you_mean(suggestions_for(shown, names), "the enum value "));
    return nullptr;
  }

  std::string path_;
  std::string_view name_;
  Location location_;
  std::size_t errors_max_;
  CoercedVariables& result_;
};

}  // namespace

CoercedVariables coerce_variables(const Schema& schema, const Document& document,
                                  const ast::Definition& operation, const json::object& given,
                                  std::size_t errors_max) {
  CoercedVariables result;
  for (const auto& definition : operation.variables) {
    const TypeRef type = schema.type(definition.type);
    const std::string name(definition.name.text);
    const auto fail = [&](std::string_view kind, std::string_view what) {
      result.errors.push_back({"Variable \"$" + name + "\" of " + std::string(kind) + " \"" +
                                   print(definition.type) + "\" " + std::string(what),
                               {document.location(definition.offset)}});
    };
    if (!type || !type.named->is_input()) {
      result.errors.push_back({"Variable \"$" + name + "\" expected value of type \"" +
                                   print(definition.type) +
                                   "\" which cannot be used as an input type.",
                               {document.location(definition.type.offset)}});
      continue;
    }
    const auto* value = given.if_contains(name);
    if (value == nullptr) {
      if (definition.default_value != nullptr) {
        if (auto fallback = value_from_literal(*definition.default_value, type, nullptr)) {
          result.values[name] = std::move(*fallback);
        }
      } else if (type.is_non_null()) {
        fail("required type", "was not provided.");
      }
      continue;
    }
    if (value->is_null() && type.is_non_null()) {
      fail("non-null type", "must not be null.");
      continue;
    }
    VariableCoercion coercion(definition.name.text, document.location(definition.offset),
                              errors_max, &result);
    result.values[name] = coercion.coerce(*value, type);
  }
  return result;
}

std::size_t depth_of(const json::value& value, std::size_t limit) {
  std::size_t deepest = 0;
  if (limit == 0) return 1;
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array) deepest = std::max(deepest, 1 + depth_of(item, limit - 1));
    return std::max<std::size_t>(deepest, 1);
  }
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object)
      deepest = std::max(deepest, 1 + depth_of(member.value(), limit - 1));
    return std::max<std::size_t>(deepest, 1);
  }
  return 0;
}

}  // namespace dth::graphql

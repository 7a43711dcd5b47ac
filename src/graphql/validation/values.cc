// Literals that are values of their types: section 5.6.
#include <map>
#include <set>

#include "graphql/schema/coercion.h"
#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

using ast::ValueKind;

class ValueRules final : public Rules {
 public:
  using Rules::Rules;

  void enter_value(const ast::Value& value, TypeRef type, const InputValue*) override {
    check_names(value);
    if (type) check(value, type);
  }

 private:
  // A field of an object literal is given once, whatever the type.
  void check_names(const ast::Value& value) {
    for (const auto& item : value.items) check_names(item);
    std::map<std::string_view, std::uint32_t> seen;
    for (const auto& field : value.fields) {
      const auto [first, inserted] = seen.emplace(field.name.text, field.name.offset);
      if (!inserted) {
        validation_.report(
            "There can be only one input field named \"" + std::string(field.name.text) + "\".",
            {first->second, field.name.offset});
      }
      check_names(field.value);
    }
  }

  void report(const ast::Value& value, TypeRef type) {
    validation_.report(
        "Expected value of type \"" + to_string(type) + "\", found " + print(value) + ".",
        {value.offset});
  }

  void check(const ast::Value& value, TypeRef type) {
    if (value.kind == ValueKind::variable) return;
    if (value.kind == ValueKind::null) {
      if (type.is_non_null()) report(value, type);
    } else if (value.kind == ValueKind::list) {
      if (type.is_list()) {
        for (const auto& item : value.items) check(item, type.nullable().inner());
      } else {
        check_leaf(value, type.nullable());
      }
    } else if (value.kind == ValueKind::object && type.named->kind == TypeKind::input_object) {
      check_object(value, *type.named);
    } else {
      check_leaf(value, type);
    }
  }

  void check_leaf(const ast::Value& value, TypeRef type) {
    if (!type.named->is_leaf()) return report(value, type);
    if (const auto parsed = leaf_from_literal(value, *type.named, nullptr); !parsed) {
      std::string message = parsed.error().message;
      if (!validation_.options().suggestions)
        message = message.substr(0, message.find(" Did you mean"));
      const bool is_own_scalar = type.named->kind == TypeKind::scalar && !type.named->is_builtin;
      if (is_own_scalar) {
        message = "Expected value of type \"" + to_string(type) + "\", found " + print(value) +
                  "; " + message;
      }
      validation_.report(message, {value.offset});
    }
  }

  void check_object(const ast::Value& value, const NamedType& type) {
    std::set<std::string_view> given;
    for (const auto& field : value.fields) given.insert(field.name.text);
    for (const auto& field : type.input_fields) {
      if (!field.is_required() || given.contains(field.name)) continue;
      validation_.report("Field \"" + type.name + "." + field.name + "\" of required type \"" +
                             to_string(field.type) + "\" was not provided.",
                         {value.offset});
    }
    if (type.is_one_of) check_one_of(value, type, given);
    for (const auto& field : value.fields) {
      const InputValue* definition = type.input_field(field.name.text);
      if (definition != nullptr) {
        check(field.value, definition->type);
        continue;
      }
      std::vector<std::string> names;
      for (const auto& known : type.input_fields) names.push_back(known.name);
      validation_.report("Field \"" + std::string(field.name.text) +
                             "\" is not defined by type \"" + type.name + "\"." +
                             validation_.suggest(field.name.text, names),
                         {field.name.offset});
    }
  }

  void check_one_of(const ast::Value& value, const NamedType& type,
                    const std::set<std::string_view>& given) {
    if (given.size() != 1) {
      validation_.report("OneOf Input Object \"" + type.name + "\" must specify exactly one key.",
                         {value.offset});
    } else if (value.fields[value.fields.size() - 1].value.kind == ValueKind::null) {
      validation_.report(
          "Field \"" + type.name + "." + std::string(*given.begin()) + "\" must be non-null.",
          {value.offset});
    }
  }
};

}  // namespace

std::unique_ptr<Rules> value_rules(Validation& validation) {
  return std::make_unique<ValueRules>(validation);
}

}  // namespace dth::graphql

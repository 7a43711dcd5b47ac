// Variables: section 5.8. Their uses are collected in each definition, and judged for each
// operation with all fragments that it reaches.
#include <map>
#include <set>
#include <unordered_map>

#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

using ast::ValueKind;

struct Use {
  const ast::Value* variable = nullptr;
  TypeRef type;
  bool has_default = false;
  const NamedType* one_of = nullptr;  // the input object whose only field it gives
};

class VariableRules final : public Rules {
 public:
  using Rules::Rules;

  void enter_definition(const ast::Definition& definition) override {
    uses_ = &uses_by_definition_[&definition];
  }

  void enter_value(const ast::Value& value, TypeRef type, const InputValue* position) override {
    collect(value, type, position != nullptr && position->default_literal != nullptr, nullptr);
  }

  void finish() override {
    for (const auto& definition : validation_.document().definitions) {
      if (definition.kind == ast::DefinitionKind::operation) check(definition);
    }
  }

 private:
  void collect(const ast::Value& value, TypeRef type, bool has_default, const NamedType* one_of) {
    if (value.kind == ValueKind::variable) uses_->push_back({&value, type, has_default, one_of});
    for (const auto& item : value.items) {
      collect(item,
              type && type.is_list() ? type.nullable().inner() : (type ? type.nullable() : type),
              false, nullptr);
    }
    for (const auto& field : value.fields) {
      const bool is_input = type && type.named->kind == TypeKind::input_object;
      const InputValue* definition = is_input ? type.named->input_field(field.name.text) : nullptr;
      collect(field.value, definition != nullptr ? definition->type : TypeRef{},
              definition != nullptr && definition->default_literal != nullptr,
              is_input && type.named->is_one_of ? type.named : nullptr);
    }
  }

  void check(const ast::Definition& operation) {
    std::map<std::string_view, const ast::VariableDefinition*> defined;
    check_unique(operation);
    for (const auto& variable : operation.variables) defined[variable.name.text] = &variable;
    std::set<std::string_view> used;
    const std::string by =
        operation.name ? " by operation \"" + std::string(operation.name.text) + "\"" : "";
    for (const auto* definition : validation_.reachable(operation)) {
      for (const auto& use : uses_by_definition_[definition]) {
        const auto name = use.variable->text;
        used.insert(name);
        const auto variable = defined.find(name);
        if (variable == defined.end()) {
          validation_.report("Variable \"$" + std::string(name) + "\" is not defined" + by + ".",
                             {use.variable->offset, operation.offset});
        } else {
          check_position(*variable->second, use);
        }
      }
    }
    const std::string in =
        operation.name ? " in operation \"" + std::string(operation.name.text) + "\"" : "";
    for (const auto& variable : operation.variables) {
      if (used.contains(variable.name.text)) continue;
      validation_.report(
          "Variable \"$" + std::string(variable.name.text) + "\" is never used" + in + ".",
          {variable.offset});
    }
  }

  void check_unique(const ast::Definition& operation) {
    std::map<std::string_view, std::vector<std::uint32_t>> offsets;
    // The name itself, behind the dollar sign.
    for (const auto& variable : operation.variables) {
      offsets[variable.name.text].push_back(static_cast<std::uint32_t>(
          variable.name.text.data() - validation_.document().source().data()));
    }
    for (const auto& [name, places] : offsets) {
      if (places.size() < 2) continue;
      validation_.report("There can be only one variable named \"$" + std::string(name) + "\".",
                         places);
    }
  }

  void check_position(const ast::VariableDefinition& variable, const Use& use) {
    const TypeRef type = validation_.schema().type(variable.type);
    if (!type || !use.type) return;
    if (!is_allowed(variable, type, use)) {
      validation_.report("Variable \"$" + std::string(variable.name.text) + "\" of type \"" +
                             to_string(type) + "\" used in position expecting type \"" +
                             to_string(use.type) + "\".",
                         {variable.offset, use.variable->offset});
    }
    if (use.one_of != nullptr && !type.is_non_null()) {
      validation_.report("Variable \"$" + std::string(variable.name.text) + "\" is of type \"" +
                             to_string(type) +
                             "\" but must be non-nullable to be used for OneOf Input Object \"" +
                             use.one_of->name + "\".",
                         {variable.offset, use.variable->offset});
    }
  }

  bool is_allowed(const ast::VariableDefinition& variable, TypeRef type, const Use& use) const {
    if (!use.type.is_non_null() || type.is_non_null())
      return validation_.schema().is_subtype(type, use.type);
    const bool has_value =
        variable.default_value != nullptr && variable.default_value->kind != ValueKind::null;
    return (has_value || use.has_default) &&
           validation_.schema().is_subtype(type, use.type.inner());
  }

  std::unordered_map<const ast::Definition*, std::vector<Use>> uses_by_definition_;
  std::vector<Use>* uses_ = nullptr;
};

}  // namespace

std::unique_ptr<Rules> variable_rules(Validation& validation) {
  return std::make_unique<VariableRules>(validation);
}

}  // namespace dth::graphql

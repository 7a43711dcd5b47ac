// Names of types that a document refers to: known, and of a kind that may stand there
// (5.5.1, 5.8.2).
#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

class TypeRules final : public Rules {
 public:
  using Rules::Rules;

  void enter_definition(const ast::Definition& definition) override {
    if (definition.kind != ast::DefinitionKind::fragment) return;
    check_condition(definition.type_condition,
                    "Fragment \"" + std::string(definition.name.text) + "\"");
  }

  void enter_inline_fragment(const ast::Selection& fragment, const NamedType*,
                             const NamedType*) override {
    if (fragment.type_condition) check_condition(fragment.type_condition, "Fragment");
  }

  void enter_variable(const ast::VariableDefinition& variable) override {
    // The name of a wrapped type stands behind its brackets.
    const NamedType* type = known(variable.type.name);
    if (type == nullptr || type->is_input()) return;
    validation_.report("Variable \"$" + std::string(variable.name.text) +
                           "\" cannot be non-input type \"" + print(variable.type) + "\".",
                       {variable.type.offset});
  }

 private:
  const NamedType* known(const ast::Name& name) {
    const NamedType* type = validation_.schema().type(name.text);
    if (type != nullptr) return type;
    std::vector<std::string> names;
    for (const auto& other : validation_.schema().types()) names.push_back(other->name);
    validation_.report(
        "Unknown type \"" + std::string(name.text) + "\"." + validation_.suggest(name.text, names),
        {name.offset});
    return nullptr;
  }

  void check_condition(const ast::Name& condition, const std::string& fragment) {
    const NamedType* type = known(condition);
    if (type == nullptr || type->is_composite()) return;
    validation_.report(fragment + " cannot condition on non composite type \"" + type->name + "\".",
                       {condition.offset});
  }
};

}  // namespace

std::unique_ptr<Rules> type_rules(Validation& validation) {
  return std::make_unique<TypeRules>(validation);
}

}  // namespace dth::graphql

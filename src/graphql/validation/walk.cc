// Walks a document with the types of everything in it.
#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

class Walk {
 public:
  Walk(Validation& validation, const std::vector<std::unique_ptr<Rules>>& rules)
      : validation_(validation), schema_(validation.schema()), rules_(rules) {}

  void run() {
    for (const auto& definition : validation_.document().definitions) {
      if (validation_.is_done()) return;
      each([&](Rules& rules) { rules.enter_definition(definition); });
      if (definition.kind == ast::DefinitionKind::operation) {
        walk_operation(definition);
      } else if (definition.kind == ast::DefinitionKind::fragment) {
        walk_directives(definition.directives, "FRAGMENT_DEFINITION");
        walk_selections(definition.selections,
                        composite(schema_.type(definition.type_condition.text)), false);
      }
    }
    if (validation_.is_done()) return;
    each([&](Rules& rules) { rules.finish(); });
  }

 private:
  template <class Visit>
  void each(Visit visit) {
    for (const auto& rules : rules_) visit(*rules);
  }

  static const NamedType* composite(const NamedType* type) {
    return type != nullptr && type->is_composite() ? type : nullptr;
  }

  void walk_operation(const ast::Definition& operation) {
    constexpr std::string_view locations[] = {"QUERY", "MUTATION", "SUBSCRIPTION"};
    for (const auto& variable : operation.variables) {
      each([&](Rules& rules) { rules.enter_variable(variable); });
      if (variable.default_value != nullptr) {
        TypeRef type = schema_.type(variable.type);
        if (type && !type.named->is_input()) type = {};
        each([&](Rules& rules) { rules.enter_value(*variable.default_value, type, nullptr); });
      }
      walk_directives(variable.directives, "VARIABLE_DEFINITION");
    }
    walk_directives(operation.directives, locations[static_cast<std::size_t>(operation.operation)]);
    walk_selections(operation.selections, schema_.root(operation.operation), false);
  }

  void walk_selections(const ast::SelectionSet& set, const NamedType* parent,
                       bool of_inline_fragment) {
    each([&](Rules& rules) { rules.enter_selections(set, parent, of_inline_fragment); });
    for (const auto& selection : set.items) {
      if (validation_.is_done()) return;
      if (selection.kind == ast::SelectionKind::field) {
        walk_field(selection, parent);
      } else if (selection.kind == ast::SelectionKind::fragment_spread) {
        each([&](Rules& rules) { rules.enter_spread(selection, parent); });
        walk_directives(selection.directives, "FRAGMENT_SPREAD");
      } else {
        const NamedType* type =
            selection.type_condition ? schema_.type(selection.type_condition.text) : parent;
        each([&](Rules& rules) { rules.enter_inline_fragment(selection, parent, type); });
        walk_directives(selection.directives, "INLINE_FRAGMENT");
        walk_selections(selection.selections, composite(type), true);
      }
    }
  }

  void walk_field(const ast::Selection& selection, const NamedType* parent) {
    const Field* field = parent != nullptr ? schema_.field(*parent, selection.name.text) : nullptr;
    each([&](Rules& rules) { rules.enter_field(selection, parent, field); });
    if (!selection.arguments.empty()) {
      each([&](Rules& rules) { rules.enter_arguments(selection.arguments, field, nullptr); });
      walk_arguments(selection.arguments, field != nullptr ? &field->arguments : nullptr);
    }
    walk_directives(selection.directives, "FIELD");
    if (selection.selections) {
      walk_selections(selection.selections,
                      composite(field != nullptr ? field->type.named : nullptr), false);
    }
  }

  void walk_directives(const List<ast::Directive>& directives, std::string_view location) {
    if (directives.empty()) return;
    each([&](Rules& rules) { rules.enter_directives(directives, location); });
    for (const auto& directive : directives) {
      const DirectiveType* type = schema_.directive(directive.name.text);
      each([&](Rules& rules) { rules.enter_arguments(directive.arguments, nullptr, type); });
      walk_arguments(directive.arguments, type != nullptr ? &type->arguments : nullptr);
    }
  }

  void walk_arguments(const List<ast::Argument>& arguments,
                      const std::vector<InputValue>* definitions) {
    for (const auto& argument : arguments) {
      const InputValue* position = nullptr;
      if (definitions != nullptr) {
        for (const auto& definition : *definitions) {
          if (definition.name == argument.name.text) position = &definition;
        }
      }
      const TypeRef type = position != nullptr ? position->type : TypeRef{};
      each([&](Rules& rules) { rules.enter_value(argument.value, type, position); });
    }
  }

  Validation& validation_;
  const Schema& schema_;
  const std::vector<std::unique_ptr<Rules>>& rules_;
};

}  // namespace

void walk(Validation& validation, const std::vector<std::unique_ptr<Rules>>& rules) {
  Walk(validation, rules).run();
}

}  // namespace dth::graphql

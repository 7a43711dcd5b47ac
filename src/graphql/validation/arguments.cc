// Arguments of fields and directives: section 5.4.
#include <algorithm>

#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

class ArgumentRules final : public Rules {
 public:
  using Rules::Rules;

  void enter_field(const ast::Selection& selection, const NamedType* parent,
                   const Field* field) override {
    if (field == nullptr) return;
    parent_ = parent;
    check_required(selection.arguments, field->arguments, "Field \"" + field->name + "\"",
                   selection.offset);
  }

  void enter_directives(const List<ast::Directive>& directives, std::string_view) override {
    for (const auto& directive : directives) {
      const DirectiveType* type = validation_.schema().directive(directive.name.text);
      if (type == nullptr) continue;
      check_required(directive.arguments, type->arguments, "Directive \"@" + type->name + "\"",
                     directive.offset);
    }
  }

  void enter_arguments(const List<ast::Argument>& arguments, const Field* field,
                       const DirectiveType* directive) override {
    check_unique(arguments);
    if (field != nullptr) {
      check_known(arguments, field->arguments,
                  "field \"" + parent_->name + "." + field->name + "\"");
    } else if (directive != nullptr) {
      check_known(arguments, directive->arguments, "directive \"@" + directive->name + "\"");
    }
  }

 private:
  void check_required(const List<ast::Argument>& given, const std::vector<InputValue>& definitions,
                      const std::string& what, std::uint32_t offset) {
    for (const auto& definition : definitions) {
      if (!definition.is_required()) continue;
      const bool is_given = std::any_of(given.begin(), given.end(), [&](const auto& argument) {
        return argument.name.text == definition.name;
      });
      if (is_given) continue;
      validation_.report(what + " argument \"" + definition.name + "\" of type \"" +
                             to_string(definition.type) +
                             "\" is required, but it was not provided.",
                         {offset});
    }
  }

  void check_unique(const List<ast::Argument>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const auto name = arguments[i].name.text;
      std::vector<std::uint32_t> offsets;
      bool is_first = true;
      for (std::size_t j = 0; j < arguments.size(); ++j) {
        if (arguments[j].name.text != name) continue;
        if (j < i) is_first = false;
        offsets.push_back(arguments[j].name.offset);
      }
      if (!is_first || offsets.size() < 2) continue;
      validation_.report("There can be only one argument named \"" + std::string(name) + "\".",
                         offsets);
    }
  }

  void check_known(const List<ast::Argument>& arguments, const std::vector<InputValue>& definitions,
                   const std::string& what) {
    for (const auto& argument : arguments) {
      const auto name = argument.name.text;
      const bool is_known =
          std::any_of(definitions.begin(), definitions.end(),
                      [&](const InputValue& definition) { return definition.name == name; });
      if (is_known) continue;
      std::vector<std::string> names;
      for (const auto& definition : definitions) names.push_back(definition.name);
      validation_.report("Unknown argument \"" + std::string(name) + "\" on " + what + "." +
                             validation_.suggest(name, names),
                         {argument.name.offset});
    }
  }

  const NamedType* parent_ = nullptr;
};

}  // namespace

std::unique_ptr<Rules> argument_rules(Validation& validation) {
  return std::make_unique<ArgumentRules>(validation);
}

}  // namespace dth::graphql

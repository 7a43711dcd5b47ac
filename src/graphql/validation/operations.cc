// Rules for documents and operations: sections 5.1 and 5.2.
#include <map>
#include <set>

#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

class OperationRules final : public Rules {
 public:
  explicit OperationRules(Validation& validation) : Rules(validation) {
    for (const auto& definition : validation.document().definitions) {
      if (definition.kind == ast::DefinitionKind::operation) ++operations_;
    }
  }

  void enter_definition(const ast::Definition& definition) override {
    if (!definition.is_executable()) {
      const std::string name = definition.kind == ast::DefinitionKind::schema
                                   ? "schema"
                                   : "\"" + std::string(definition.name.text) + "\"";
      validation_.report("The " + name + " definition is not executable.", {definition.offset});
    }
    if (definition.kind != ast::DefinitionKind::operation) return;
    if (!definition.name && operations_ > 1) {
      validation_.report("This anonymous operation must be the only defined operation.",
                         {definition.offset});
    }
    if (definition.name) {
      const auto [first, inserted] = names_.emplace(definition.name.text, definition.name.offset);
      if (!inserted) {
        validation_.report(
            "There can be only one operation named \"" + std::string(definition.name.text) + "\".",
            {first->second, definition.name.offset});
      }
    }
    if (definition.operation == ast::OperationKind::subscription) check_subscription(definition);
  }

 private:
  // A subscription is one stream of events: of one field.
  void check_subscription(const ast::Definition& operation) {
    const NamedType* root = validation_.schema().subscription();
    if (root == nullptr) return;
    groups_.clear();
    visited_.clear();
    collect(operation.selections, *root);
    const std::string who = operation.name
                                ? "Subscription \"" + std::string(operation.name.text) + "\""
                                : "Anonymous Subscription";
    if (groups_.size() > 1) {
      std::vector<std::uint32_t> offsets;
      for (std::size_t i = 1; i < groups_.size(); ++i) {
        for (const auto* field : groups_[i]) offsets.push_back(field->offset);
      }
      validation_.report(who + " must select only one top level field.", offsets);
    }
    for (const auto& group : groups_) {
      if (!group.front()->name.text.starts_with("__")) continue;
      std::vector<std::uint32_t> offsets;
      for (const auto* field : group) offsets.push_back(field->offset);
      validation_.report(who + " must not select an introspection top level field.", offsets);
    }
  }

  // Without variables, @skip and @include with one count as false.
  static bool is_included(const List<ast::Directive>& directives) {
    for (const auto& directive : directives) {
      const bool is_skip = directive.name.text == "skip";
      if (!is_skip && directive.name.text != "include") continue;
      for (const auto& argument : directive.arguments) {
        if (argument.name.text != "if" || argument.value.kind != ast::ValueKind::boolean) continue;
        if ((argument.value.text == "true") == is_skip) return false;
      }
    }
    return true;
  }

  void collect(const ast::SelectionSet& set, const NamedType& root) {
    for (const auto& selection : set.items) {
      if (!is_included(selection.directives)) continue;
      if (selection.kind == ast::SelectionKind::field) {
        add(selection);
      } else if (selection.kind == ast::SelectionKind::inline_fragment) {
        if (applies(selection.type_condition, root)) collect(selection.selections, root);
      } else if (visited_.insert(selection.name.text).second) {
        const auto* fragment = validation_.fragment(selection.name.text);
        if (fragment != nullptr && applies(fragment->type_condition, root))
          collect(fragment->selections, root);
      }
    }
  }

  bool applies(const ast::Name& condition, const NamedType& root) const {
    if (!condition) return true;
    const NamedType* type = validation_.schema().type(condition.text);
    return type != nullptr && (type == &root || (type->is_abstract() &&
                                                 validation_.schema().is_possible(*type, root)));
  }

  void add(const ast::Selection& field) {
    for (auto& group : groups_) {
      if (group.front()->response_key() == field.response_key()) return group.push_back(&field);
    }
    groups_.push_back({&field});
  }

  std::size_t operations_ = 0;
  std::map<std::string_view, std::uint32_t> names_;
  std::vector<std::vector<const ast::Selection*>> groups_;
  std::set<std::string_view> visited_;
};

}  // namespace

std::unique_ptr<Rules> operation_rules(Validation& validation) {
  return std::make_unique<OperationRules>(validation);
}

}  // namespace dth::graphql

// What is selected of an object: fragments expanded, fields of one key merged, @skip and @include
// applied.
#include <algorithm>

#include "graphql/execution/execution.h"
#include "graphql/schema/coercion.h"

namespace dth::graphql {

SelectionPlan Execution::plan_root() {
  SelectionPlan plan;
  plan.type = request_.schema.root(request_.operation.operation);
  std::vector<std::string_view> visited;
  collect(request_.operation.selections, &plan, &visited);
  return plan;
}

SelectionPlan& Execution::plan_below(FieldGroup& group, const NamedType& type) {
  for (auto& [known, plan] : group.below) {
    if (known == &type) return *plan;
  }
  auto& plan = group.below.emplace_back(&type, std::make_unique<SelectionPlan>()).second;
  plan->type = &type;
  std::vector<std::string_view> visited;
  for (const auto* selection : group.selections)
    collect(selection->selections, plan.get(), &visited);
  return *plan;
}

void Execution::collect(const ast::SelectionSet& set, SelectionPlan* plan,
                        std::vector<std::string_view>* visited) {
  for (const auto& selection : set.items) {
    if (!selection.directives.empty() && !is_included(selection.directives)) continue;
    if (selection.kind == ast::SelectionKind::inline_fragment) {
      if (applies(selection.type_condition, *plan->type))
        collect(selection.selections, plan, visited);
    } else if (selection.kind == ast::SelectionKind::fragment_spread) {
      const auto name = selection.name.text;
      if (std::find(visited->begin(), visited->end(), name) != visited->end()) continue;
      visited->push_back(name);
      const auto fragment = request_.document.fragments.find(name);
      if (fragment == request_.document.fragments.end()) continue;
      if (applies(fragment->second->type_condition, *plan->type)) {
        collect(fragment->second->selections, plan, visited);
      }
    } else {
      const auto key = selection.response_key();
      const auto group = std::find_if(plan->groups.begin(), plan->groups.end(),
                                      [&](const FieldGroup& other) { return other.key == key; });
      if (group != plan->groups.end()) {
        group->selections.push_back(&selection);
      } else if (const Field* field = request_.schema.field(*plan->type, selection.name.text)) {
        auto& added = plan->groups.emplace_back();
        added.key = key;
        added.selections.push_back(&selection);
        added.field = field;
      }
    }
  }
}

bool Execution::is_included(const List<ast::Directive>& directives) const {
  for (const auto& directive : directives) {
    const bool is_skip = directive.name.text == "skip";
    if (!is_skip && directive.name.text != "include") continue;
    for (const auto& argument : directive.arguments) {
      if (argument.name.text != "if") continue;
      const auto value = untyped_json(argument.value, &request_.variables);
      if (value.is_bool() && value.get_bool() == is_skip) return false;
    }
  }
  return true;
}

bool Execution::applies(const ast::Name& condition, const NamedType& type) const {
  if (!condition || condition.text == type.name) return true;
  const NamedType* other = request_.schema.type(condition.text);
  return other != nullptr && other->is_abstract() && request_.schema.is_possible(*other, type);
}

const GraphqlResult<boost::json::object>& Execution::arguments_of(FieldGroup& group) {
  if (!group.arguments) {
    const auto& selection = *group.selections.front();
    group.arguments = coerce_arguments(*request_.document.document, group.field->arguments,
                                       selection.arguments, selection.offset, &request_.variables);
  }
  return *group.arguments;
}

}  // namespace dth::graphql

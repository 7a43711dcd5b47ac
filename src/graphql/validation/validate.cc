#include "graphql/validation/validate.h"

#include <unordered_set>

#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

constexpr std::size_t reported_locations_max = 50;  // of one error

}  // namespace

Validation::Validation(const Schema& schema, const Document& document,
                       const ValidateOptions& options)
    : schema_(schema), document_(document), options_(options) {
  for (const auto& definition : document.definitions) {
    if (definition.kind == ast::DefinitionKind::fragment)
      fragments_[definition.name.text] = &definition;
  }
}

const ast::Definition* Validation::fragment(std::string_view name) const {
  const auto found = fragments_.find(name);
  return found != fragments_.end() ? found->second : nullptr;
}

void Validation::report(std::string message, const std::vector<std::uint32_t>& offsets) {
  if (is_done_) return;
  if (errors_.size() >= options_.errors_max) {
    return abort("Too many validation errors, error limit reached. Validation aborted.");
  }
  std::vector<Location> locations;
  for (const auto offset : offsets) {
    if (locations.size() == reported_locations_max) break;
    locations.push_back(document_.location(offset));
  }
  errors_.push_back({bounded_message(std::move(message)), std::move(locations)});
}

void Validation::abort(std::string message) {
  if (!is_done_) errors_.push_back({std::move(message)});
  is_done_ = true;
}

std::string Validation::suggest(std::string_view name,
                                const std::vector<std::string>& options) const {
  return options_.suggestions ? did_you_mean(suggestions_for(name, options)) : "";
}

std::vector<const ast::Selection*> Validation::spreads(const ast::SelectionSet& set) const {
  std::vector<const ast::Selection*> found;
  std::vector<const ast::SelectionSet*> pending{&set};
  while (!pending.empty()) {
    const auto* next = pending.back();
    pending.pop_back();
    for (const auto& selection : next->items) {
      if (selection.kind == ast::SelectionKind::fragment_spread) {
        found.push_back(&selection);
      } else if (selection.selections) {
        pending.push_back(&selection.selections);
      }
    }
  }
  return found;
}

std::vector<const ast::Definition*> Validation::reachable(const ast::Definition& operation) const {
  std::vector<const ast::Definition*> found{&operation};
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const auto* spread : spreads(found[i]->selections)) {
      if (!seen.insert(spread->name.text).second) continue;
      if (const auto* definition = fragment(spread->name.text)) found.push_back(definition);
    }
  }
  return found;
}

std::vector<GraphqlError> validate(const Schema& schema, const Document& document,
                                   const ValidateOptions& options) {
  Validation validation(schema, document, options);
  std::vector<std::unique_ptr<Rules>> rules;
  for (const auto make : {operation_rules, type_rules, field_rules, fragment_rules, argument_rules,
                          directive_rules, value_rules, variable_rules, overlap_rules}) {
    rules.push_back(make(validation));
  }
  walk(validation, rules);
  return validation.take_errors();
}

}  // namespace dth::graphql

#include "graphql/schema/directive_rules.h"

#include <algorithm>
#include <map>
#include <set>

namespace dth::graphql {
namespace {

using ast::Definition;
using ast::DefinitionKind;

std::string_view location_of(DefinitionKind kind) {
  switch (kind) {
    case DefinitionKind::schema:
      return "SCHEMA";
    case DefinitionKind::scalar:
      return "SCALAR";
    case DefinitionKind::object:
      return "OBJECT";
    case DefinitionKind::interface:
      return "INTERFACE";
    case DefinitionKind::union_type:
      return "UNION";
    case DefinitionKind::enumeration:
      return "ENUM";
    default:
      return "INPUT_OBJECT";
  }
}

class SdlDirectiveRules {
 public:
  SdlDirectiveRules(const Document& document, const Document& builtins,
                    std::vector<GraphqlError>* errors)
      : document_(document), errors_(*errors) {
    for (const auto* source : {&builtins, &document}) {
      for (const auto& definition : source->definitions) {
        if (definition.kind == DefinitionKind::directive)
          known_[definition.name.text] = &definition;
      }
    }
  }

  void check() {
    for (const auto& definition : document_.definitions) {
      if (!definition.is_executable()) check(definition);
    }
  }

 private:
  // The first of each name in one place.
  using Seen = std::map<std::string_view, std::uint32_t>;

  void report(std::string message, std::vector<std::uint32_t> offsets) {
    std::vector<Location> locations;
    for (const auto offset : offsets) locations.push_back(document_.location(offset));
    errors_.push_back({std::move(message), std::move(locations)});
  }

  void check(const Definition& definition) {
    if (definition.kind == DefinitionKind::directive) {
      check_values(definition.input_fields, "ARGUMENT_DEFINITION");
      return;
    }
    // A type and its extensions are one place.
    Seen& seen =
        definition.kind == DefinitionKind::schema ? schema_seen_ : type_seen_[definition.name.text];
    check(definition.directives, location_of(definition.kind), seen);
    for (const auto& field : definition.fields) {
      check(field.directives, "FIELD_DEFINITION");
      check_values(field.arguments, "ARGUMENT_DEFINITION");
    }
    check_values(definition.input_fields, "INPUT_FIELD_DEFINITION");
    for (const auto& value : definition.enum_values) check(value.directives, "ENUM_VALUE");
  }

  void check_values(const List<ast::InputValueDefinition>& values, std::string_view location) {
    for (const auto& value : values) check(value.directives, location);
  }

  void check(const List<ast::Directive>& directives, std::string_view location) {
    Seen seen;
    check(directives, location, seen);
  }

  void check(const List<ast::Directive>& directives, std::string_view location, Seen& seen) {
    for (const auto& directive : directives) {
      const std::string name(directive.name.text);
      const auto found = known_.find(name);
      if (found == known_.end()) {
        report("Unknown directive \"@" + name + "\".", {directive.offset});
        continue;
      }
      const Definition& definition = *found->second;
      if (!may_stand_at(definition, location)) {
        report("Directive \"@" + name + "\" may not be used on " + std::string(location) + ".",
               {directive.offset});
      }
      if (!definition.is_repeatable) {
        const auto [first, inserted] = seen.emplace(directive.name.text, directive.offset);
        if (!inserted) {
          report("The directive \"@" + name + "\" can only be used once at this location.",
                 {first->second, directive.offset});
        }
      }
      check_arguments(directive, definition);
    }
  }

  static bool may_stand_at(const Definition& directive, std::string_view location) {
    for (const auto& allowed : directive.locations) {
      if (allowed.text == location) return true;
    }
    return false;
  }

  void check_arguments(const ast::Directive& directive, const Definition& definition) {
    const std::string name(directive.name.text);
    std::vector<std::string> known;
    std::map<std::string_view, std::vector<std::uint32_t>> given;
    for (const auto& argument : definition.input_fields) known.emplace_back(argument.name.text);
    for (const auto& argument : directive.arguments) {
      given[argument.name.text].push_back(argument.name.offset);
      if (std::find(known.begin(), known.end(), argument.name.text) != known.end()) continue;
      report("Unknown argument \"" + std::string(argument.name.text) + "\" on directive \"@" +
                 name + "\"." + did_you_mean(suggestions_for(argument.name.text, known)),
             {argument.name.offset});
    }
    for (const auto& [argument, offsets] : given) {
      if (offsets.size() < 2) continue;
      report("There can be only one argument named \"" + std::string(argument) + "\".", offsets);
    }
    for (const auto& argument : definition.input_fields) {
      const bool is_required =
          argument.type.wrappers.is_non_null() && argument.default_value == nullptr;
      if (!is_required || given.contains(argument.name.text)) continue;
      report("Directive \"@" + name + "\" argument \"" + std::string(argument.name.text) +
                 "\" of type \"" + print(argument.type) +
                 "\" is required, but it was not provided.",
             {directive.offset});
    }
  }

  const Document& document_;
  std::vector<GraphqlError>& errors_;
  std::map<std::string_view, const Definition*> known_;
  Seen schema_seen_;
  std::map<std::string_view, Seen> type_seen_;
};

}  // namespace

void check_sdl_directives(const Document& document, const Document& builtins,
                          std::vector<GraphqlError>* errors) {
  SdlDirectiveRules(document, builtins, errors).check();
}

}  // namespace dth::graphql

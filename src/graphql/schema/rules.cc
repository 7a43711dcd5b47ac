// Rules for SDL that need no types but names: what is unique, what is known, what may be extended
// (section 3).
#include <algorithm>
#include <map>

#include "graphql/schema/builder.h"
#include "graphql/schema/builtins.h"
#include "graphql/schema/directive_rules.h"

namespace dth::graphql {
namespace {

using ast::Definition;
using ast::DefinitionKind;

bool is_type(const Definition& definition) {
  return definition.kind != DefinitionKind::schema &&
         definition.kind != DefinitionKind::directive && !definition.is_executable();
}

std::string_view kind_in_words(DefinitionKind kind) {
  switch (kind) {
    case DefinitionKind::scalar:
      return "scalar";
    case DefinitionKind::object:
      return "object";
    case DefinitionKind::interface:
      return "interface";
    case DefinitionKind::union_type:
      return "union";
    case DefinitionKind::enumeration:
      return "enum";
    default:
      return "input object";
  }
}

class SdlRules {
 public:
  SdlRules(const Document& document, const Document& builtins, std::vector<GraphqlError>* errors)
      : document_(document), builtins_(builtins), errors_(*errors) {}

  void check() {
    for (const auto& definition : builtins_.definitions) {
      if (is_type(definition)) known_types_[definition.name.text] = nullptr;
    }
    for (const auto& definition : document_.definitions) {
      if (is_type(definition) && !definition.is_extension)
        known_types_[definition.name.text] = &definition;
    }
    for (const auto& definition : document_.definitions) check(definition);
  }

 private:
  using Seen = std::map<std::string, std::uint32_t, std::less<>>;

  void report(std::string message, std::vector<std::uint32_t> offsets) {
    std::vector<Location> locations;
    for (const auto offset : offsets) locations.push_back(document_.location(offset));
    errors_.push_back({std::move(message), std::move(locations)});
  }

  // Reports the second and later of a name.
  void once(Seen& seen, std::string_view name, std::uint32_t offset, const std::string& message) {
    const auto [first, inserted] = seen.emplace(name, offset);
    if (!inserted) report(message, {first->second, offset});
  }

  void check(const Definition& definition) {
    if (definition.is_executable()) {
      report("A schema holds definitions of types only: " + print_head(definition) +
                 " does not belong here.",
             {definition.offset});
      return;
    }
    if (definition.kind == DefinitionKind::schema) {
      check_schema_definition(definition);
    } else if (definition.kind == DefinitionKind::directive) {
      once(directives_, definition.name.text, definition.name.offset,
           "There can be only one directive named \"@" + std::string(definition.name.text) + "\".");
      check_arguments("@" + std::string(definition.name.text), definition.input_fields);
    } else {
      check_type(definition);
    }
  }

  static std::string print_head(const Definition& definition) {
    return definition.kind == DefinitionKind::fragment ? "a fragment" : "an operation";
  }

  void check_schema_definition(const Definition& definition) {
    if (!definition.is_extension && schema_definitions_++ > 0) {
      report("Must provide only one schema definition.", {definition.offset});
    }
    for (const auto& type : definition.operation_types) {
      const std::string operation(to_string(type.operation));
      once(operations_, operation, type.offset,
           "There can be only one " + operation + " type in schema.");
      check_known(type.type);
    }
  }

  void check_type(const Definition& definition) {
    const std::string name(definition.name.text);
    if (definition.is_extension) {
      check_extension(definition);
    } else {
      once(types_, name, definition.name.offset,
           "There can be only one type named \"" + name + "\".");
      if (name.starts_with("__")) {
        report("Name \"" + name +
                   "\" must not begin with \"__\", which is reserved by GraphQL introspection.",
               {definition.offset});
      }
    }
    for (const auto& interface : definition.interfaces) check_known(interface);
    for (const auto& member : definition.members) check_known(member);
    for (const auto& field : definition.fields) {
      const std::string path = name + "." + std::string(field.name.text);
      once(fields_, path, field.name.offset, "Field \"" + path + "\" can only be defined once.");
      check_known(field.type.name);
      check_arguments(path, field.arguments);
    }
    for (const auto& field : definition.input_fields) {
      const std::string path = name + "." + std::string(field.name.text);
      once(fields_, path, field.name.offset, "Field \"" + path + "\" can only be defined once.");
      check_known(field.type.name);
    }
    for (const auto& value : definition.enum_values) {
      const std::string path = name + "." + std::string(value.name.text);
      once(fields_, path, value.name.offset,
           "Enum value \"" + path + "\" can only be defined once.");
    }
  }

  void check_extension(const Definition& extension) {
    const std::string name(extension.name.text);
    const auto found = known_types_.find(name);
    if (found == known_types_.end()) {
      std::vector<std::string> names;
      for (const auto& [known, definition] : known_types_) {
        if (definition != nullptr) names.emplace_back(known);
      }
      report("Cannot extend type \"" + name + "\" because it is not defined." +
                 did_you_mean(suggestions_for(name, names)),
             {extension.name.offset});
    } else if (found->second == nullptr) {
      report("Cannot extend type \"" + name + "\" because it is one of the specification.",
             {extension.name.offset});
    } else if (found->second->kind != extension.kind) {
      report("Cannot extend non-" + std::string(kind_in_words(extension.kind)) + " type \"" + name +
                 "\".",
             {found->second->offset, extension.offset});
    }
  }

  void check_arguments(const std::string& where, const List<ast::InputValueDefinition>& arguments) {
    std::map<std::string_view, std::vector<std::uint32_t>> by_name;
    for (const auto& argument : arguments) {
      by_name[argument.name.text].push_back(argument.name.offset);
      check_known(argument.type.name);
    }
    for (const auto& [name, offsets] : by_name) {
      if (offsets.size() < 2) continue;
      report("Argument \"" + where + "(" + std::string(name) + ":)\" can only be defined once.",
             offsets);
    }
  }

  void check_known(const ast::Name& type) {
    if (known_types_.contains(type.text)) return;
    std::vector<std::string> names;
    for (const auto& [known, definition] : known_types_) {
      if (known != "__Meta") names.emplace_back(known);
    }
    report("Unknown type \"" + std::string(type.text) + "\"." +
               did_you_mean(suggestions_for(type.text, names)),
           {type.offset});
  }

  const Document& document_;
  const Document& builtins_;
  std::vector<GraphqlError>& errors_;
  // Null for those of the specification.
  std::map<std::string_view, const Definition*> known_types_;
  Seen types_, fields_, directives_, operations_;
  int schema_definitions_ = 0;
};

}  // namespace

void check_sdl(const Document& document, const Document& builtins,
               std::vector<GraphqlError>* errors) {
  SdlRules(document, builtins, errors).check();
  check_sdl_directives(document, builtins, errors);
}

}  // namespace dth::graphql

// A syntax tree as text.
#include <algorithm>

#include "graphql/syntax/characters.h"
#include "graphql/syntax/document.h"

namespace dth::graphql {
namespace {

constexpr std::size_t line_characters_max = 80;

using Lines = std::vector<std::string>;

std::string join(const Lines& parts, std::string_view separator) {
  std::string text;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

// Block strings within are indented too: that does not change their value.
std::string indent(const std::string& text) {
  std::string result = "  ";
  for (const char c : text) {
    result += c;
    if (c == '\n') result += "  ";
  }
  return result;
}

std::string wrap(std::string_view before, const std::string& text, std::string_view after = "") {
  return text.empty() ? "" : std::string(before) + text + std::string(after);
}

std::string block(const Lines& items) {
  return items.empty() ? "" : "{\n" + indent(join(items, "\n")) + "\n}";
}

template <class T, class Print>
Lines each(const List<T>& items, Print print_item) {
  Lines lines;
  for (const auto& item : items) lines.push_back(print_item(item));
  return lines;
}

std::string print_name(const ast::Name& name) { return std::string(name.text); }

std::string print_argument(const ast::Argument& argument) {
  return print_name(argument.name) + ": " + print(argument.value);
}

std::string print_directive(const ast::Directive& directive) {
  return "@" + print_name(directive.name) +
         wrap("(", join(each(directive.arguments, print_argument), ", "), ")");
}

std::string print_directives(const List<ast::Directive>& directives) {
  return join(each(directives, print_directive), " ");
}

std::string print_description(const ast::Value* description) {
  return description != nullptr ? print(*description) + "\n" : "";
}

std::string print_selections(const ast::SelectionSet& set);

std::string print_field(const ast::Selection& field) {
  const std::string prefix = wrap("", print_name(field.alias), ": ") + print_name(field.name);
  const auto arguments = each(field.arguments, print_argument);
  std::string line = prefix + wrap("(", join(arguments, ", "), ")");
  if (!arguments.empty() && utf16_size(line) > line_characters_max)
    line = prefix + wrap("(\n", indent(join(arguments, "\n")), "\n)");
  return line + wrap(" ", print_directives(field.directives)) +
         wrap(" ", print_selections(field.selections));
}

std::string print_selection(const ast::Selection& selection) {
  if (selection.kind == ast::SelectionKind::field) return print_field(selection);
  if (selection.kind == ast::SelectionKind::fragment_spread) {
    return "..." + print_name(selection.name) + wrap(" ", print_directives(selection.directives));
  }
  return join({"...", wrap("on ", print_name(selection.type_condition)),
               print_directives(selection.directives), print_selections(selection.selections)},
              " ");
}

std::string print_selections(const ast::SelectionSet& set) {
  return block(each(set.items, print_selection));
}

std::string print_variable(const ast::VariableDefinition& variable) {
  return print_description(variable.description) + "$" + print_name(variable.name) + ": " +
         print(variable.type) +
         (variable.default_value != nullptr ? " = " + print(*variable.default_value) : "") +
         wrap(" ", print_directives(variable.directives));
}

bool has_lines(const Lines& items) {
  return std::any_of(items.begin(), items.end(),
                     [](const auto& item) { return item.find('\n') != item.npos; });
}

std::string print_operation(const ast::Definition& operation) {
  const auto variables = each(operation.variables, print_variable);
  const std::string list = has_lines(variables) ? wrap("(\n", join(variables, "\n"), "\n)")
                                                : wrap("(", join(variables, ", "), ")");
  const std::string prefix =
      print_description(operation.description) +
      join({std::string(to_string(operation.operation)), print_name(operation.name) + list,
            print_directives(operation.directives)},
           " ");
  return (prefix == "query" ? "" : prefix + " ") + print_selections(operation.selections);
}

std::string print_fragment(const ast::Definition& fragment) {
  return print_description(fragment.description) + "fragment " + print_name(fragment.name) +
         " on " + print_name(fragment.type_condition) + " " +
         wrap("", print_directives(fragment.directives), " ") +
         print_selections(fragment.selections);
}

std::string print_input_value(const ast::InputValueDefinition& value) {
  return print_description(value.description) + print_name(value.name) + ": " + print(value.type) +
         (value.default_value != nullptr ? " = " + print(*value.default_value) : "") +
         wrap(" ", print_directives(value.directives));
}

std::string print_arguments(const List<ast::InputValueDefinition>& definitions) {
  const auto arguments = each(definitions, print_input_value);
  return has_lines(arguments) ? wrap("(\n", indent(join(arguments, "\n")), "\n)")
                              : wrap("(", join(arguments, ", "), ")");
}

std::string print_field_definition(const ast::FieldDefinition& field) {
  return print_description(field.description) + print_name(field.name) +
         print_arguments(field.arguments) + ": " + print(field.type) +
         wrap(" ", print_directives(field.directives));
}

std::string print_enum_value(const ast::EnumValueDefinition& value) {
  return print_description(value.description) +
         join({print_name(value.name), print_directives(value.directives)}, " ");
}

std::string print_operation_type(const ast::OperationTypeDefinition& type) {
  return std::string(to_string(type.operation)) + ": " + print_name(type.type);
}

std::string_view keyword_of(ast::DefinitionKind kind) {
  switch (kind) {
    case ast::DefinitionKind::schema:
      return "schema";
    case ast::DefinitionKind::scalar:
      return "scalar";
    case ast::DefinitionKind::object:
      return "type";
    case ast::DefinitionKind::interface:
      return "interface";
    case ast::DefinitionKind::union_type:
      return "union";
    case ast::DefinitionKind::enumeration:
      return "enum";
    case ast::DefinitionKind::input_object:
      return "input";
    default:
      return "directive";
  }
}

std::string print_type_system(const ast::Definition& definition) {
  if (definition.kind == ast::DefinitionKind::directive) {
    return print_description(definition.description) + "directive @" + print_name(definition.name) +
           print_arguments(definition.input_fields) +
           (definition.is_repeatable ? " repeatable" : "") + " on " +
           join(each(definition.locations, print_name), " | ");
  }
  return print_description(definition.description) +
         join({definition.is_extension ? "extend" : "", std::string(keyword_of(definition.kind)),
               print_name(definition.name),
               wrap("implements ", join(each(definition.interfaces, print_name), " & ")),
               print_directives(definition.directives),
               wrap("= ", join(each(definition.members, print_name), " | ")),
               block(each(definition.operation_types, print_operation_type)),
               block(each(definition.fields, print_field_definition)),
               block(each(definition.input_fields, print_input_value)),
               block(each(definition.enum_values, print_enum_value))},
              " ");
}

}  // namespace

std::string print(const ast::Value& value) {
  switch (value.kind) {
    case ast::ValueKind::variable:
      return "$" + std::string(value.text);
    case ast::ValueKind::string:
      return value.is_block ? print_block_string(value.text) : print_string(value.text);
    case ast::ValueKind::list:
      return "[" + join(each(value.items, [](const auto& item) { return print(item); }), ", ") +
             "]";
    case ast::ValueKind::object:
      return "{" +
             join(each(value.fields,
                       [](const auto& field) {
                         return print_name(field.name) + ": " + print(field.value);
                       }),
                  ", ") +
             "}";
    default:
      return std::string(value.text);
  }
}

std::string print(const ast::TypeReference& type) {
  std::string text = print_name(type.name);
  // From the innermost wrapper to the outermost.
  std::vector<bool> wrappers;
  for (Wrappers rest = type.wrappers; !rest.empty(); rest = rest.inner())
    wrappers.push_back(rest.is_list());
  for (auto is_list = wrappers.rbegin(); is_list != wrappers.rend(); ++is_list) {
    text = *is_list ? "[" + text + "]" : text + "!";
  }
  return text;
}

std::string print(const ast::Definition& definition) {
  if (definition.kind == ast::DefinitionKind::operation) return print_operation(definition);
  if (definition.kind == ast::DefinitionKind::fragment) return print_fragment(definition);
  return print_type_system(definition);
}

std::string print(const Document& document) {
  return join(each(document.definitions, [](const auto& definition) { return print(definition); }),
              "\n\n");
}

}  // namespace dth::graphql

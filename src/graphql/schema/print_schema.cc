// A schema as SDL.
#include <algorithm>

#include "base/json_writer.h"
#include "graphql/schema/schema.h"
#include "graphql/syntax/characters.h"

namespace dth::graphql {
namespace {

namespace json = boost::json;

// Would a block string of it be read back as the same text? Not with other line ends or control
// characters, with blank lines at an end, nor where all lines are indented.
bool is_block_text(std::string_view text) {
  bool line_is_blank = true, line_is_indented = false, all_are_indented = true, has_lines = false;
  if (text.empty()) return true;
  for (const char c : text) {
    if (c == '\n') {
      if (line_is_blank && !has_lines) return false;
      has_lines = true;
      line_is_blank = true;
      line_is_indented = false;
    } else if (c == ' ' || c == '\t') {
      line_is_indented = line_is_indented || line_is_blank;
    } else if (static_cast<unsigned char>(c) < 0x10) {
      return false;
    } else {
      all_are_indented = all_are_indented && line_is_indented;
      line_is_blank = false;
    }
  }
  return !line_is_blank && !(all_are_indented && has_lines);
}

std::string print_description(const std::optional<std::string>& description,
                              std::string_view indent = "", bool is_first = true) {
  if (!description) return "";
  const std::string text = is_block_text(*description) ? print_block_string(*description, indent)
                                                       : print_string(*description);
  return (!indent.empty() && !is_first ? "\n" : "") + std::string(indent) + text + "\n";
}

std::string print_deprecation(const std::optional<std::string>& reason) {
  if (!reason) return "";
  if (*reason == "No longer supported") return " @deprecated";
  return " @deprecated(reason: " + print_string(*reason) + ")";
}

std::string print_value(const InputValue& value) {
  std::string text = value.name + ": " + to_string(value.type);
  if (value.default_value) text += " = " + print_input_value(*value.default_value, value.type);
  return text + print_deprecation(value.deprecation_reason);
}

std::string print_arguments(const std::vector<InputValue>& arguments, std::string_view indent) {
  if (arguments.empty()) return "";
  std::string text;
  const bool on_one_line = std::all_of(
      arguments.begin(), arguments.end(),
      [](const InputValue& argument) { return argument.description.value_or("").empty(); });
  if (on_one_line) {
    for (const auto& argument : arguments)
      text += (text.empty() ? "" : ", ") + print_value(argument);
    return "(" + text + ")";
  }
  const std::string inner = "  " + std::string(indent);
  for (const auto& argument : arguments) {
    text += "\n" + print_description(argument.description, inner, text.empty()) + inner +
            print_value(argument);
  }
  return "(" + text + "\n" + std::string(indent) + ")";
}

std::string block(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += item + "\n";
  return items.empty() ? "" : " {\n" + text + "}";
}

std::string print_fields(const NamedType& type) {
  std::vector<std::string> fields;
  for (const auto& field : type.fields) {
    fields.push_back(print_description(field.description, "  ", fields.empty()) + "  " +
                     field.name + print_arguments(field.arguments, "  ") + ": " +
                     to_string(field.type) + print_deprecation(field.deprecation_reason));
  }
  return block(fields);
}

std::string names(const std::vector<const NamedType*>& types, std::string_view before,
                  std::string_view between) {
  std::string text;
  for (const auto* type : types) text += std::string(text.empty() ? before : between) + type->name;
  return text;
}

std::string print_type(const NamedType& type) {
  const std::string description = print_description(type.description);
  switch (type.kind) {
    case TypeKind::scalar:
      return description + "scalar " + type.name +
             (type.specified_by_url
                  ? " @specifiedBy(url: " + print_string(*type.specified_by_url) + ")"
                  : "");
    case TypeKind::object:
      return description + "type " + type.name + names(type.interfaces, " implements ", " & ") +
             print_fields(type);
    case TypeKind::interface:
      return description + "interface " + type.name +
             names(type.interfaces, " implements ", " & ") + print_fields(type);
    case TypeKind::union_type:
      return description + "union " + type.name + names(type.possible_types, " = ", " | ");
    case TypeKind::enumeration: {
      std::vector<std::string> values;
      for (const auto& value : type.enum_values) {
        values.push_back(print_description(value.description, "  ", values.empty()) + "  " +
                         value.name + print_deprecation(value.deprecation_reason));
      }
      return description + "enum " + type.name + block(values);
    }
    case TypeKind::input_object: {
      std::vector<std::string> fields;
      for (const auto& field : type.input_fields) {
        fields.push_back(print_description(field.description, "  ", fields.empty()) + "  " +
                         print_value(field));
      }
      return description + "input " + type.name + (type.is_one_of ? " @oneOf" : "") + block(fields);
    }
  }
  return "";
}

std::string print_directive(const DirectiveType& directive) {
  std::string text = print_description(directive.description) + "directive @" + directive.name +
                     print_arguments(directive.arguments, "") +
                     (directive.is_repeatable ? " repeatable" : "") + " on ";
  for (std::size_t i = 0; i < directive.locations.size(); ++i)
    text += (i > 0 ? " | " : "") + directive.locations[i];
  return text;
}

// Left out where the roots have the names that they have without it.
std::string print_roots(const Schema& schema) {
  constexpr std::string_view usual[] = {"Query", "Mutation", "Subscription"};
  bool as_usual = !schema.description();
  std::string text;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto operation = static_cast<ast::OperationKind>(i);
    const NamedType* root = schema.root(operation);
    if (root == nullptr) continue;
    as_usual = as_usual && root->name == usual[i];
    text += "  " + std::string(to_string(operation)) + ": " + root->name + "\n";
  }
  return as_usual ? "" : print_description(schema.description()) + "schema {\n" + text + "}";
}

bool is_whole_number(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  return !digits.empty() && (digits == "0" || digits[0] != '0') &&
         std::all_of(digits.begin(), digits.end(), is_digit);
}

std::string print_leaf(const json::value& value, const NamedType& type) {
  if (const auto* text = value.if_string()) {
    const std::string_view view(*text);
    if (type.kind == TypeKind::enumeration || (type.name == "ID" && is_whole_number(view)))
      return std::string(view);
    return print_string(view);
  }
  if (const auto* array = value.if_array()) {
    std::string text;
    for (const auto& item : *array) text += (text.empty() ? "" : ", ") + print_leaf(item, type);
    return "[" + text + "]";
  }
  if (const auto* object = value.if_object()) {
    std::string text;
    for (const auto& member : *object) {
      text += (text.empty() ? "" : ", ") + std::string(member.key()) + ": " +
              print_leaf(member.value(), type);
    }
    return "{" + text + "}";
  }
  return write_json(value);
}

}  // namespace

std::string print_input_value(const json::value& value, TypeRef type) {
  if (value.is_null()) return "null";
  type = type.nullable();
  std::string text;
  if (type.wrappers.is_list()) {
    const auto* items = value.if_array();
    if (items == nullptr) return print_input_value(value, type.inner());
    for (const auto& item : *items)
      text += (text.empty() ? "" : ", ") + print_input_value(item, type.inner());
    return "[" + text + "]";
  }
  if (type.named->kind != TypeKind::input_object || !value.is_object())
    return print_leaf(value, *type.named);
  for (const auto& field : type.named->input_fields) {
    const auto* member = value.get_object().if_contains(field.name);
    if (member != nullptr)
      text +=
          (text.empty() ? "" : ", ") + field.name + ": " + print_input_value(*member, field.type);
  }
  return "{" + text + "}";
}

std::string print_schema(const Schema& schema) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : "\n\n") + part;
  };
  add(print_roots(schema));
  for (const auto& directive : schema.directives()) {
    if (!directive->is_builtin) add(print_directive(*directive));
  }
  for (const auto& type : schema.types()) {
    if (!type->is_builtin) add(print_type(*type));
  }
  return text;
}

}  // namespace dth::graphql

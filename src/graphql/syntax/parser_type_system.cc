// Definitions and extensions of types, directives and the schema (section 3 of the specification).
#include <algorithm>
#include <array>

#include "graphql/syntax/directive_locations.h"
#include "graphql/syntax/parser_state.h"

namespace dth::graphql {
namespace {

using ast::DefinitionKind;

DefinitionKind kind_of(std::string_view keyword) {
  if (keyword == "schema") return DefinitionKind::schema;
  if (keyword == "scalar") return DefinitionKind::scalar;
  if (keyword == "type") return DefinitionKind::object;
  if (keyword == "interface") return DefinitionKind::interface;
  if (keyword == "union") return DefinitionKind::union_type;
  if (keyword == "enum") return DefinitionKind::enumeration;
  if (keyword == "input") return DefinitionKind::input_object;
  return DefinitionKind::directive;
}

// An extension has to add something.
bool adds_nothing(const ast::Definition& extension) {
  return extension.directives.empty() && extension.operation_types.empty() &&
         extension.interfaces.empty() && extension.fields.empty() &&
         extension.input_fields.empty() && extension.members.empty() &&
         extension.enum_values.empty();
}

}  // namespace

ast::Definition Parser::parse_type_system_definition(std::string_view keyword, bool is_extension) {
  ast::Definition definition;
  definition.offset = token_.start;
  definition.kind = kind_of(keyword);
  definition.is_extension = is_extension;
  if (is_extension) {
    expect_keyword("extend");
  } else {
    definition.description = parse_description();
  }
  expect_keyword(keyword);
  if (definition.kind == DefinitionKind::directive) {
    parse_directive_body(&definition);
  } else {
    parse_type_body(&definition);
  }
  if (is_extension && adds_nothing(definition)) unexpected(token_);
  return definition;
}

void Parser::parse_type_body(ast::Definition* definition) {
  const DefinitionKind kind = definition->kind;
  const bool has_fields = kind == DefinitionKind::object || kind == DefinitionKind::interface;
  if (kind != DefinitionKind::schema) definition->name = parse_name();
  if (has_fields && expect_optional_keyword("implements")) {
    definition->interfaces = delimited_names(TokenKind::ampersand, &Parser::parse_name);
  }
  definition->directives = parse_directives<true>();
  if (kind == DefinitionKind::schema) {
    if (!definition->is_extension || peek(TokenKind::brace_left)) {
      definition->operation_types =
          many(TokenKind::brace_left, &Parser::parse_operation_type, TokenKind::brace_right);
    }
  } else if (has_fields) {
    definition->fields = optional_many(TokenKind::brace_left, &Parser::parse_field_definition,
                                       TokenKind::brace_right);
  } else if (kind == DefinitionKind::union_type) {
    if (expect_optional(TokenKind::equals)) {
      definition->members = delimited_names(TokenKind::pipe, &Parser::parse_name);
    }
  } else if (kind == DefinitionKind::enumeration) {
    definition->enum_values =
        optional_many(TokenKind::brace_left, &Parser::parse_enum_value, TokenKind::brace_right);
  } else if (kind == DefinitionKind::input_object) {
    definition->input_fields =
        optional_many(TokenKind::brace_left, &Parser::parse_input_value, TokenKind::brace_right);
  }
}

void Parser::parse_directive_body(ast::Definition* definition) {
  expect(TokenKind::at);
  definition->name = parse_name();
  definition->input_fields =
      optional_many(TokenKind::paren_left, &Parser::parse_input_value, TokenKind::paren_right);
  definition->is_repeatable = expect_optional_keyword("repeatable");
  expect_keyword("on");
  definition->locations = delimited_names(TokenKind::pipe, &Parser::parse_directive_location);
}

ast::Definition Parser::parse_extension() {
  const Token keyword = lookahead();
  if (failed()) return {};
  for (const std::string_view known :
       {"schema", "scalar", "type", "interface", "union", "enum", "input"}) {
    if (keyword.kind == TokenKind::name && keyword.text == known)
      return parse_type_system_definition(known, true);
  }
  unexpected(keyword);
  return {};
}

ast::OperationTypeDefinition Parser::parse_operation_type() {
  ast::OperationTypeDefinition type;
  type.offset = token_.start;
  type.operation = parse_operation_kind();
  expect(TokenKind::colon);
  type.type = parse_name();
  return type;
}

ast::FieldDefinition Parser::parse_field_definition() {
  ast::FieldDefinition field;
  field.offset = token_.start;
  field.description = parse_description();
  field.name = parse_name();
  field.arguments =
      optional_many(TokenKind::paren_left, &Parser::parse_input_value, TokenKind::paren_right);
  expect(TokenKind::colon);
  field.type = parse_type();
  field.directives = parse_directives<true>();
  return field;
}

ast::InputValueDefinition Parser::parse_input_value() {
  ast::InputValueDefinition value;
  value.offset = token_.start;
  value.description = parse_description();
  value.name = parse_name();
  expect(TokenKind::colon);
  value.type = parse_type();
  value.default_value = parse_default_value();
  value.directives = parse_directives<true>();
  return value;
}

ast::EnumValueDefinition Parser::parse_enum_value() {
  ast::EnumValueDefinition value;
  value.offset = token_.start;
  value.description = parse_description();
  if (token_.text == "true" || token_.text == "false" || token_.text == "null") {
    fail(token_, describe(token_) + " is reserved and cannot be used for an enum value.");
    return value;
  }
  value.name = parse_name();
  value.directives = parse_directives<true>();
  return value;
}

ast::Name Parser::parse_directive_location() {
  const Token token = token_;
  const ast::Name name = parse_name();
  if (!failed() && !is_directive_location(name.text)) unexpected(token);
  return name;
}

}  // namespace dth::graphql

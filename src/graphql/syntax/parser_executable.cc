// Operations, fragments and selections (sections 2.2 to 2.8 of the specification).
#include "graphql/syntax/parser_state.h"

namespace dth::graphql {

ast::Definition Parser::parse_operation() {
  ast::Definition operation;
  operation.offset = token_.start;
  if (peek(TokenKind::brace_left)) {
    operation.is_shorthand = true;
    operation.selections = parse_selections();
    return operation;
  }
  operation.description = parse_description();
  operation.operation = parse_operation_kind();
  if (peek(TokenKind::name)) operation.name = parse_name();
  operation.variables = optional_many(TokenKind::paren_left, &Parser::parse_variable_definition,
                                      TokenKind::paren_right);
  operation.directives = parse_directives<false>();
  operation.selections = parse_selections();
  return operation;
}

ast::OperationKind Parser::parse_operation_kind() {
  const Token token = expect(TokenKind::name);
  if (token.text == "query") return ast::OperationKind::query;
  if (token.text == "mutation") return ast::OperationKind::mutation;
  if (token.text == "subscription") return ast::OperationKind::subscription;
  unexpected(token);
  return ast::OperationKind::query;
}

ast::VariableDefinition Parser::parse_variable_definition() {
  ast::VariableDefinition variable;
  variable.offset = token_.start;
  variable.description = parse_description();
  const Token dollar = expect(TokenKind::dollar);
  variable.name = parse_name();
  variable.name.offset = dollar.start;
  expect(TokenKind::colon);
  variable.type = parse_type();
  variable.default_value = parse_default_value();
  variable.directives = parse_directives<true>();
  return variable;
}

ast::SelectionSet Parser::parse_selections() {
  const Level level(*this);
  ast::SelectionSet set;
  set.offset = token_.start;
  set.items = many(TokenKind::brace_left, &Parser::parse_selection, TokenKind::brace_right);
  return set;
}

ast::Selection Parser::parse_selection() {
  return peek(TokenKind::spread) ? parse_spread() : parse_field();
}

ast::Selection Parser::parse_field() {
  ast::Selection field;
  field.offset = token_.start;
  field.name = parse_name();
  if (expect_optional(TokenKind::colon)) {
    field.alias = field.name;
    field.name = parse_name();
  }
  field.arguments =
      optional_many(TokenKind::paren_left, &Parser::parse_argument<false>, TokenKind::paren_right);
  field.directives = parse_directives<false>();
  if (peek(TokenKind::brace_left)) field.selections = parse_selections();
  return field;
}

ast::Selection Parser::parse_spread() {
  ast::Selection spread;
  spread.offset = token_.start;
  expect(TokenKind::spread);
  const bool has_type_condition = expect_optional_keyword("on");
  if (!has_type_condition && peek(TokenKind::name)) {
    spread.kind = ast::SelectionKind::fragment_spread;
    spread.name = parse_fragment_name();
    spread.directives = parse_directives<false>();
    return spread;
  }
  spread.kind = ast::SelectionKind::inline_fragment;
  if (has_type_condition) spread.type_condition = parse_name();
  spread.directives = parse_directives<false>();
  spread.selections = parse_selections();
  return spread;
}

ast::Definition Parser::parse_fragment() {
  ast::Definition fragment;
  fragment.kind = ast::DefinitionKind::fragment;
  fragment.offset = token_.start;
  fragment.description = parse_description();
  expect_keyword("fragment");
  fragment.name = parse_fragment_name();
  expect_keyword("on");
  fragment.type_condition = parse_name();
  fragment.directives = parse_directives<false>();
  fragment.selections = parse_selections();
  return fragment;
}

ast::Name Parser::parse_fragment_name() {
  if (token_.text == "on") unexpected(token_);
  return parse_name();
}

}  // namespace dth::graphql

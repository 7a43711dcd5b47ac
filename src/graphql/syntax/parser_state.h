#pragma once

#include <utility>

#include "graphql/syntax/lexer.h"
#include "graphql/syntax/parser.h"

namespace dth::graphql {

// A recursive descent parser of both grammars. After the first error every token is <EOF>, so that
// all productions come to their end; what they return then is thrown away.
class Parser {
 public:
  Parser(Document& document, const ParseOptions& options)
      : document_(document),
        lexer_(document, options.tokens_max),
        depth_max_(options.syntax_depth_max) {}

  // The whole document, into its definitions.
  void parse_document();

  const std::optional<Lexer::Failure>& failure() const { return lexer_.failure(); }

 private:
  // Tokens (parser.cc).
  void advance();
  const Token& lookahead();
  bool peek(TokenKind kind) const { return token_.kind == kind; }
  bool peek_keyword(std::string_view word) const {
    return peek(TokenKind::name) && token_.text == word;
  }
  Token expect(TokenKind kind);
  bool expect_optional(TokenKind kind);
  void expect_keyword(std::string_view word);
  bool expect_optional_keyword(std::string_view word);
  void fail(const Token& at, std::string message);
  void unexpected(const Token& token);
  bool failed() const { return lexer_.failure().has_value(); }
  // Lists between two tokens, not empty; optional_many() may be missing as a whole; any() may be
  // empty.
  template <class T>
  List<T> many(TokenKind open, T (Parser::*item)(), TokenKind close);
  template <class T>
  List<T> optional_many(TokenKind open, T (Parser::*item)(), TokenKind close);
  template <class T>
  List<T> any(TokenKind open, T (Parser::*item)(), TokenKind close);
  // With an optional delimiter in front.
  List<ast::Name> delimited_names(TokenKind delimiter, ast::Name (Parser::*item)());
  // Counts one level of nesting for as long as it lives.
  class Level {
   public:
    explicit Level(Parser& parser);
    ~Level() { --parser_.depth_; }

   private:
    Parser& parser_;
  };

  // What both grammars share (parser.cc).
  ast::Definition parse_definition();
  ast::Name parse_name();
  template <bool is_constant>
  ast::Value parse_value();
  template <bool is_constant>
  ast::ObjectField parse_object_field();
  template <bool is_constant>
  ast::Argument parse_argument();
  template <bool is_constant>
  List<ast::Directive> parse_directives();
  ast::Value parse_string();
  ast::Value reject_variable();
  ast::TypeReference parse_type();
  bool peek_description() const { return peek(TokenKind::string) || peek(TokenKind::block_string); }
  const ast::Value* parse_description();
  const ast::Value* parse_default_value();

  // Executable documents (parser_executable.cc).
  ast::Definition parse_operation();
  ast::OperationKind parse_operation_kind();
  ast::VariableDefinition parse_variable_definition();
  ast::SelectionSet parse_selections();
  ast::Selection parse_selection();
  ast::Selection parse_field();
  ast::Selection parse_spread();
  ast::Definition parse_fragment();
  ast::Name parse_fragment_name();

  // The type system (parser_type_system.cc).
  ast::Definition parse_type_system_definition(std::string_view keyword, bool is_extension);
  void parse_type_body(ast::Definition* definition);
  ast::Definition parse_extension();
  ast::OperationTypeDefinition parse_operation_type();
  ast::FieldDefinition parse_field_definition();
  ast::InputValueDefinition parse_input_value();
  ast::EnumValueDefinition parse_enum_value();
  ast::Name parse_directive_location();
  void parse_directive_body(ast::Definition* definition);

  Document& document_;
  Lexer lexer_;
  Token token_;
  std::optional<Token> lookahead_;
  std::size_t depth_ = 0;
  std::size_t depth_max_;
};

template <class T>
List<T> Parser::many(TokenKind open, T (Parser::*item)(), TokenKind close) {
  expect(open);
  std::vector<T> items;
  do {
    items.push_back((this->*item)());
  } while (!failed() && !expect_optional(close));
  return document_.keep(items);
}

template <class T>
List<T> Parser::optional_many(TokenKind open, T (Parser::*item)(), TokenKind close) {
  if (!peek(open)) return {};
  return many(open, item, close);
}

template <class T>
List<T> Parser::any(TokenKind open, T (Parser::*item)(), TokenKind close) {
  expect(open);
  std::vector<T> items;
  while (!failed() && !expect_optional(close)) items.push_back((this->*item)());
  return document_.keep(items);
}

template <bool is_constant>
ast::Argument Parser::parse_argument() {
  ast::Argument argument;
  argument.name = parse_name();
  expect(TokenKind::colon);
  argument.value = parse_value<is_constant>();
  return argument;
}

template <bool is_constant>
ast::ObjectField Parser::parse_object_field() {
  const auto argument = parse_argument<is_constant>();
  return {argument.name, argument.value};
}

template <bool is_constant>
List<ast::Directive> Parser::parse_directives() {
  std::vector<ast::Directive> directives;
  while (peek(TokenKind::at)) {
    ast::Directive directive;
    directive.offset = token_.start;
    advance();
    directive.name = parse_name();
    directive.arguments = optional_many(TokenKind::paren_left, &Parser::parse_argument<is_constant>,
                                        TokenKind::paren_right);
    directives.push_back(directive);
  }
  return document_.keep(directives);
}

template <bool is_constant>
ast::Value Parser::parse_value() {
  ast::Value value;
  value.offset = token_.start;
  value.text = token_.text;
  switch (token_.kind) {
    case TokenKind::bracket_left: {
      const Level level(*this);
      value.kind = ast::ValueKind::list;
      value.items =
          any(TokenKind::bracket_left, &Parser::parse_value<is_constant>, TokenKind::bracket_right);
      return value;
    }
    case TokenKind::brace_left: {
      const Level level(*this);
      value.kind = ast::ValueKind::object;
      value.fields = any(TokenKind::brace_left, &Parser::parse_object_field<is_constant>,
                         TokenKind::brace_right);
      return value;
    }
    case TokenKind::integer:
      value.kind = ast::ValueKind::integer;
      break;
    case TokenKind::floating:
      value.kind = ast::ValueKind::floating;
      break;
    case TokenKind::string:
    case TokenKind::block_string:
      return parse_string();
    case TokenKind::name:
      value.kind = value.text == "true" || value.text == "false" ? ast::ValueKind::boolean
                   : value.text == "null"                        ? ast::ValueKind::null
                                                                 : ast::ValueKind::enumeration;
      break;
    case TokenKind::dollar:
      if (is_constant) return reject_variable();
      advance();
      value.kind = ast::ValueKind::variable;
      value.text = parse_name().text;
      return value;
    default:
      unexpected(token_);
      return value;
  }
  advance();
  return value;
}

}  // namespace dth::graphql

#include "graphql/syntax/parser.h"

#include "base/encoding.h"
#include "graphql/syntax/parser_state.h"

namespace dth::graphql {

void Parser::advance() {
  token_ = lookahead_ ? *lookahead_ : lexer_.next();
  lookahead_.reset();
  if (failed()) token_.kind = TokenKind::end;
}

const Token& Parser::lookahead() {
  if (!lookahead_) lookahead_ = lexer_.next();
  return *lookahead_;
}

void Parser::fail(const Token& at, std::string message) {
  lexer_.fail(at.start, std::move(message));
  token_.kind = TokenKind::end;
  lookahead_.reset();
}

void Parser::unexpected(const Token& token) { fail(token, "Unexpected " + describe(token) + "."); }

Token Parser::expect(TokenKind kind) {
  const Token token = token_;
  if (token.kind == kind) {
    advance();
  } else {
    fail(token, "Expected " + describe(kind) + ", found " + describe(token) + ".");
  }
  return token;
}

bool Parser::expect_optional(TokenKind kind) {
  if (!peek(kind)) return false;
  advance();
  return true;
}

void Parser::expect_keyword(std::string_view word) {
  if (expect_optional_keyword(word)) return;
  fail(token_, "Expected \"" + std::string(word) + "\", found " + describe(token_) + ".");
}

bool Parser::expect_optional_keyword(std::string_view word) {
  if (!peek_keyword(word)) return false;
  advance();
  return true;
}

Parser::Level::Level(Parser& parser) : parser_(parser) {
  if (++parser_.depth_ > parser_.depth_max_) {
    parser_.fail(parser_.token_, "Document nests more than " + std::to_string(parser_.depth_max_) +
                                     " levels deep. Ask for less depth, or in several requests.");
  }
}

List<ast::Name> Parser::delimited_names(TokenKind delimiter, ast::Name (Parser::*item)()) {
  expect_optional(delimiter);
  std::vector<ast::Name> names;
  do {
    names.push_back((this->*item)());
  } while (expect_optional(delimiter));
  return document_.keep(names);
}

ast::Name Parser::parse_name() {
  const Token token = expect(TokenKind::name);
  return {token.text, token.start};
}

ast::Value Parser::parse_string() {
  ast::Value value;
  value.kind = ast::ValueKind::string;
  value.is_block = peek(TokenKind::block_string);
  value.offset = token_.start;
  value.text = token_.text;
  advance();
  return value;
}

const ast::Value* Parser::parse_description() {
  return peek_description() ? document_.keep_one(parse_string()) : nullptr;
}

const ast::Value* Parser::parse_default_value() {
  if (!expect_optional(TokenKind::equals)) return nullptr;
  return document_.keep_one(parse_value<true>());
}

ast::Value Parser::reject_variable() {
  const Token dollar = token_;
  advance();
  if (peek(TokenKind::name)) {
    fail(dollar, "Unexpected variable \"$" + std::string(token_.text) + "\" in constant value.");
  } else {
    unexpected(dollar);
  }
  return {};
}

ast::TypeReference Parser::parse_type() {
  ast::TypeReference type;
  const Token start = token_;
  if (expect_optional(TokenKind::bracket_left)) {
    const Level level(*this);
    type = parse_type();
    expect(TokenKind::bracket_right);
    if (type.wrappers.depth() + 2 > Wrappers::depth_max) {
      fail(start, "A type may be a list of lists to a depth of " +
                      std::to_string(Wrappers::depth_max / 2 - 1) + ".");
      return {};
    }
    type.wrappers = type.wrappers.in_list();
  } else {
    type.name = parse_name();
  }
  type.offset = start.start;
  if (expect_optional(TokenKind::bang)) type.wrappers = type.wrappers.in_non_null();
  return type;
}

ast::Definition Parser::parse_definition() {
  if (peek(TokenKind::brace_left)) return parse_operation();
  const bool has_description = peek_description();
  const Token keyword = has_description ? lookahead() : token_;
  if (failed()) return {};
  if (has_description && keyword.kind == TokenKind::brace_left) {
    fail(token_, "Unexpected description, descriptions are not supported on shorthand queries.");
    return {};
  }
  if (keyword.kind == TokenKind::name) {
    const std::string_view word = keyword.text;
    for (const std::string_view known :
         {"schema", "scalar", "type", "interface", "union", "enum", "input", "directive"}) {
      if (word == known) return parse_type_system_definition(known, false);
    }
    if (word == "query" || word == "mutation" || word == "subscription") return parse_operation();
    if (word == "fragment") return parse_fragment();
    if (has_description) {
      fail(token_, "Unexpected description, only GraphQL definitions support descriptions.");
      return {};
    }
    if (word == "extend") return parse_extension();
  }
  unexpected(keyword);
  return {};
}

void Parser::parse_document() {
  std::vector<ast::Definition> definitions;
  advance();
  do {
    definitions.push_back(parse_definition());
  } while (!failed() && !peek(TokenKind::end));
  if (!failed()) document_.definitions = document_.keep(definitions);
}

GraphqlResult<std::shared_ptr<const Document>> parse(std::string source,
                                                     const ParseOptions& options) {
  if (source.size() > options.document_bytes_max) {
    return GraphqlError{"The document has " + std::to_string(source.size()) + " bytes, more than " +
                        std::to_string(options.document_bytes_max) +
                        ". Send values as variables, or split it."};
  }
  if (!is_valid_utf8(source))
    return GraphqlError{"The document is not UTF-8. Encode it so and send it again."};
  auto document = std::make_shared<Document>(std::move(source));
  Parser parser(*document, options);
  parser.parse_document();
  if (const auto& failure = parser.failure()) {
    return GraphqlError{"Syntax Error: " + failure->message, {document->location(failure->offset)}};
  }
  return std::shared_ptr<const Document>(std::move(document));
}

}  // namespace dth::graphql

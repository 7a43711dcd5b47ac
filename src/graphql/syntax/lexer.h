#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "graphql/syntax/document.h"
#include "graphql/syntax/limits.h"

namespace dth::graphql {

enum class TokenKind : std::uint8_t {
  start,
  end,
  bang,
  dollar,
  ampersand,
  paren_left,
  paren_right,
  spread,
  colon,
  equals,
  at,
  bracket_left,
  bracket_right,
  brace_left,
  pipe,
  brace_right,
  name,
  integer,
  floating,
  string,
  block_string,
};

// `"{"`, `Name`, `<EOF>`: how messages call a kind.
std::string describe(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::start;
  std::uint32_t start = 0;
  std::string_view text;  // of names and numbers as written; of strings their value
};

// The kind and, where it has one, its text.
std::string describe(const Token& token);

// Lexical grammar: section 2.1 of the specification. The first error is kept, and from then on all
// tokens are <EOF>, so that a parser needs to look for it only at its end.
class Lexer {
 public:
  Lexer(Document& document, std::size_t tokens_max)
      : document_(document), source_(document.source()), tokens_max_(tokens_max) {}

  Token next();

  struct Failure {
    std::string message;
    std::uint32_t offset = 0;
    ErrorCode code = ErrorCode::invalid_argument;
  };
  const std::optional<Failure>& failure() const { return failure_; }
  // Keeps the first.
  void fail(std::uint32_t offset, std::string message);

 private:
  char at(std::size_t position) const {
    return position < source_.size() ? source_[position] : '\0';
  }
  void skip_ignored();
  Token end_token() const {
    return {TokenKind::end, static_cast<std::uint32_t>(source_.size()), {}};
  }
  Token failed(std::size_t offset, std::string message);
  Token punctuator(TokenKind kind, std::size_t size);
  Token read_name();
  Token read_number();
  bool read_digits();
  Token read_string();
  Token read_block_string();
  bool read_escape(std::string* value);
  bool read_unicode_escape(std::string* value);
  std::string describe_character(std::size_t position) const;
  std::string_view slice(std::size_t position, std::size_t characters) const;

  Document& document_;
  std::string_view source_;
  std::size_t position_ = 0;
  std::size_t tokens_ = 0;
  std::size_t tokens_max_;
  std::optional<Failure> failure_;
};

// The value of a block string from its raw lines: common indent and blank lines at the ends removed
// (section 2.9.4).
std::string dedent_block_string(std::string_view raw);

}  // namespace dth::graphql

#include "graphql/syntax/lexer.h"

#include <array>

#include "graphql/syntax/characters.h"

namespace dth::graphql {
namespace {

constexpr std::array<std::string_view, 21> kind_names = {
    "<SOF>",   "<EOF>", "\"!\"", "\"$\"", "\"&\"", "\"(\"",  "\")\"",
    "\"...\"", "\":\"", "\"=\"", "\"@\"", "\"[\"", "\"]\"",  "\"{\"",
    "\"|\"",   "\"}\"", "Name",  "Int",   "Float", "String", "BlockString",
};

}  // namespace

std::string describe(TokenKind kind) {
  return std::string(kind_names.at(static_cast<std::size_t>(kind)));
}

std::string describe(const Token& token) {
  std::string text = describe(token.kind);
  if (token.kind >= TokenKind::name) text += " \"" + std::string(token.text) + "\"";
  return text;
}

void Lexer::fail(std::uint32_t offset, std::string message) {
  if (!failure_) failure_ = Failure{std::move(message), offset};
}

Token Lexer::failed(std::size_t offset, std::string message) {
  fail(static_cast<std::uint32_t>(offset), std::move(message));
  return end_token();
}

// White space, commas, line ends, comments and byte order marks.
void Lexer::skip_ignored() {
  while (position_ < source_.size()) {
    const char c = source_[position_];
    if (c == ' ' || c == '\t' || c == ',' || c == '\n' || c == '\r') {
      ++position_;
    } else if (c == '#') {
      while (position_ < source_.size() && source_[position_] != '\n' && source_[position_] != '\r')
        ++position_;
    } else if (source_.substr(position_, 3) == "\xEF\xBB\xBF") {
      position_ += 3;
    } else {
      return;
    }
  }
}

std::string Lexer::describe_character(std::size_t position) const {
  if (position >= source_.size()) return "<EOF>";
  const char32_t point = code_point_at(source_, position);
  if (point == U'"') return "'\"'";
  if (point >= 0x20 && point <= 0x7e) return std::string("\"") + static_cast<char>(point) + "\"";
  return "U+" + hexadecimal(point, 4);
}

// The given number of characters from a place on, for messages.
std::string_view Lexer::slice(std::size_t position, std::size_t characters) const {
  std::size_t end = position;
  for (; characters > 0 && end < source_.size(); --characters)
    end += code_point_bytes(source_, end);
  return source_.substr(position, end - position);
}

Token Lexer::punctuator(TokenKind kind, std::size_t size) {
  const auto start = static_cast<std::uint32_t>(position_);
  position_ += size;
  return {kind, start, {}};
}

Token Lexer::next() {
  if (failure_) return end_token();
  skip_ignored();
  if (position_ >= source_.size()) return end_token();
  if (++tokens_ > tokens_max_) {
    auto token = failed(position_, "Document contains more than " + std::to_string(tokens_max_) +
                                       " tokens. Split it into several requests.");
    failure_->code = ErrorCode::invalid_argument;
    return token;
  }
  switch (source_[position_]) {
    case '!':
      return punctuator(TokenKind::bang, 1);
    case '$':
      return punctuator(TokenKind::dollar, 1);
    case '&':
      return punctuator(TokenKind::ampersand, 1);
    case '(':
      return punctuator(TokenKind::paren_left, 1);
    case ')':
      return punctuator(TokenKind::paren_right, 1);
    case ':':
      return punctuator(TokenKind::colon, 1);
    case '=':
      return punctuator(TokenKind::equals, 1);
    case '@':
      return punctuator(TokenKind::at, 1);
    case '[':
      return punctuator(TokenKind::bracket_left, 1);
    case ']':
      return punctuator(TokenKind::bracket_right, 1);
    case '{':
      return punctuator(TokenKind::brace_left, 1);
    case '|':
      return punctuator(TokenKind::pipe, 1);
    case '}':
      return punctuator(TokenKind::brace_right, 1);
    case '.':
      if (at(position_ + 1) == '.' && at(position_ + 2) == '.')
        return punctuator(TokenKind::spread, 3);
      break;
    case '"':
      return at(position_ + 1) == '"' && at(position_ + 2) == '"' ? read_block_string()
                                                                  : read_string();
    case '\'':
      return failed(
          position_,
          "Unexpected single quote character ('), did you mean to use a double quote (\")?");
    default:
      break;
  }
  if (is_digit(source_[position_]) || source_[position_] == '-') return read_number();
  if (is_name_start(source_[position_])) return read_name();
  return failed(position_, "Unexpected character: " + describe_character(position_) + ".");
}

Token Lexer::read_name() {
  const std::size_t start = position_;
  while (position_ < source_.size() && is_name_continue(source_[position_])) ++position_;
  if (position_ - start > name_bytes_max) {
    return failed(start, "A name has " + std::to_string(position_ - start) + " bytes, more than " +
                             std::to_string(name_bytes_max) + ". Use a shorter one.");
  }
  return {TokenKind::name, static_cast<std::uint32_t>(start),
          source_.substr(start, position_ - start)};
}

bool Lexer::read_digits() {
  if (!is_digit(at(position_))) {
    failed(position_,
           "Invalid number, expected digit but got: " + describe_character(position_) + ".");
    return false;
  }
  while (is_digit(at(position_))) ++position_;
  return true;
}

Token Lexer::read_number() {
  const std::size_t start = position_;
  TokenKind kind = TokenKind::integer;
  if (at(position_) == '-') ++position_;
  if (at(position_) == '0') {
    ++position_;
    if (is_digit(at(position_))) {
      return failed(position_, "Invalid number, unexpected digit after 0: " +
                                   describe_character(position_) + ".");
    }
  } else if (!read_digits()) {
    return end_token();
  }
  if (at(position_) == '.') {
    kind = TokenKind::floating;
    ++position_;
    if (!read_digits()) return end_token();
  }
  if (at(position_) == 'e' || at(position_) == 'E') {
    kind = TokenKind::floating;
    ++position_;
    if (at(position_) == '+' || at(position_) == '-') ++position_;
    if (!read_digits()) return end_token();
  }
  if (at(position_) == '.' || is_name_start(at(position_))) {
    return failed(position_,
                  "Invalid number, expected digit but got: " + describe_character(position_) + ".");
  }
  return {kind, static_cast<std::uint32_t>(start), source_.substr(start, position_ - start)};
}

}  // namespace dth::graphql

#include "graphql/syntax/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graphql/syntax/lexer.h"

namespace dth::graphql {
namespace {

std::string refusal(const std::string& text, const ParseOptions& options = {}) {
  auto document = parse(text, options);
  if (document) return "parsed";
  const auto& error = document.error();
  std::string where;
  for (const auto& l : error.locations)
    where += std::to_string(l.line) + ":" + std::to_string(l.column) + " ";
  return where + error.message;
}

std::string printed(const std::string& text) {
  auto document = parse(text);
  return document ? print(**document) : document.error().message;
}

std::string value_of(const std::string& literal) {
  auto document = parse("{ f(x: " + literal + ") }");
  if (!document) return document.error().message;
  return std::string((*document)->definitions[0].selections.items[0].arguments[0].value.text);
}

TEST(Lexer, StringsWithEscapes) {
  EXPECT_EQ(value_of(R"("a\"\\\/\b\f\n\r\tz")"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(value_of(R"("\u00e9\u{1F600}\uD83D\uDE00")"), "é😀😀");
  EXPECT_EQ(value_of("\"é😀\""), "é😀");
}

TEST(Lexer, StringsThatAreWrong) {
  EXPECT_EQ(refusal("{ f(x: \"abc) }"), "1:15 Syntax Error: Unterminated string.");
  EXPECT_EQ(refusal("{ f(x: \"a\nb\") }"), "1:10 Syntax Error: Unterminated string.");
  EXPECT_EQ(refusal(R"({ f(x: "\q") })"),
            R"(1:9 Syntax Error: Invalid character escape sequence: "\q".)");
  EXPECT_EQ(refusal(R"({ f(x: "\uD83D") })"),
            R"(1:9 Syntax Error: Invalid Unicode escape sequence: "\uD83D".)");
  EXPECT_EQ(refusal(R"({ f(x: "\u{110000}") })"),
            R"(1:9 Syntax Error: Invalid Unicode escape sequence: "\u{110000}".)");
  EXPECT_EQ(refusal("{ f(x: 'a') }"),
            "1:8 Syntax Error: Unexpected single quote character ('), did you mean to use a double "
            "quote (\")?");
}

TEST(Lexer, BlockStringsLoseCommonIndentAndBlankEnds) {
  EXPECT_EQ(value_of("\"\"\"\n    one\n      two\n\n    three\n  \"\"\""), "one\n  two\n\nthree");
  EXPECT_EQ(value_of("\"\"\"  one\r\n  two\rthree\"\"\""), "  one\n  two\nthree");
  EXPECT_EQ(value_of(R"("""a \""" b \n""")"), "a \"\"\" b \\n");
  EXPECT_EQ(dedent_block_string("\n \n"), "");
}

TEST(Lexer, Numbers) {
  for (const char* number : {"0", "-0", "12", "1.5", "-1.5e10", "1E+2", "0.0"})
    EXPECT_EQ(value_of(number), number);
  EXPECT_EQ(refusal("{ f(x: 01) }"),
            "1:9 Syntax Error: Invalid number, unexpected digit after 0: \"1\".");
  EXPECT_EQ(refusal("{ f(x: 1.) }"),
            "1:10 Syntax Error: Invalid number, expected digit but got: \")\".");
  EXPECT_EQ(refusal("{ f(x: 1a) }"),
            "1:9 Syntax Error: Invalid number, expected digit but got: \"a\".");
  EXPECT_EQ(refusal("{ f(x: 1.2.3) }"),
            "1:11 Syntax Error: Invalid number, expected digit but got: \".\".");
  EXPECT_EQ(refusal("{ f(x: -"),
            "1:9 Syntax Error: Invalid number, expected digit but got: <EOF>.");
}

TEST(Lexer, CharactersThatBeginNoToken) {
  EXPECT_EQ(refusal("{ ? }"), "1:3 Syntax Error: Unexpected character: \"?\".");
  EXPECT_EQ(refusal("{ .. }"), "1:3 Syntax Error: Unexpected character: \".\".");
  EXPECT_EQ(refusal("{ é }"), "1:3 Syntax Error: Unexpected character: U+00E9.");
  EXPECT_EQ(refusal(std::string("{ \0 }", 5)), "1:3 Syntax Error: Unexpected character: U+0000.");
}

TEST(Lexer, ColumnsCountUtf16UnitsAndLinesEndInAnyWay) {
  EXPECT_EQ(refusal("# 😀é\r\n{ \"😀\" }"), "2:3 Syntax Error: Expected Name, found String \"😀\".");
  EXPECT_EQ(refusal("\"😀é\" }"), "1:7 Syntax Error: Unexpected \"}\".");
  EXPECT_EQ(refusal("\r\r\n\n?"), "4:1 Syntax Error: Unexpected character: \"?\".");
}

TEST(Parser, RefusesWhatIsNoDocument) {
  EXPECT_EQ(refusal(""), "1:1 Syntax Error: Unexpected <EOF>.");
  EXPECT_EQ(refusal("{"), "1:2 Syntax Error: Expected Name, found <EOF>.");
  EXPECT_EQ(refusal("{}"), "1:2 Syntax Error: Expected Name, found \"}\".");
  EXPECT_EQ(refusal("notanoperation Foo { field }"),
            "1:1 Syntax Error: Unexpected Name \"notanoperation\".");
  EXPECT_EQ(refusal("{ ...on }"), "1:9 Syntax Error: Expected Name, found \"}\".");
  EXPECT_EQ(refusal("fragment on on on { on }"), "1:10 Syntax Error: Unexpected Name \"on\".");
  EXPECT_EQ(refusal("query Foo($x: Complex = { a: $bar }) { field }"),
            "1:30 Syntax Error: Unexpected variable \"$bar\" in constant value.");
  EXPECT_EQ(refusal("{ field(arg: { a: 1 b }) }"),
            "1:23 Syntax Error: Expected \":\", found \"}\".");
  EXPECT_EQ(refusal("\"d\" { a }"),
            "1:1 Syntax Error: Unexpected description, descriptions are not supported on shorthand "
            "queries.");
  EXPECT_EQ(refusal("\xff"), "The document is not UTF-8. Encode it so and send it again.");
}

TEST(Parser, ExecutableDocumentsComeBack) {
  const std::string text =
      "\"What it does\"\nquery Q(\n\"\"\"of v\"\"\"\n$v: [Int!]! = [1, 2] @a, $w: In = {a: {b: "
      "E}}) @b(c: $v) {\n"
      "  alias: field(x: \"s\", y: 1.5, z: null, t: true) @skip(if: false) {\n    ...F "
      "@include(if: true)\n"
      "    ... on T @c {\n      a\n    }\n    ... {\n      b\n    }\n  }\n}";
  const std::string first = printed(text + " fragment F on T @d { x } subscription { s }");
  EXPECT_EQ(printed(first), first);
  EXPECT_THAT(first, testing::StartsWith("\"What it does\"\nquery Q("));
  EXPECT_THAT(first, testing::HasSubstr(
                         "alias: field(x: \"s\", y: 1.5, z: null, t: true) @skip(if: false) {"));
  EXPECT_THAT(first, testing::EndsWith("subscription {\n  s\n}"));
}

TEST(Parser, TheTypeSystemComesBack) {
  const std::string first = printed(
      "\"d\" schema @a { query: Q mutation: M } extend schema @b extend schema { subscription: S } "
      "scalar X @s extend "
      "scalar X @t "
      "type T implements A & B @x { \"f\" f(\"a\" x: Int = 1 @y): [T!]! @z } extend type T "
      "implements C interface I "
      "implements J { a: Int } "
      "union U = | A | B extend union U = C enum E { A @q B } extend enum E { C } input N { a: Int "
      "= 1 } extend input "
      "N @r "
      "directive @d(a: Int) repeatable on | FIELD | QUERY");
  EXPECT_EQ(printed(first), first);
  EXPECT_THAT(first, testing::HasSubstr("union U = A | B\n\nextend union U = C"));
  EXPECT_THAT(first, testing::EndsWith("directive @d(a: Int) repeatable on FIELD | QUERY"));
}

TEST(Parser, RefusesWhatIsNoTypeSystem) {
  EXPECT_EQ(refusal("extend type Hello"), "1:18 Syntax Error: Unexpected <EOF>.");
  EXPECT_EQ(
      refusal("\"d\" extend type Hello { a: B }"),
      "1:1 Syntax Error: Unexpected description, only GraphQL definitions support descriptions.");
  EXPECT_EQ(refusal("enum E { true }"),
            "1:10 Syntax Error: Name \"true\" is reserved and cannot be used for an enum value.");
  EXPECT_EQ(refusal("union U = |"), "1:12 Syntax Error: Expected Name, found <EOF>.");
  EXPECT_EQ(refusal("type T {}"), "1:9 Syntax Error: Expected Name, found \"}\".");
  EXPECT_EQ(refusal("directive @d on FIELD | WRONG"),
            "1:25 Syntax Error: Unexpected Name \"WRONG\".");
  EXPECT_EQ(refusal("extend operation"), "1:8 Syntax Error: Unexpected Name \"operation\".");
}

TEST(Parser, WhatItTakesIsBounded) {
  EXPECT_EQ(refusal("{ a b c }", {.tokens_max = 5}), "parsed");
  EXPECT_EQ(
      refusal("{ a b c }", {.tokens_max = 4}),
      "1:9 Syntax Error: Document contains more than 4 tokens. Split it into several requests.");
  EXPECT_EQ(refusal("{ a }", {.document_bytes_max = 4}),
            "The document has 5 bytes, more than 4. Send values as variables, or split it.");
  const auto nested = [](std::size_t n, const char* open, const char* close) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += open;
    text += "a";
    for (std::size_t i = 0; i < n; ++i) text += close;
    return text;
  };
  EXPECT_EQ(refusal(nested(64, "{a", "}")), "parsed");
  EXPECT_THAT(refusal(nested(65, "{a", "}")), testing::HasSubstr("nests more than 64 levels deep"));
  EXPECT_THAT(refusal("{a(b:" + nested(4000, "[", "]") + ")}"),
              testing::HasSubstr("nests more than 64 levels deep"));
  EXPECT_THAT(refusal("{a(b:" + nested(1000, "{x:", "}") + ")}"),
              testing::HasSubstr("nests more than 64 levels deep"));
  EXPECT_THAT(refusal("query($v:" + nested(40, "[", "]") + "){a}"),
              testing::HasSubstr("a list of lists to a depth"));
}

TEST(Printer, ALongFieldWithoutArgumentsHasNoBrackets) {
  const std::string name(100, 'f');
  const auto document = parse("{ " + name + ": a }");
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(print(**document), "{\n  " + name + ": a\n}");
}

TEST(Printer, Strings) {
  EXPECT_EQ(print_string("a\"\\\n\x01\x7f é"), "\"a\\\"\\\\\\n\\u0001\\u007F é\"");
  EXPECT_EQ(print_block_string("one"), "\"\"\"one\"\"\"");
  EXPECT_EQ(print_block_string("one\ntwo"), "\"\"\"\none\ntwo\n\"\"\"");
  EXPECT_EQ(print_block_string(" one"), "\"\"\" one\"\"\"");
  EXPECT_EQ(print_block_string("ends in \""), "\"\"\"\nends in \"\n\"\"\"");
  EXPECT_EQ(print_block_string("a \"\"\" b"), "\"\"\"a \\\"\"\" b\"\"\"");
}

TEST(Printer, LongArgumentsTakeLines) {
  const std::string text = printed("{ field(first: \"" + std::string(40, 'x') + "\", second: \"" +
                                   std::string(40, 'y') + "\") }");
  EXPECT_EQ(text, "{\n  field(\n    first: \"" + std::string(40, 'x') + "\"\n    second: \"" +
                      std::string(40, 'y') + "\"\n  )\n}");
}

TEST(Types, WrappersAreTakenApartFromTheOutside) {
  auto document = parse("query ($v: [[Int!]]!) { a }");
  const auto& type = (*document)->definitions[0].variables[0].type;
  EXPECT_TRUE(type.wrappers.is_non_null());
  EXPECT_TRUE(type.wrappers.inner().is_list());
  EXPECT_TRUE(type.wrappers.inner().inner().is_list());
  EXPECT_TRUE(type.wrappers.inner().inner().inner().is_non_null());
  EXPECT_TRUE(type.wrappers.inner().inner().inner().inner().empty());
  EXPECT_EQ(print(type), "[[Int!]]!");
}

}  // namespace
}  // namespace dth::graphql

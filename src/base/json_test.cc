#include <cmath>

#include <gtest/gtest.h>

#include "base/json_reader.h"
#include "base/json_writer.h"

namespace dth {
namespace {

std::string as_string(std::string_view text) {
  std::string out;
  append_json_string(text, &out);
  return out;
}

TEST(JsonWriter, StringsAreEscapedWhereTheyHaveToBe) {
  EXPECT_EQ(as_string("plain é"), "\"plain é\"");
  EXPECT_EQ(as_string("a\"b\\c\n\r\t\b\f\x01"), R"("a\"b\\c\n\r\t\b\f\u0001")");
  EXPECT_EQ(as_string(std::string(20, 'x') + "\x1f"), "\"" + std::string(20, 'x') + "\\u001f\"");
}

TEST(JsonWriter, NumbersAreAsEcmaScriptWritesThem) {
  EXPECT_EQ(number_text(1), "1");
  EXPECT_EQ(number_text(-0.1), "-0.1");
  EXPECT_EQ(number_text(1e21), "1e+21");
  EXPECT_EQ(number_text(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(number_text(1.5e-7), "1.5e-7");
  EXPECT_EQ(number_text(0.000001), "0.000001");
  EXPECT_EQ(number_text(1234.5), "1234.5");
  EXPECT_EQ(number_text(std::nan("")), "null");
}

TEST(JsonWriter, AValueIsReadBackAsItWasWritten) {
  const std::string text =
      R"({"a":[1,-2,18446744073709551615,0.5,true,null],"b":{"c":"\u0001é"},"d":[],"e":{}})";
  EXPECT_EQ(write_json(parse_json(text, "it").value()), text);
}

TEST(JsonReader, WhatIsWrongIsToldWithItsPlaceAndNotWithItsText) {
  EXPECT_EQ(parse_json("", "The body").error().message, "The body is empty, where JSON is wanted");
  EXPECT_EQ(parse_json("{\"secret\":}", "The body").error().message,
            "The body is not JSON: it breaks off or goes wrong after byte 10");
  EXPECT_EQ(parse_json("[1", "it").error().message,
            "it is not JSON: it breaks off or goes wrong after byte 2");
  EXPECT_TRUE(parse_json("1 2", "it").has_error());
  EXPECT_TRUE(parse_json(" [1] \n", "it").has_value());
  EXPECT_TRUE(parse_json(std::string(32, '[') + std::string(32, ']'), "it").has_value());
  EXPECT_EQ(parse_json(std::string(33, '[') + std::string(33, ']'), "it").error().message,
            "it nests more than 32 levels deep");
}

TEST(JsonReader, StringsAreUtf8UnlessAnyBytesAreWanted) {
  EXPECT_TRUE(parse_json("\"\xff\"", "it").has_error());
  EXPECT_EQ(parse_json("\"\xff\"", "it", {.any_bytes = true}).value().as_string(), "\xff");
}

TEST(JsonWriter, WhatTerminalsObeyIsEscapedAndSaysTheSame) {
  const boost::json::value value{
      {"k\xe2\x80\xae", "\x1b[2J \xc2\x9b \xe2\x80\xa8 \x7f \xe2\x82\xac"}};
  const std::string text = write_json(value);
  EXPECT_EQ(text, "{\"k\\u202e\":\"\\u001b[2J \\u009b \\u2028 \\u007f \xe2\x82\xac\"}");
  EXPECT_EQ(boost::json::parse(text), value);
  // What is signed is written as it ever was.
  std::string signed_text;
  append_json_string("\xe2\x80\xa8", &signed_text);
  EXPECT_EQ(signed_text, "\"\xe2\x80\xa8\"");
}

}  // namespace
}  // namespace dth

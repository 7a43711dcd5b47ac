#include "cli/output.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace dth::cli {
namespace {

TEST(Csv, FollowsTheStandard) {
  EXPECT_EQ(to_csv({"a", "", "b c"}), "a,,b c\r\n");
  EXPECT_EQ(to_csv({""}), "\r\n");
  EXPECT_EQ(to_csv({"a,b", "say \"no\"", "two\nlines", "c\rr"}),
            "\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\"c\rr\"\r\n");
}

TEST(Csv, GivesASpreadsheetNoFormula) {
  EXPECT_EQ(to_csv({"=1+1", "+1", "-1", "@a", "\ta", "a=1"}), "'=1+1,'+1,'-1,'@a,'\ta,a=1\r\n");
  EXPECT_EQ(to_csv({"\ra", "=\"x\""}), "\"'\ra\",\"'=\"\"x\"\"\"\r\n");
  EXPECT_EQ(to_csv({"'a"}), "''a\r\n") << "else nobody could tell which apostrophe is ours";
}

TEST(Yaml, NestsMappingsAndLists) {
  const auto value =
      boost::json::parse(R"({"a":1,"b":{"c":"x: y","d":[]},"e":[{"f":null,"g":{"h":true}},2]})");
  EXPECT_EQ(
      to_yaml(value),
      "a: 1\nb:\n  c: \"x: y\"\n  d: []\ne:\n  -\n    f: null\n    g:\n      h: true\n  - 2\n");
  EXPECT_EQ(to_yaml(boost::json::array()), "[]\n");
}

TEST(Table, Aligns) {
  EXPECT_EQ(to_table({"KEY", ">N", "WHY"}, {{"é", "1", "x"}, {"long", "100", ""}}),
            "KEY     N  WHY\né       1  x\nlong  100\n");
}

}  // namespace
}  // namespace dth::cli

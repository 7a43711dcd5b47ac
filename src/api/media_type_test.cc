#include "api/media_type.h"

#include <array>

#include <gtest/gtest.h>

namespace dth::api {
namespace {

constexpr std::array<std::string_view, 2> offered = {"application/json",
                                                     "application/graphql-response+json"};

std::string chosen(std::optional<std::string_view> accept) {
  const auto choice = choose_media_type(accept, offered);
  return choice ? std::string(offered[*choice]) : "none";
}

TEST(MediaType, IsParsedWithItsParameters) {
  const auto type = parse_media_type("Application/JSON; Charset=\"UTF-8\" ;x=\"a;\\\"b\"");
  ASSERT_TRUE(type);
  EXPECT_EQ(type->type, "application/json");
  EXPECT_EQ(type->parameter("charset"), "UTF-8");
  EXPECT_EQ(type->parameter("x"), "a;\"b");
  EXPECT_EQ(type->parameter("y"), "");
  for (const char* bad : {"", "json", "/", "a/", "/b", "a b/c", "a/b c", ";", "a/b/c", "a\x01/b"})
    EXPECT_FALSE(parse_media_type(bad)) << bad;
}

TEST(Accept, TakesJsonWhereNothingIsSaid) {
  EXPECT_EQ(chosen(std::nullopt), "application/json");
  EXPECT_EQ(chosen(""), "application/json");
  EXPECT_EQ(chosen("*/*"), "application/json");
  EXPECT_EQ(chosen("application/*"), "application/json");
}

TEST(Accept, WeightsDecideThenExactnessThenOrder) {
  EXPECT_EQ(chosen("application/graphql-response+json, application/json;q=0.9"),
            "application/graphql-response+json");
  EXPECT_EQ(chosen("application/json;q=0.9, application/graphql-response+json"),
            "application/graphql-response+json");
  EXPECT_EQ(chosen("application/graphql-response+json, application/json"),
            "application/graphql-response+json");
  EXPECT_EQ(chosen("application/json, application/graphql-response+json"), "application/json");
  EXPECT_EQ(chosen("*/*, application/graphql-response+json"), "application/graphql-response+json");
  EXPECT_EQ(chosen("application/graphql-response+json;q=0.001, */*;q=0"),
            "application/graphql-response+json");
  EXPECT_EQ(chosen("*/*, application/json;q=0"), "application/graphql-response+json")
      << "the exact range says no";
  EXPECT_EQ(chosen("application/json; charset=utf-8"), "application/json");
}

TEST(Accept, TakesNothingThatIsNotWanted) {
  EXPECT_EQ(chosen("text/html"), "none");
  EXPECT_EQ(chosen("text/*, application/json;q=0"), "none");
  EXPECT_EQ(chosen("application/json;q=0.0"), "none");
  EXPECT_EQ(chosen("application/json;q=2"), "none") << "that is no weight";
  EXPECT_EQ(chosen("application/json;charset=latin-1"), "none");
  EXPECT_EQ(chosen(",;,;q=1,"), "none");
}

TEST(Accept, IsBounded) {
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "text/x, ";
  EXPECT_EQ(chosen(many + "application/json"), "none");
}

}  // namespace
}  // namespace dth::api

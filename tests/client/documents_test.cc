// What the command line asks a hub, against the schema of the hub.
#include "client/documents.h"

#include <set>

#include <gtest/gtest.h>

#include "api/schema_sdl.h"
#include "graphql/schema/schema.h"
#include "graphql/syntax/parser.h"
#include "graphql/validation/validate.h"

namespace dth::client {
namespace {

using graphql::ast::Definition;

TEST(Documents, FitTheSchema) {
  const auto built = graphql::build_schema(std::string(api::schema_sdl));
  ASSERT_TRUE(built.schema) << built.errors.front().message;
  std::set<std::string_view> texts;
  for (const Document* document : all_documents()) {
    EXPECT_TRUE(texts.insert(document->text).second) << "twice: " << document->root;
    const auto parsed = graphql::parse(std::string(document->text));
    ASSERT_TRUE(parsed.has_value()) << document->text << ": " << parsed.error().message;
    for (const auto& error : graphql::validate(*built.schema, **parsed, {}))
      ADD_FAILURE() << document->text << "\n" << error.message;
  }
}

// A mutation whose answer was lost is sent again only with a key; with a key it must take one.
TEST(Documents, MutationsAreRepeatedByTheirKeys) {
  const std::string_view sdl = api::schema_sdl;
  for (const Document* document : all_documents()) {
    const bool is_mutation = document->text.starts_with("mutation");
    if (!is_mutation) {
      EXPECT_EQ(document->repeats, Repeats::yes) << document->root;
      continue;
    }
    EXPECT_NE(document->repeats, Repeats::yes) << document->root;
    const std::size_t colon = document->text.find("$input: ");
    if (colon == std::string_view::npos) continue;
    const std::string_view rest = document->text.substr(colon + 8);
    const std::string type = "input " + std::string(rest.substr(0, rest.find('!'))) + " {";
    const std::size_t begin = sdl.find(type);
    ASSERT_NE(begin, std::string_view::npos) << type;
    const std::string_view body = sdl.substr(begin, sdl.find("\n}", begin) - begin);
    EXPECT_EQ(body.find("idempotencyKey") != std::string_view::npos,
              document->repeats == Repeats::with_key)
        << document->root;
  }
}

}  // namespace
}  // namespace dth::client

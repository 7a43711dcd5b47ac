// What holds for schema.graphql as a whole.
#include <set>

#include "api/connection.h"
#include "api/testing/api_fixture.h"
#include "api/user_errors.h"
#include "api/values.h"

namespace dth::api::testing {
namespace {

using graphql::NamedType;
using ::testing::IsEmpty;

// The values of an enum of the schema, in its order.
std::vector<std::string> values_of(const graphql::Schema& schema, std::string_view name) {
  std::vector<std::string> values;
  const NamedType* type = schema.type(name);
  EXPECT_NE(type, nullptr) << name;
  if (type == nullptr) return values;
  for (const auto& value : type->enum_values) values.push_back(value.name);
  return values;
}

// The words of a C++ enum from its first to its last value.
template <class Enum, class Name>
std::vector<std::string> words_of(Enum last, Name name) {
  std::vector<std::string> words;
  for (int i = 0; i <= static_cast<int>(last); ++i)
    words.push_back(std::string(name(static_cast<Enum>(i))));
  return words;
}

bool is_sentence(const std::optional<std::string>& text) {
  return text && text->size() > 3 && text->back() == '.' &&
         !(text->front() >= 'a' && text->front() <= 'z');
}

TEST_F(ApiTest, EverythingInTheSchemaIsDescribedInSentences) {
  std::vector<std::string> faults;
  const auto check = [&](const std::string& where, const std::optional<std::string>& description) {
    if (!is_sentence(description)) faults.push_back(where + ": " + description.value_or("nothing"));
  };
  const auto check_values = [&](const std::string& where, const auto& values) {
    for (const auto& value : values) check(where + "." + value.name, value.description);
  };
  for (const auto& type : engine_->schema().types()) {
    if (type->is_builtin) continue;
    check(type->name, type->description);
    for (const auto& field : type->fields) {
      check(type->name + "." + field.name, field.description);
      check_values(type->name + "." + field.name, field.arguments);
    }
    check_values(type->name, type->enum_values);
    check_values(type->name, type->input_fields);
  }
  for (const auto& directive : engine_->schema().directives()) {
    if (directive->is_builtin) continue;
    check("@" + directive->name, directive->description);
    check_values("@" + directive->name, directive->arguments);
  }
  EXPECT_THAT(faults, IsEmpty());
}

TEST_F(ApiTest, NumbersOf64BitsAreBigIntsAndPagesHaveARange) {
  EXPECT_EQ(engine_->schema().type("Long"), nullptr);
  for (const auto& type : engine_->schema().types()) {
    for (const auto& field : type->fields) {
      const graphql::InputValue* first = field.argument("first");
      if (first == nullptr) continue;
      if (field.name == "browse") continue;  // a page of a store, which has its own
      ASSERT_TRUE(first->range) << type->name << "." << field.name;
      EXPECT_EQ(first->range->max, page_items_max) << type->name << "." << field.name;
    }
  }
}

TEST_F(ApiTest, ConnectionsHaveWhatClientsOfRelayExpect) {
  for (const auto& type : engine_->schema().types()) {
    if (!type->name.ends_with("Connection")) continue;
    for (const char* field : {"edges", "nodes", "pageInfo"})
      EXPECT_NE(type->field(field), nullptr) << type->name << "." << field;
  }
  for (const char* field : {"hasNextPage", "hasPreviousPage", "startCursor", "endCursor"})
    EXPECT_NE(engine_->schema().type("PageInfo")->field(field), nullptr) << field;
}

TEST_F(ApiTest, CodesOfTheSchemaAreThoseOfTheProgram) {
  const auto& schema = engine_->schema();
  EXPECT_EQ(values_of(schema, "ErrorCode"), words_of(ErrorCode::internal, graphql::public_code));
  EXPECT_EQ(values_of(schema, "FailureCode"), words_of(ErrorCode::internal, [](ErrorCode code) {
              return enum_name(to_string(code));
            }));
  auto reasons = words_of(ErrorReason::state_full,
                          [](ErrorReason reason) { return enum_name(to_string(reason)); });
  reasons.erase(reasons.begin());  // unspecified: null
  EXPECT_EQ(values_of(schema, "FailureReason"), reasons);
  EXPECT_EQ(values_of(schema, "UserErrorCode"),
            words_of(UserErrorCode::confirmation_required,
                     [](UserErrorCode code) { return to_string(code); }));
  EXPECT_EQ(values_of(schema, "RunState"),
            words_of(runs::RunStatus::cancelled,
                     [](runs::RunStatus status) { return enum_name(runs::to_string(status)); }));
}

TEST_F(ApiTest, NamesOfEnumValuesAreInCapitals) {
  for (const auto& type : engine_->schema().types()) {
    for (const auto& value : type->enum_values)
      EXPECT_EQ(value.name, enum_name(enum_word(value.name))) << type->name;
  }
}

}  // namespace
}  // namespace dth::api::testing

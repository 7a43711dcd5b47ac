#include "state/sqlite/migrations.h"

#include <array>

#include "state/testing/state_conformance.h"

namespace dth::state::sqlite {
namespace {

constexpr const char* first_script = R"sql(
create table meta (name text primary key, value text not null) without rowid;
insert into meta (name, value) values ('product', 'dth');
create table animal (name text not null);
)sql";
constexpr const char* second_script = R"sql(
alter table animal add column legs integer not null default 4;
)sql";
constexpr const char* third_script = R"sql(
alter table animal rename column legs to feet;
)sql";
constexpr const char* wrong_script = R"sql(
alter table animal add column wings integer not null default 0;
alter table plant add column leaves integer;
)sql";

// The fifth version is the first that was released.
template <std::size_t n>
Migrations from_five(const std::array<const char*, n>& scripts) {
  return {.first = 5, .scripts = scripts};
}

class MigrationsTest : public ::testing::Test {
 protected:
  std::int64_t number(std::string_view sql) {
    Query query = database_->query(sql);
    return query.next() ? query.integer(0) : -1;
  }

  std::unique_ptr<Database> database_ = Database::open(":memory:").value();
};

TEST_F(MigrationsTest, EmptyDatabaseBecomesTheNewestVersion) {
  const std::array scripts = {first_script, second_script, third_script};
  const Migrations known = from_five(scripts);
  EXPECT_EQ(read_schema_version(*database_, known).value(), 0);
  ASSERT_OK(migrate(*database_, known));
  EXPECT_EQ(read_schema_version(*database_, known).value(), 7);
  EXPECT_EQ(number("select count(feet) from animal"), 0);
}

TEST_F(MigrationsTest, OlderVersionIsBroughtUpToDateAndKeepsItsRows) {
  const std::array scripts = {first_script, second_script, third_script};
  ASSERT_OK(migrate(*database_, {.first = 5, .scripts = std::span(scripts).first(1)}));
  database_->run("insert into animal (name) values ('horse')");
  const Migrations known = from_five(scripts);
  EXPECT_EQ(read_schema_version(*database_, known).value(), 5);
  ASSERT_OK(migrate(*database_, known));
  EXPECT_EQ(read_schema_version(*database_, known).value(), 7);
  EXPECT_EQ(number("select feet from animal where name = 'horse'"), 4);
}

TEST_F(MigrationsTest, NewestVersionIsLeftAsItIs) {
  const std::array scripts = {first_script, second_script};
  const Migrations known = from_five(scripts);
  ASSERT_OK(migrate(*database_, known));
  const std::int64_t schema = number("pragma schema_version");
  ASSERT_OK(migrate(*database_, known));
  EXPECT_EQ(number("pragma schema_version"), schema);
}

TEST_F(MigrationsTest, ScriptThatFailsChangesNothing) {
  const std::array scripts = {first_script, second_script, wrong_script};
  ASSERT_OK(migrate(*database_, {.first = 5, .scripts = std::span(scripts).first(1)}));
  EXPECT_CODE(migrate(*database_, from_five(scripts)), internal);
  EXPECT_EQ(read_schema_version(*database_, from_five(scripts)).value(), 5);
  EXPECT_EQ(number("select count(*) from pragma_table_info('animal')"), 1);
}

TEST_F(MigrationsTest, VersionsOnBothSidesOfTheKnownOnesAreRefused) {
  const std::array scripts = {first_script, second_script};
  const Migrations known = from_five(scripts);
  ASSERT_OK(migrate(*database_, known));
  for (const int version : {1, 4, 7, 99}) {
    database_->run("update meta set value = ? where name = 'schema_version'", version);
    EXPECT_CODE(read_schema_version(*database_, known), unsupported) << version;
    EXPECT_CODE(migrate(*database_, known), unsupported) << version;
  }
  EXPECT_EQ(number("select value from meta where name = 'schema_version'"), 99);
}

}  // namespace
}  // namespace dth::state::sqlite

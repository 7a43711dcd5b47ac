#include "state/sqlite/migrations.h"

#include "state/sql/schema_version.h"

namespace dth::state::sqlite {

Result<std::int64_t> read_schema_version(Database& database, const Migrations& known) {
  return sql::read_schema_version(database,
                                  "select count(*), coalesce(sum(name = 'meta'), 0) from "
                                  "sqlite_master where type = 'table'",
                                  known);
}

Result<void> migrate(Database& database, const Migrations& known) {
  database.run("begin exclusive");
  auto version = read_schema_version(database, known);
  if (version.has_error()) {
    database.rollback();
    return version.error();
  }
  sql::execute_migrations(database, *version, known);
  database.run("commit");
  auto error = database.take_error();
  database.rollback();
  if (error) return std::move(*error).with_context("bringing the schema up to date");
  return {};
}

}  // namespace dth::state::sqlite

#include "state/postgres/migrations.h"

#include "state/sql/schema_version.h"

namespace dth::state::postgres {

Result<std::int64_t> read_schema_version(Connection& connection, const sql::Migrations& known) {
  return sql::read_schema_version(
      connection,
      "select count(*), count(case when tablename = 'meta' then 1 end) from pg_tables where "
      "schemaname = current_schema()",
      known);
}

Result<void> migrate(Connection& connection, const sql::Migrations& known) {
  // The number stands for this program, and for nothing else. Others may take long.
  connection.run_script("begin");
  connection.lift_time_limits();
  connection.run_script("select pg_advisory_xact_lock(7310579523)");
  if (auto error = connection.take_error()) return std::move(*error);
  auto version = read_schema_version(connection, known);
  if (version.has_error()) {
    connection.rollback();
    return version.error();
  }
  sql::execute_migrations(connection, *version, known);
  connection.commit();
  auto error = connection.take_error();
  connection.rollback();
  if (error) return std::move(*error).with_context("bringing the schema up to date");
  return {};
}

}  // namespace dth::state::postgres

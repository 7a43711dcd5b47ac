#include "state/sql/schema_version.h"

namespace dth::state::sql {
namespace {

Error not_ours(const Database& database) {
  return {ErrorCode::data_corrupted,
          "the database " + database.name() +
              " belongs to another program: name another one for the state",
          {}};
}

Error too_new(const Database& database, std::int64_t version, std::int64_t newest) {
  return {ErrorCode::unsupported,
          "the state " + database.name() + " was made by a newer version of dth (schema " +
              std::to_string(version) + "; this version knows " + std::to_string(newest) +
              " at most): use that version, or name another database",
          {}};
}

Error too_old(const Database& database, std::int64_t version, std::int64_t oldest) {
  return {ErrorCode::unsupported,
          "the state " + database.name() +
              " cannot be opened: an unreleased earlier build of dth made it (schema " +
              std::to_string(version) + "; this version reads " + std::to_string(oldest) +
              " and later). Move it away, with its -wal file if there is one, or give another "
              "state file. A new run skips the objects that were copied already",
          {}};
}

}  // namespace

Result<std::int64_t> read_schema_version(Database& database, std::string_view tables,
                                         const Migrations& known) {
  std::int64_t tables_there = 0, meta_tables = 0, version = 0;
  if (Query query = database.query(tables); query.next()) {
    tables_there = query.integer(0);
    meta_tables = query.integer(1);
  }
  if (auto error = database.take_error()) return *error;
  if (tables_there == 0) return 0;
  if (meta_tables == 0) return not_ours(database);
  if (Query query = database.query(
          "select v.value from meta v, meta p where v.name = 'schema_version' and p.name = "
          "'product' and p.value = 'dth'");
      query.next()) {
    version = query.integer(0);
  }
  // Another program's table of that name need not have these columns.
  if (auto error = database.take_error())
    return error->code == ErrorCode::internal ? not_ours(database) : *error;
  if (version < 1) return not_ours(database);
  if (version < known.first) return too_old(database, version, known.first);
  if (version > known.newest()) return too_new(database, version, known.newest());
  return version;
}

void execute_migrations(Database& database, std::int64_t version, const Migrations& known) {
  for (std::int64_t next = version == 0 ? known.first : version + 1; next <= known.newest();
       ++next) {
    database.run_script(known.scripts[static_cast<std::size_t>(next - known.first)]);
    database.run(
        "insert into meta (name, value) values ('schema_version', ?) on conflict (name) do update "
        "set value = excluded.value",
        std::string_view(std::to_string(next)));
  }
}

Error schema_is_old(const Database& database, std::int64_t version, const Migrations& known,
                    Unchanged why) {
  const std::string unchanged = why == Unchanged::asked
                                    ? "--no-migrate forbids to change it"
                                    : "a command that only reads does not change it";
  return {ErrorCode::unsupported,
          version == 0
              ? "the state " + database.name() + " is empty, and " + unchanged +
                    ": make its tables with `dth database migrate`"
              : "the state " + database.name() + " has schema " + std::to_string(version) +
                    ", this version of dth works with " + std::to_string(known.newest()) +
                    ", and " + unchanged + ": bring it up to date with `dth database migrate`",
          {}};
}

}  // namespace dth::state::sql

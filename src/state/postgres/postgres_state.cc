#include "state/postgres/postgres_state.h"

#include "state/postgres/migrations.h"
#include "state/sql/schema_version.h"

namespace dth::state {

Result<std::unique_ptr<State>> open_postgres_state(const PostgresOptions& options) {
  auto engine = postgres::PostgresState::open(options);
  if (engine.has_error()) return engine.error();
  return std::unique_ptr<State>(std::move(*engine));
}

Result<SchemaStatus> postgres_schema(const PostgresOptions& options) {
  auto connect = postgres::connect_options(options);
  if (connect.has_error()) return connect.error();
  auto connection = postgres::Connection::open(*connect, {});
  if (connection.has_error()) return connection.error();
  auto version = postgres::read_schema_version(**connection);
  if (version.has_error()) return version.error();
  return SchemaStatus{.version = *version, .newest = sql::postgres_migrations().newest()};
}

Result<void> check_postgres_url(const std::string& url) {
  auto parsed = postgres::parse_url(url, postgres::Access::read_write);
  if (parsed.has_error()) return parsed.error();
  return {};
}

namespace postgres {
namespace {

Result<void> prepare_schema(Connection& connection, const PostgresOptions& options) {
  auto version = read_schema_version(connection);
  if (version.has_error()) return version.error();
  const sql::Migrations& known = sql::postgres_migrations();
  if (*version == known.newest()) return {};
  if (options.read_only && *version == 0)
    return Error{ErrorCode::not_found, "there is no state in " + connection.name() + " yet", {}};
  if (options.read_only || !options.migrates)
    return sql::schema_is_old(connection, *version, known,
                              options.migrates ? sql::Unchanged::reads : sql::Unchanged::asked);
  return migrate(connection);
}

}  // namespace

Result<ConnectOptions> connect_options(const PostgresOptions& options) {
  const bool any_will_do = options.read_only && !options.newest;
  auto connect = parse_url(options.url, any_will_do ? Access::read_only : Access::read_write);
  if (connect.has_error() || options.password_file.empty()) return connect;
  auto password = read_password(options.password_file);
  if (password.has_error()) return password.error();
  connect->parameters.emplace_back("password", std::move(*password));
  return connect;
}

Result<std::unique_ptr<PostgresState>> PostgresState::open(const PostgresOptions& options) {
  auto connect = connect_options(options);
  if (connect.has_error()) return connect.error();
  const SessionOptions session{
      .clock = options.takes_callers_time ? ClockSource::caller : ClockSource::database,
      .synchronous = options.synchronous,
      .announced_at = std::make_shared<std::atomic<std::int64_t>>(0)};
  std::unique_ptr<PostgresState> state(new PostgresState(std::move(*connect), session, options));
  auto connection = state->pool_.take();
  if (connection.has_error()) return connection.error();
  if (auto prepared = prepare_schema(**connection, options); prepared.has_error())
    return prepared.error();
  // Connections of processes that ended long ago.
  if (!options.read_only) {
    (*connection)->run("delete from commit_mark where marked_at < now() - interval '1 day'");
    if (auto error = (*connection)->take_error()) return std::move(*error);
  }
  return state;
}

}  // namespace postgres
}  // namespace dth::state

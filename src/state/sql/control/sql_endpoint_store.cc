#include "state/sql/control/sql_endpoint_store.h"

#include "state/sql/conditions.h"
#include "state/sql/control/audit_rows.h"
#include "state/sql/control/endpoint_rows.h"
#include "state/sql/control/label_rows.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {

bool hold_endpoint(Database& database, const std::string& id) {
  return database.query("select 1 from endpoint where id = ? for update", id).next();
}

std::vector<EndpointUser> users_of_endpoint(Database& database, const std::string& id) {
  std::vector<EndpointUser> users;
  Query query = database.query(
      "select id, name from task where source_endpoint = ? or destination_endpoint = ? order by "
      "name, id limit ?",
      id, id, to_limit(endpoint_users_max));
  while (query.next()) users.push_back({"task", query.text(0), query.text(1)});
  return users;
}

std::int64_t count_users_of_endpoint(Database& database, const std::string& id) {
  Query query = database.query(
      "select count(*) from task where source_endpoint = ? or destination_endpoint = ?", id, id);
  return query.next() ? query.integer(0) : 0;
}

namespace {

using Mode = Transactor::Mode;

constexpr std::string_view endpoint_columns =
    "select id, name, kind, vendor, description, options, credential, labels, last_test, "
    "created_at, updated_at, revision from endpoint";

Result<StoredEndpoint> read_endpoint(const Query& query) {
  StoredEndpoint endpoint;
  endpoint.id = query.text(0);
  endpoint.name = query.text(1);
  endpoint.kind = query.text(2);
  endpoint.vendor = query.text(3);
  endpoint.description = query.text(4);
  endpoint.options = query.text(5);
  endpoint.credential = query.text(6);
  auto labels = read_labels(query.text(7), endpoint.id);
  if (labels.has_error()) return labels.error();
  endpoint.labels = std::move(*labels);
  endpoint.last_test = query.text(8);
  endpoint.created_at = query.time(9);
  endpoint.updated_at = query.time(10);
  endpoint.revision = query.integer(11);
  return endpoint;
}

Error no_endpoint(const std::string& id) {
  return {ErrorCode::not_found, "there is no endpoint " + id, {}};
}

// The name is free, and the credential is there and stays until the transaction ends.
Result<void> check_references(Database& database, const StoredEndpoint& endpoint) {
  if (database
          .query("select 1 from endpoint where name = ? and id <> ?", endpoint.name, endpoint.id)
          .next()) {
    return Error{
        ErrorCode::already_exists, "there is an endpoint \"" + endpoint.name + "\" already", {}};
  }
  if (endpoint.credential.empty()) return {};
  if (database.query("select 1 from credential where id = ? for update", endpoint.credential)
          .next())
    return {};
  return Error{ErrorCode::not_found, "there is no credential " + endpoint.credential, {}};
}

Conditions conditions_of(const EndpointFilter& filter) {
  Conditions where;
  where.add_any_of("kind", filter.kinds);
  where.add_contains({"name", "description", "vendor", "options"}, filter.text);
  if (!filter.credential.empty()) where.add("credential = ?", {filter.credential});
  if (filter.label) add_label(where, "labels", *filter.label);
  return where;
}

}  // namespace

Result<void> SqlEndpointStore::create(const StoredEndpoint& endpoint, const AuditEntry& entry) {
  return transactor_.transact(
      Mode::write, "creating an endpoint", [&](Database& database) -> Result<void> {
        if (auto checked = check_references(database, endpoint); checked.has_error())
          return checked.error();
        database.run(
            "insert into endpoint (id, name, kind, vendor, description, options, credential, "
            "labels, last_test, created_at, updated_at, revision) values (?, ?, ?, ?, ?, ?, ?, ?, "
            "?, ?, ?, 1)",
            endpoint.id, endpoint.name, endpoint.kind, endpoint.vendor, endpoint.description,
            endpoint.options, endpoint.credential, labels_text(endpoint.labels), endpoint.last_test,
            endpoint.created_at, endpoint.updated_at);
        append_audit(database, entry);
        return {};
      });
}

Result<void> SqlEndpointStore::replace(const StoredEndpoint& changed, const AuditEntry& entry) {
  return transactor_.transact(
      Mode::write, "changing an endpoint", [&](Database& database) -> Result<void> {
        {
          Query query =
              database.query("select revision from endpoint where id = ? for update", changed.id);
          if (!query.next()) return no_endpoint(changed.id);
          if (query.integer(0) != changed.revision) {
            return Error{ErrorCode::precondition_failed,
                         "somebody else changed the endpoint meanwhile: read it again",
                         {}};
          }
        }
        if (auto checked = check_references(database, changed); checked.has_error())
          return checked.error();
        database.run(
            "update endpoint set name = ?, vendor = ?, description = ?, options = ?, credential = "
            "?, labels = ?, last_test = ?, updated_at = ?, revision = revision + 1 where id = ?",
            changed.name, changed.vendor, changed.description, changed.options, changed.credential,
            labels_text(changed.labels), changed.last_test, changed.updated_at, changed.id);
        append_audit(database, entry);
        return {};
      });
}

Result<std::vector<EndpointUser>> SqlEndpointStore::remove(const std::string& id,
                                                           const AuditEntry& entry) {
  return transactor_.transact(Mode::write, "deleting an endpoint",
                              [&](Database& database) -> Result<std::vector<EndpointUser>> {
                                if (!hold_endpoint(database, id)) return no_endpoint(id);
                                auto users = users_of_endpoint(database, id);
                                if (!users.empty()) return users;
                                database.run("delete from endpoint where id = ?", id);
                                append_audit(database, entry);
                                return users;
                              });
}

Result<StoredEndpoint> SqlEndpointStore::find(const std::string& id) {
  return transactor_.transact(
      Mode::read, "reading an endpoint", [&](Database& database) -> Result<StoredEndpoint> {
        Query query = database.query(std::string(endpoint_columns) + " where id = ?", id);
        if (query.next()) return read_endpoint(query);
        return no_endpoint(id);
      });
}

Result<std::vector<StoredEndpoint>> SqlEndpointStore::list(const EndpointFilter& filter,
                                                           const std::string& after,
                                                           std::size_t count_max) {
  return transactor_.transact(Mode::read, "listing the endpoints",
                              [&](Database& database) -> Result<std::vector<StoredEndpoint>> {
                                Conditions where = conditions_of(filter);
                                if (!after.empty()) where.add("name > ?", {after});
                                Query query =
                                    where.query(database, endpoint_columns, "order by name limit ?",
                                                {to_limit(count_max)});
                                std::vector<StoredEndpoint> all;
                                while (query.next()) {
                                  auto endpoint = read_endpoint(query);
                                  if (endpoint.has_error()) return endpoint.error();
                                  all.push_back(std::move(*endpoint));
                                }
                                return all;
                              });
}

Result<std::int64_t> SqlEndpointStore::count(const EndpointFilter& filter) {
  return transactor_.transact(
      Mode::read, "counting the endpoints", [&](Database& database) -> Result<std::int64_t> {
        Query query = conditions_of(filter).query(database, "select count(*) from endpoint", "");
        return query.next() ? query.integer(0) : 0;
      });
}

Result<std::vector<EndpointUser>> SqlEndpointStore::users(const std::string& id) {
  return transactor_.transact(Mode::read, "asking who uses an endpoint",
                              [&](Database& database) -> Result<std::vector<EndpointUser>> {
                                return users_of_endpoint(database, id);
                              });
}

Result<std::int64_t> SqlEndpointStore::user_count(const std::string& id) {
  return transactor_.transact(Mode::read, "counting who uses an endpoint",
                              [&](Database& database) -> Result<std::int64_t> {
                                return count_users_of_endpoint(database, id);
                              });
}

Result<bool> SqlEndpointStore::keep_test(const std::string& id, std::int64_t revision,
                                         const std::string& test, const AuditEntry& entry) {
  return transactor_.transact(
      Mode::write, "keeping the test of an endpoint", [&](Database& database) -> Result<bool> {
        const auto changed = database.run(
            "update endpoint set last_test = ? where id = ? and revision = ?", test, id, revision);
        append_audit(database, entry);
        return changed > 0;
      });
}

}  // namespace dth::state::sql

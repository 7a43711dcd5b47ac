#include "state/sql/control/sql_credential_store.h"

#include "state/sql/control/audit_rows.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

constexpr std::string_view credential_columns =
    "select id, name, kind, options, base, sealed, sealed_with, created_at, rotated_at, "
    "last_used_at, expires_at, revision from credential";
constexpr std::chrono::minutes use_noted_every{1};

StoredCredential read_credential(const Query& query) {
  StoredCredential credential;
  credential.id = query.text(0);
  credential.name = query.text(1);
  credential.kind = query.text(2);
  credential.options = query.text(3);
  credential.base = query.text(4);
  credential.sealed = query.text(5);
  credential.sealed_with = query.text(6);
  credential.created_at = query.time(7);
  credential.rotated_at = query.time(8);
  if (!query.is_null(9)) credential.last_used_at = query.time(9);
  if (!query.is_null(10)) credential.expires_at = query.time(10);
  credential.revision = query.integer(11);
  return credential;
}

std::vector<StoredCredential> read_all(Query query) {
  std::vector<StoredCredential> all;
  while (query.next()) all.push_back(read_credential(query));
  return all;
}

std::optional<std::int64_t> number_of(const std::optional<TimePoint>& time) {
  if (!time) return std::nullopt;
  return to_microseconds(*time);
}

Error no_credential(const std::string& id) {
  return {ErrorCode::not_found, "there is no credential " + id, {}};
}

// The row stays as it is until the transaction ends, so that nothing is sealed with a key which is
// replaced meanwhile.
bool is_current_key(Database& database, const std::string& key) {
  return database.query("select 1 from vault_key where id = ? and is_current = 1 for update", key)
      .next();
}

Result<void> check_names(Database& database, const StoredCredential& credential) {
  if (database
          .query("select 1 from credential where name = ? and id <> ?", credential.name,
                 credential.id)
          .next()) {
    return Error{
        ErrorCode::already_exists, "there is a credential \"" + credential.name + "\" already", {}};
  }
  if (credential.base.empty()) return {};
  if (database.query("select 1 from credential where id = ?", credential.base).next()) return {};
  return no_credential(credential.base);
}

std::vector<CredentialUser> users_of(Database& database, const std::string& id) {
  std::vector<CredentialUser> users;
  const auto add = [&](std::string_view kind, Query query) {
    while (users.size() < credential_users_max && query.next())
      users.push_back({.kind = std::string(kind), .id = query.text(0), .name = query.text(1)});
  };
  add("credential",
      database.query("select id, name from credential where base = ? order by name limit ?", id,
                     to_signed(credential_users_max)));
  add("endpoint",
      database.query("select id, name from endpoint where credential = ? order by name limit ?", id,
                     to_signed(credential_users_max)));
  // An id is unlike any other text; it has nothing that stands for others but `_`.
  add("run", database.query("select id, id from run where ended_at is null and spec like ? order "
                            "by number desc limit ?",
                            "%" + id + "%", to_signed(credential_users_max)));
  return users;
}

}  // namespace

Result<SealedWrite> SqlCredentialStore::create(const StoredCredential& credential,
                                               const AuditEntry& entry) {
  return transactor_.transact(
      Mode::write, "creating a credential", [&](Database& database) -> Result<SealedWrite> {
        if (!is_current_key(database, credential.sealed_with)) return SealedWrite::key_replaced;
        if (auto checked = check_names(database, credential); checked.has_error())
          return checked.error();
        database.run(
            "insert into credential (id, name, kind, options, base, sealed, sealed_with, "
            "created_at, rotated_at, expires_at, revision) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "1)",
            credential.id, credential.name, credential.kind, credential.options, credential.base,
            Blob{credential.sealed}, credential.sealed_with, credential.created_at,
            credential.rotated_at, number_of(credential.expires_at));
        append_audit(database, entry);
        return SealedWrite::written;
      });
}

Result<SealedWrite> SqlCredentialStore::replace(const StoredCredential& changed,
                                                const AuditEntry& entry) {
  return transactor_.transact(
      Mode::write, "changing a credential", [&](Database& database) -> Result<SealedWrite> {
        if (!is_current_key(database, changed.sealed_with)) return SealedWrite::key_replaced;
        {
          Query query =
              database.query("select revision from credential where id = ? for update", changed.id);
          if (!query.next()) return no_credential(changed.id);
          if (query.integer(0) != changed.revision) {
            return Error{ErrorCode::precondition_failed,
                         "somebody else changed the credential meanwhile: read it again",
                         {}};
          }
        }
        if (auto checked = check_names(database, changed); checked.has_error())
          return checked.error();
        database.run(
            "update credential set name = ?, options = ?, base = ?, sealed = ?, sealed_with = ?, "
            "rotated_at = ?, expires_at = ?, revision = revision + 1 where id = ?",
            changed.name, changed.options, changed.base, Blob{changed.sealed}, changed.sealed_with,
            changed.rotated_at, number_of(changed.expires_at), changed.id);
        append_audit(database, entry);
        return SealedWrite::written;
      });
}

Result<std::vector<CredentialUser>> SqlCredentialStore::remove(const std::string& id,
                                                               const AuditEntry& entry) {
  return transactor_.transact(
      Mode::write, "deleting a credential",
      [&](Database& database) -> Result<std::vector<CredentialUser>> {
        if (!database.query("select 1 from credential where id = ? for update", id).next())
          return no_credential(id);
        auto users = users_of(database, id);
        if (!users.empty()) return users;
        database.run("delete from credential where id = ?", id);
        append_audit(database, entry);
        return users;
      });
}

Result<StoredCredential> SqlCredentialStore::find(const std::string& id) {
  return transactor_.transact(
      Mode::read, "reading a credential", [&](Database& database) -> Result<StoredCredential> {
        Query query = database.query(std::string(credential_columns) + " where id = ?", id);
        if (query.next()) return read_credential(query);
        return no_credential(id);
      });
}

Result<std::vector<StoredCredential>> SqlCredentialStore::list(const std::string& after,
                                                               std::size_t count_max) {
  return transactor_.transact(
      Mode::read, "listing the credentials",
      [&](Database& database) -> Result<std::vector<StoredCredential>> {
        return read_all(database.query(
            std::string(credential_columns) + " where name > ? order by name limit ?", after,
            to_signed(count_max)));
      });
}

Result<std::vector<CredentialUser>> SqlCredentialStore::users(const std::string& id) {
  return transactor_.transact(Mode::read, "asking who uses a credential",
                              [&](Database& database) -> Result<std::vector<CredentialUser>> {
                                return users_of(database, id);
                              });
}

Result<void> SqlCredentialStore::note_used(const std::string& id, TimePoint at) {
  return transactor_.transact(
      Mode::lazy_write, "noting the use of a credential", [&](Database& database) -> Result<void> {
        const TimePoint now = database.now(at);
        {
          Query query = database.query("select last_used_at from credential where id = ?", id);
          if (!query.next()) return {};
          if (!query.is_null(0) && query.time(0) > now - use_noted_every) return {};
        }
        database.run("update credential set last_used_at = ? where id = ?", now, id);
        return {};
      });
}

Result<std::vector<VaultKey>> SqlCredentialStore::keys() {
  return transactor_.transact(
      Mode::read, "reading the master keys",
      [&](Database& database) -> Result<std::vector<VaultKey>> {
        std::vector<VaultKey> keys;
        Query query =
            database.query("select id, envelope from vault_key order by is_current desc, id");
        while (query.next()) keys.push_back({.id = query.text(0), .check = query.text(1)});
        return keys;
      });
}

Result<VaultKey> SqlCredentialStore::begin_keys(const VaultKey& first) {
  return transactor_.transact(
      Mode::write, "writing the first master key down",
      [&](Database& database) -> Result<VaultKey> {
        if (!database.query("select 1 from vault_key where is_current = 1").next()) {
          database.run(
              "insert into vault_key (id, envelope, is_current) values (?, ?, 1) on conflict do "
              "nothing",
              first.id, Blob{first.check});
        }
        Query query = database.query("select id, envelope from vault_key where is_current = 1");
        if (query.next()) return VaultKey{.id = query.text(0), .check = query.text(1)};
        return first;
      });
}

Result<void> SqlCredentialStore::change_key(const std::string& from, const VaultKey& to,
                                            const AuditEntry& entry) {
  return transactor_.transact(
      Mode::write, "changing the master key", [&](Database& database) -> Result<void> {
        if (!is_current_key(database, from)) {
          return Error{ErrorCode::precondition_failed,
                       "the master key was changed by somebody else meanwhile",
                       {}};
        }
        database.run("update vault_key set is_current = 0 where id = ?", from);
        database.run("delete from vault_key where id = ?", to.id);
        database.run("insert into vault_key (id, envelope, is_current) values (?, ?, 1)", to.id,
                     Blob{to.check});
        append_audit(database, entry);
        return {};
      });
}

Result<std::vector<StoredCredential>> SqlCredentialStore::sealed_otherwise(const std::string& key,
                                                                           const std::string& after,
                                                                           std::size_t count_max) {
  return transactor_.transact(
      Mode::read, "listing what is sealed with an older key",
      [&](Database& database) -> Result<std::vector<StoredCredential>> {
        return read_all(database.query(std::string(credential_columns) +
                                           " where sealed_with <> ? and id > ? order by id limit ?",
                                       key, after, to_signed(count_max)));
      });
}

Result<void> SqlCredentialStore::reseal(const std::string& key,
                                        const std::vector<Resealed>& credentials) {
  return transactor_.transact(
      Mode::write, "sealing credentials again", [&](Database& database) -> Result<void> {
        if (!is_current_key(database, key)) {
          return Error{ErrorCode::precondition_failed,
                       "the master key was changed by somebody else meanwhile",
                       {}};
        }
        for (const Resealed& each : credentials)
          database.run(
              "update credential set sealed = ?, sealed_with = ? where id = ? and sealed = ?",
              Blob{each.after}, key, each.id, Blob{each.before});
        return {};
      });
}

Result<std::int64_t> SqlCredentialStore::forget_old_keys() {
  return transactor_.transact(
      Mode::write, "forgetting old master keys", [&](Database& database) -> Result<std::int64_t> {
        std::int64_t left = 0;
        if (Query query = database.query(
                "select count(*) from credential where sealed_with not in (select id from "
                "vault_key where is_current = 1)");
            query.next())
          left = query.integer(0);
        if (left == 0) database.run("delete from vault_key where is_current = 0");
        return left;
      });
}

}  // namespace dth::state::sql

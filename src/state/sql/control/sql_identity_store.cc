// Users, their passwords, and what sets them. Sessions and tokens: sql_sessions.cc.
#include "state/sql/control/sql_identity_store.h"

#include "state/sql/control/audit_rows.h"
#include "state/sql/control/user_rows.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

Error last_administrator() {
  return {ErrorCode::precondition_failed,
          "this user is the last administrator: make another user an administrator first",
          {}};
}

Error changed_meanwhile() {
  return {ErrorCode::precondition_failed,
          "the user was changed meanwhile: read it again, and repeat the change",
          {}};
}

Result<void> require_free_address(Database& database, const std::string& email,
                                  const std::string& user) {
  Query query = database.query("select 1 from hub_user where email = ? and id <> ?", email, user);
  if (!query.next()) return {};
  return Error{ErrorCode::already_exists, "another user has the e-mail address " + email, {}};
}

bool loses_administrator(const User& before, const User& after) {
  const auto is_administrator = [](const User& user) {
    return user.role == Role::admin && user.state == UserState::active;
  };
  return is_administrator(before) && !is_administrator(after);
}

Result<User> apply(Database& database, const User& before, const UserChange& change) {
  User user = before;
  if (change.name) user.name = *change.name;
  if (change.email) user.email = *change.email;
  if (change.role) user.role = *change.role;
  if (change.state) user.state = *change.state;
  if (change.locale) user.locale = *change.locale;
  if (change.time_zone) user.time_zone = *change.time_zone;
  if (auto is_free = require_free_address(database, user.email, user.id); is_free.has_error())
    return is_free.error();
  if (loses_administrator(before, user) && !has_administrator(database, user.id))
    return last_administrator();
  user.revision = before.revision + 1;
  database.run(
      "update hub_user set name = ?, email = ?, role = ?, state = ?, locale = ?, time_zone = ?, "
      "revision = ? where id = ?",
      user.name, user.email, to_string(user.role), to_string(user.state), user.locale,
      user.time_zone, user.revision, user.id);
  if (user.state == UserState::disabled) {
    database.run("delete from hub_session where user_id = ?", user.id);
    database.run("delete from one_time_secret where user_id = ?", user.id);
  }
  return user;
}

Result<std::optional<LocalAccount>> read_account(Query& query) {
  if (!query.next()) return std::optional<LocalAccount>();
  auto user = read_user(query);
  if (user.has_error()) return user.error();
  LocalAccount account{std::move(*user), query.text(user_column_count)};
  return std::optional<LocalAccount>(std::move(account));
}

std::string account_where(std::string_view condition) {
  return "select " + std::string(user_columns) +
         ", i.password_hash from hub_user u join user_identity i on i.provider = 'local' and "
         "i.subject = u.id where " +
         std::string(condition);
}

}  // namespace

Result<bool> SqlIdentityStore::has_administrator() {
  return transactor_.transact(
      Mode::read, "looking for an administrator",
      [&](Database& database) -> Result<bool> { return sql::has_administrator(database); });
}

Result<void> SqlIdentityStore::add_one_time_secret(const NewOneTimeSecret& secret,
                                                   const AuditEntry& audit) {
  return transactor_.transact(
      Mode::write, "making a one-time link", [&](Database& database) -> Result<void> {
        lock_users(database);
        if (secret.use == OneTimeUse::setup && sql::has_administrator(database)) {
          return Error{ErrorCode::precondition_failed, "there is an administrator already", {}};
        }
        if (secret.use == OneTimeUse::set_password) {
          auto user = require_user(database, secret.user_id);
          if (user.has_error()) return user.error();
        }
        insert_one_time_secret(database, secret);
        append_audit(database, audit);
        return {};
      });
}

namespace {

bool is_setup_secret_now(Database& database, const std::string& secret_hash, TimePoint now) {
  Query query = database.query(
      "select 1 from one_time_secret where secret_hash = ? and purpose = 'setup' and "
      "expires_at > ?",
      secret_hash, database.now(now));
  return query.next();
}

}  // namespace

Result<bool> SqlIdentityStore::is_setup_secret(const std::string& secret_hash, TimePoint now) {
  return transactor_.transact(Mode::read, "reading a setup token",
                              [&](Database& database) -> Result<bool> {
                                return is_setup_secret_now(database, secret_hash, now);
                              });
}

Result<void> SqlIdentityStore::create_first_administrator(const std::string& secret_hash,
                                                          const NewUser& user,
                                                          const AuditEntry& audit) {
  return transactor_.transact(
      Mode::write, "creating the first administrator", [&](Database& database) -> Result<void> {
        lock_users(database);
        if (sql::has_administrator(database)) {
          return Error{ErrorCode::precondition_failed,
                       "there is an administrator already: sign in, or have a user created",
                       {}};
        }
        if (!is_setup_secret_now(database, secret_hash, audit.at)) {
          return Error{ErrorCode::unauthenticated,
                       "the setup token is unknown, or older than an hour: restart the hub, which "
                       "prints another one",
                       {}};
        }
        if (auto added = insert_user(database, user, audit.at); added.has_error())
          return added.error();
        database.run("delete from one_time_secret where purpose = 'setup'");
        append_audit(database, audit);
        return {};
      });
}

Result<void> SqlIdentityStore::create_user(const NewUser& user,
                                           const std::optional<NewOneTimeSecret>& link,
                                           const AuditEntry& audit) {
  return transactor_.transact(
      Mode::write, "creating a user", [&](Database& database) -> Result<void> {
        lock_users(database);
        if (auto added = insert_user(database, user, audit.at); added.has_error())
          return added.error();
        if (link) insert_one_time_secret(database, *link);
        append_audit(database, audit);
        return {};
      });
}

Result<User> SqlIdentityStore::find_user(const std::string& id) {
  return transactor_.transact(Mode::read, "reading a user",
                              [&](Database& database) { return require_user(database, id); });
}

Result<std::optional<LocalAccount>> SqlIdentityStore::find_local_account(const std::string& email) {
  static const std::string sql = account_where("u.email = ?");
  return transactor_.transact(Mode::read, "reading a user", [&](Database& database) {
    Query query = database.query(sql, email);
    return read_account(query);
  });
}

Result<std::optional<LocalAccount>> SqlIdentityStore::find_local_account_of(
    const std::string& user) {
  static const std::string sql = account_where("u.id = ?");
  return transactor_.transact(Mode::read, "reading a user", [&](Database& database) {
    Query query = database.query(sql, user);
    return read_account(query);
  });
}

Result<std::vector<User>> SqlIdentityStore::list_users(const std::string& after,
                                                       std::size_t count_max) {
  static const std::string all = "select " + std::string(user_columns) +
                                 " from hub_user u where (u.name, u.id) > (?, ?) order by u.name, "
                                 "u.id limit ?";
  return transactor_.transact(
      Mode::read, "listing users", [&](Database& database) -> Result<std::vector<User>> {
        std::string name;
        if (!after.empty()) {
          auto user = require_user(database, after);
          if (user.has_error()) return user.error();
          name = user->name;
        }
        std::vector<User> users;
        Query query = database.query(all, name, after, to_signed(count_max));
        while (query.next()) {
          auto user = read_user(query);
          if (user.has_error()) return user.error();
          users.push_back(std::move(*user));
        }
        return users;
      });
}

Result<std::int64_t> SqlIdentityStore::count_users() {
  return transactor_.transact(Mode::read, "counting users",
                              [&](Database& database) -> Result<std::int64_t> {
                                Query query = database.query("select count(*) from hub_user");
                                return query.next() ? query.integer(0) : 0;
                              });
}

Result<User> SqlIdentityStore::update_user(const std::string& id,
                                           std::optional<std::int64_t> revision,
                                           const UserChange& change, const AuditEntry& audit) {
  return transactor_.transact(Mode::write, "changing a user",
                              [&](Database& database) -> Result<User> {
                                lock_users(database);
                                auto before = require_user(database, id);
                                if (before.has_error()) return before;
                                if (revision && *revision != before->revision)
                                  return changed_meanwhile();
                                auto user = apply(database, *before, change);
                                if (user.has_error()) return user;
                                append_audit(database, audit);
                                return user;
                              });
}

Result<void> SqlIdentityStore::delete_user(const std::string& id, const AuditEntry& audit) {
  return transactor_.transact(
      Mode::write, "deleting a user", [&](Database& database) -> Result<void> {
        lock_users(database);
        auto user = require_user(database, id);
        if (user.has_error()) return user.error();
        const bool counts = user->role == Role::admin && user->state == UserState::active;
        if (counts && !sql::has_administrator(database, id)) return last_administrator();
        database.run("delete from hub_session where user_id = ?", id);
        database.run("delete from api_token where owner = ?", id);
        database.run("delete from one_time_secret where user_id = ?", id);
        database.run("delete from user_identity where user_id = ?", id);
        database.run("delete from hub_user where id = ?", id);
        append_audit(database, audit);
        return {};
      });
}

Result<void> SqlIdentityStore::set_password(const std::string& user,
                                            const std::optional<std::string>& verified_hash,
                                            const std::string& password_hash,
                                            const std::string& kept_session,
                                            const AuditEntry& audit) {
  return transactor_.transact(
      Mode::write, "changing a password", [&](Database& database) -> Result<void> {
        lock_users(database);
        auto found = require_user(database, user);
        if (found.has_error()) return found.error();
        if (verified_hash && *verified_hash != password_hash_of(database, user)) {
          return Error{ErrorCode::precondition_failed,
                       "the password was changed meanwhile: try again with the new one",
                       {}};
        }
        replace_password(database, user, password_hash, kept_session);
        append_audit(database, audit);
        return {};
      });
}

Result<User> SqlIdentityStore::find_link(const std::string& secret_hash, TimePoint now) {
  return transactor_.transact(
      Mode::read, "reading a one-time link", [&](Database& database) -> Result<User> {
        Query query = database.query(
            "select user_id from one_time_secret where secret_hash = ? and purpose = "
            "'set_password' and expires_at > ?",
            secret_hash, database.now(now));
        if (query.next()) return require_user(database, query.text(0));
        return Error{
            ErrorCode::unauthenticated,
            "this link was used already, or is too old: ask an administrator for another one",
            {}};
      });
}

Result<User> SqlIdentityStore::set_password_by_link(const std::string& secret_hash,
                                                    const std::string& password_hash, TimePoint now,
                                                    const AuditEntry& audit) {
  return transactor_.transact(Mode::write, "setting a password",
                              [&](Database& database) -> Result<User> {
                                lock_users(database);
                                auto id = require_link(database, secret_hash, now);
                                if (id.has_error()) return id.error();
                                auto user = require_user(database, *id);
                                if (user.has_error()) return user;
                                replace_password(database, *id, password_hash, "");
                                AuditEntry entry = audit;
                                entry.actor_id = entry.target_id = user->id;
                                entry.actor_name = entry.target_name = user->name;
                                append_audit(database, entry);
                                return user;
                              });
}

Result<void> SqlIdentityStore::rehash_password(const std::string& user, const std::string& old_hash,
                                               const std::string& new_hash) {
  return transactor_.transact(
      Mode::write, "keeping a password's hash", [&](Database& database) -> Result<void> {
        database.run(
            "update user_identity set password_hash = ? where provider = 'local' and subject = ? "
            "and password_hash = ?",
            new_hash, user, old_hash);
        return {};
      });
}

}  // namespace dth::state::sql

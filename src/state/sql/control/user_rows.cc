#include "state/sql/control/user_rows.h"

namespace dth::state::sql {

Result<User> read_user(const Query& query, int first_column) {
  const int c = first_column;
  User user;
  user.id = query.text(c);
  user.name = query.text(c + 1);
  user.email = query.text(c + 2);
  const auto role = parse_role(query.text(c + 3));
  const auto state = parse_user_state(query.text(c + 4));
  if (!role || !state) {
    return Error{ErrorCode::data_corrupted,
                 "the user " + user.id + " has the unknown role \"" + query.text(c + 3) +
                     "\" or the unknown state \"" + query.text(c + 4) + "\"",
                 {}};
  }
  user.role = *role;
  user.state = *state;
  user.locale = query.text(c + 5);
  user.time_zone = query.text(c + 6);
  user.revision = query.integer(c + 7);
  user.created_at = query.time(c + 8);
  if (!query.is_null(c + 9)) user.last_sign_in_at = query.time(c + 9);
  return user;
}

void lock_users(Database& database) {
  Query query = database.query("select value from meta where name = 'product' for update");
  query.next();
}

bool has_administrator(Database& database, const std::string& without) {
  Query query = database.query(
      "select 1 from hub_user u join user_identity i on i.provider = 'local' and i.subject = u.id "
      "where u.role = 'admin' and u.state = 'active' and i.password_hash <> '' and u.id <> ? limit "
      "1",
      without);
  return query.next();
}

std::string password_hash_of(Database& database, const std::string& user) {
  Query query = database.query(
      "select password_hash from user_identity where provider = 'local' and subject = ?", user);
  return query.next() ? query.text(0) : std::string();
}

Result<User> require_user(Database& database, const std::string& id) {
  static const std::string sql =
      "select " + std::string(user_columns) + " from hub_user u where u.id = ?";
  Query query = database.query(sql, id);
  if (query.next()) return read_user(query);
  return Error{ErrorCode::not_found, "there is no user " + id, {}};
}

Result<void> insert_user(Database& database, const NewUser& user, TimePoint now) {
  const User& added = user.user;
  {
    Query query = database.query("select 1 from hub_user where email = ?", added.email);
    if (query.next()) {
      return Error{
          ErrorCode::already_exists, "another user has the e-mail address " + added.email, {}};
    }
  }
  database.run(
      "insert into hub_user (id, name, email, role, state, locale, time_zone, created_at) values "
      "(?, ?, ?, ?, ?, ?, ?, ?)",
      added.id, added.name, added.email, to_string(added.role), to_string(added.state),
      added.locale, added.time_zone, database.now(now));
  database.run(
      "insert into user_identity (provider, subject, user_id, password_hash) values (?, ?, ?, ?)",
      local_provider, added.id, added.id, user.password_hash);
  return {};
}

void insert_one_time_secret(Database& database, const NewOneTimeSecret& secret) {
  const bool is_setup = secret.use == OneTimeUse::setup;
  database.run("delete from one_time_secret where expires_at <= ?",
               database.now(secret.created_at));
  if (is_setup) {
    database.run("delete from one_time_secret where purpose = 'setup'");
  } else {
    database.run("delete from one_time_secret where user_id = ?", secret.user_id);
  }
  database.run(
      "insert into one_time_secret (secret_hash, purpose, user_id, created_at, expires_at) values "
      "(?, ?, ?, ?, ?)",
      secret.secret_hash, is_setup ? "setup" : "set_password", secret.user_id,
      database.now(secret.created_at), database.to_come(secret.expires_at));
}

Result<std::string> require_link(Database& database, const std::string& secret_hash,
                                 TimePoint now) {
  Query query = database.query(
      "select user_id from one_time_secret where secret_hash = ? and purpose = 'set_password' and "
      "expires_at > ? for update",
      secret_hash, database.now(now));
  if (query.next()) return query.text(0);
  return Error{ErrorCode::unauthenticated,
               "this link was used already, or is too old: ask an administrator for another one",
               {}};
}

void replace_password(Database& database, const std::string& user, const std::string& password_hash,
                      const std::string& kept_session) {
  const std::int64_t changed =
      database.run("update user_identity set password_hash = ? where provider = ? and subject = ?",
                   password_hash, local_provider, user);
  if (changed == 0) {
    database.run(
        "insert into user_identity (provider, subject, user_id, password_hash) values (?, ?, ?, ?)",
        local_provider, user, user, password_hash);
  }
  database.run("delete from hub_session where user_id = ? and id <> ?", user, kept_session);
  database.run("delete from one_time_secret where user_id = ?", user);
}

}  // namespace dth::state::sql

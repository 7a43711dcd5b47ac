// Sessions and tokens of SqlIdentityStore.
#include <algorithm>

#include "state/sql/control/audit_rows.h"
#include "state/sql/control/sql_identity_store.h"
#include "state/sql/control/user_rows.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

// With the prefix "s."; read_session() wants them.
constexpr std::string_view session_columns =
    "s.id, s.user_id, s.created_at, s.last_used_at, s.idle_until, s.expires_at, s.address, "
    "s.client";
constexpr int session_column_count = 8;

Session read_session(const Query& query, int c = 0) {
  Session session;
  session.id = query.text(c);
  session.user_id = query.text(c + 1);
  session.created_at = query.time(c + 2);
  session.last_used_at = query.time(c + 3);
  session.idle_until = query.time(c + 4);
  session.expires_at = query.time(c + 5);
  session.address = query.text(c + 6);
  session.client = query.text(c + 7);
  return session;
}

// Of the token "t" and its owner "u", where it has one.
constexpr std::string_view token_columns =
    "t.id, t.name, t.owner, t.scope, t.last_four, t.created_at, t.expires_at, t.last_used_at, "
    "t.last_used_from, u.name";
constexpr int token_column_count = 10;
constexpr std::string_view from_tokens = " from api_token t left join hub_user u on u.id = t.owner";

Result<ApiToken> read_token(const Query& query) {
  ApiToken token;
  token.id = query.text(0);
  token.name = query.text(1);
  token.owner_id = query.text(2);
  const auto scope = parse_token_scope(query.text(3));
  if (!scope) {
    return Error{ErrorCode::data_corrupted,
                 "the token " + token.id + " has the unknown scope \"" + query.text(3) + "\"",
                 {}};
  }
  token.scope = *scope;
  token.last_four = query.text(4);
  token.created_at = query.time(5);
  if (!query.is_null(6)) token.expires_at = query.time(6);
  if (!query.is_null(7)) token.last_used_at = query.time(7);
  token.last_used_from = query.text(8);
  if (!query.is_null(9)) token.owner_name = query.text(9);
  return token;
}

std::optional<std::int64_t> end_of(const Database& database, const ApiToken& token) {
  if (!token.expires_at) return std::nullopt;
  return to_microseconds(database.to_come(*token.expires_at));
}

void forget_old_sessions(Database& database, const std::string& user, TimePoint now) {
  database.run("delete from hub_session where expires_at <= ? or idle_until <= ?",
               database.now(now), database.now(now));
  database.run(
      "delete from hub_session where user_id = ? and id not in (select id from hub_session where "
      "user_id = ? order by last_used_at desc, id limit ?)",
      user, user, IdentityStore::sessions_per_user_max - 1);
}

constexpr std::int64_t tokens_swept_max = 100;

// A bounded number of those that are too old.
void forget_old_tokens(Database& database, TimePoint now) {
  database.run(
      "delete from api_token where id in (select id from api_token where expires_at <= ? limit ?)",
      database.now(now), tokens_swept_max);
}

Result<void> require_room_for_token(Database& database, const std::string& owner, TimePoint now) {
  Query query = database.query(
      "select count(*) from api_token where owner = ? and (expires_at is null or expires_at > ?)",
      owner, database.now(now));
  if (!query.next() || query.integer(0) < IdentityStore::tokens_per_user_max) return {};
  return Error{ErrorCode::precondition_failed,
               "this user has 100 tokens, which is as many as one may have: revoke one first",
               {}};
}

Error no_such_token(const std::string& id) {
  return {ErrorCode::not_found, "there is no token " + id, {}};
}

}  // namespace

Result<void> SqlIdentityStore::create_session(const NewSession& session, const AuditEntry& audit) {
  const Session& added = session.session;
  return transactor_.transact(Mode::write, "signing in", [&](Database& database) -> Result<void> {
    lock_users(database);
    auto user = require_user(database, added.user_id);
    if (user.has_error()) return user.error();
    if (user->state == UserState::disabled)
      return Error{ErrorCode::unauthenticated, "the user is disabled", {}};
    const std::string hash = password_hash_of(database, added.user_id);
    if (hash.empty() || hash != session.verified_hash)
      return Error{ErrorCode::unauthenticated, "the password was changed meanwhile", {}};
    forget_old_sessions(database, added.user_id, added.created_at);
    database.run(
        "insert into hub_session (id, secret_hash, user_id, created_at, last_used_at, idle_until, "
        "expires_at, address, client) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        added.id, session.secret_hash, added.user_id, database.now(added.created_at),
        database.now(added.created_at), database.to_come(added.idle_until),
        database.to_come(added.expires_at), added.address, added.client);
    database.run("update hub_user set last_sign_in_at = ? where id = ?",
                 database.now(added.created_at), added.user_id);
    append_audit(database, audit);
    return {};
  });
}

Result<std::optional<SessionOfUser>> SqlIdentityStore::find_session(const std::string& secret_hash,
                                                                    TimePoint now) {
  static const std::string sql = "select " + std::string(user_columns) + ", " +
                                 std::string(session_columns) +
                                 " from hub_session s join hub_user u on u.id = s.user_id where "
                                 "s.secret_hash = ? and s.expires_at > ? and s.idle_until > ? and "
                                 "u.state = 'active'";
  return transactor_.transact(
      Mode::read, "reading a session",
      [&](Database& database) -> Result<std::optional<SessionOfUser>> {
        Query query = database.query(sql, secret_hash, database.now(now), database.now(now));
        if (!query.next()) return std::optional<SessionOfUser>();
        auto user = read_user(query);
        if (user.has_error()) return user.error();
        SessionOfUser found{read_session(query, user_column_count), std::move(*user)};
        return std::optional<SessionOfUser>(std::move(found));
      });
}

Result<void> SqlIdentityStore::touch_session(const std::string& id, TimePoint now,
                                             TimePoint idle_until, const std::string& address) {
  return transactor_.transact(
      Mode::write, "noting the use of a session", [&](Database& database) -> Result<void> {
        database.run(
            "update hub_session set last_used_at = ?, idle_until = ?, address = ? where id = ?",
            database.now(now), database.to_come(idle_until), address, id);
        return {};
      });
}

Result<std::vector<Session>> SqlIdentityStore::list_sessions(const std::string& user,
                                                             TimePoint now) {
  static const std::string sql = "select " + std::string(session_columns) +
                                 " from hub_session s where s.user_id = ? and s.expires_at > ? and "
                                 "s.idle_until > ? order by s.last_used_at desc, s.id limit ?";
  return transactor_.transact(
      Mode::read, "listing sessions", [&](Database& database) -> Result<std::vector<Session>> {
        std::vector<Session> sessions;
        Query query =
            database.query(sql, user, database.now(now), database.now(now), sessions_per_user_max);
        while (query.next()) sessions.push_back(read_session(query));
        return sessions;
      });
}

Result<std::vector<std::string>> SqlIdentityStore::end_sessions(
    const std::string& user, const std::optional<std::vector<std::string>>& ids,
    const std::string& kept, const AuditEntry& audit) {
  return transactor_.transact(
      Mode::write, "ending sessions", [&](Database& database) -> Result<std::vector<std::string>> {
        lock_users(database);
        std::vector<std::string> ended;
        {
          Query query = database.query("select id from hub_session where user_id = ?", user);
          while (query.next()) {
            const std::string id = query.text(0);
            const bool is_chosen =
                ids ? std::find(ids->begin(), ids->end(), id) != ids->end() : id != kept;
            if (is_chosen) ended.push_back(id);
          }
        }
        if (ended.empty()) return ended;
        AuditEntry entry = audit;
        AuditChanges changes;
        for (const std::string& id : ended) {
          database.run("delete from hub_session where id = ?", id);
          changes.add("session", id, "");
        }
        entry.changes = changes.to_json();
        append_audit(database, entry);
        return ended;
      });
}

Result<void> SqlIdentityStore::create_token(const NewApiToken& token, const AuditEntry& audit) {
  const ApiToken& added = token.token;
  return transactor_.transact(
      Mode::write, "creating a token", [&](Database& database) -> Result<void> {
        lock_users(database);
        forget_old_tokens(database, added.created_at);
        if (!added.owner_id.empty()) {
          auto owner = require_user(database, added.owner_id);
          if (owner.has_error()) return owner.error();
          auto room = require_room_for_token(database, added.owner_id, added.created_at);
          if (room.has_error()) return room.error();
        }
        database.run(
            "insert into api_token (id, secret_hash, name, owner, scope, last_four, created_at, "
            "expires_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
            added.id, token.secret_hash, added.name, added.owner_id, to_string(added.scope),
            added.last_four, database.now(added.created_at), end_of(database, added));
        append_audit(database, audit);
        return {};
      });
}

Result<std::optional<TokenOfUser>> SqlIdentityStore::find_token(const std::string& secret_hash,
                                                                TimePoint now) {
  static const std::string sql = "select " + std::string(token_columns) + ", " +
                                 std::string(user_columns) + std::string(from_tokens) +
                                 " where t.secret_hash = ? and (t.expires_at is null or "
                                 "t.expires_at > ?)";
  return transactor_.transact(Mode::read, "reading a token",
                              [&](Database& database) -> Result<std::optional<TokenOfUser>> {
                                Query query = database.query(sql, secret_hash, database.now(now));
                                if (!query.next()) return std::optional<TokenOfUser>();
                                auto token = read_token(query);
                                if (token.has_error()) return token.error();
                                TokenOfUser found{std::move(*token), {}};
                                if (!found.token.owner_id.empty()) {
                                  // An owner that is not there any more owns nothing.
                                  if (query.is_null(token_column_count))
                                    return std::optional<TokenOfUser>();
                                  auto owner = read_user(query, token_column_count);
                                  if (owner.has_error()) return owner.error();
                                  if (owner->state == UserState::disabled)
                                    return std::optional<TokenOfUser>();
                                  found.owner = std::move(*owner);
                                }
                                return std::optional<TokenOfUser>(std::move(found));
                              });
}

Result<void> SqlIdentityStore::touch_token(const std::string& id, TimePoint now,
                                           const std::string& address) {
  return transactor_.transact(
      Mode::write, "noting the use of a token", [&](Database& database) -> Result<void> {
        database.run("update api_token set last_used_at = ?, last_used_from = ? where id = ?",
                     database.now(now), address, id);
        return {};
      });
}

Result<std::vector<ApiToken>> SqlIdentityStore::list_tokens(const std::optional<std::string>& owner,
                                                            const std::string& after,
                                                            std::size_t count_max) {
  return transactor_.transact(
      Mode::read, "listing tokens", [&](Database& database) -> Result<std::vector<ApiToken>> {
        std::string sql = "select " + std::string(token_columns) + std::string(from_tokens);
        std::string conditions;
        std::int64_t created_at = 0;
        if (owner) conditions += " where t.owner = ?";
        if (!after.empty()) {
          Query last = database.query("select created_at from api_token where id = ?", after);
          if (!last.next()) return no_such_token(after);
          created_at = last.integer(0);
          conditions += (owner ? " and" : " where") + std::string(" (t.created_at, t.id) < (?, ?)");
        }
        Query query =
            database.query(sql + conditions + " order by t.created_at desc, t.id desc limit ?");
        int index = 0;
        if (owner) query.bind(++index, *owner, Statement::Copy::yes);
        if (!after.empty()) {
          query.bind(++index, created_at, Statement::Copy::yes);
          query.bind(++index, after, Statement::Copy::yes);
        }
        query.bind(++index, to_signed(count_max), Statement::Copy::yes);
        std::vector<ApiToken> tokens;
        while (query.next()) {
          auto token = read_token(query);
          if (token.has_error()) return token.error();
          tokens.push_back(std::move(*token));
        }
        return tokens;
      });
}

Result<ApiToken> SqlIdentityStore::find_token_by_id(const std::string& id) {
  static const std::string sql =
      "select " + std::string(token_columns) + std::string(from_tokens) + " where t.id = ?";
  return transactor_.transact(Mode::read, "reading a token",
                              [&](Database& database) -> Result<ApiToken> {
                                Query query = database.query(sql, id);
                                if (query.next()) return read_token(query);
                                return no_such_token(id);
                              });
}

Result<void> SqlIdentityStore::revoke_token(const std::string& id, const AuditEntry& audit) {
  return transactor_.transact(
      Mode::write, "revoking a token", [&](Database& database) -> Result<void> {
        const std::int64_t gone = database.run("delete from api_token where id = ?", id);
        if (gone == 0 && !database.failed()) return no_such_token(id);
        append_audit(database, audit);
        return {};
      });
}

}  // namespace dth::state::sql

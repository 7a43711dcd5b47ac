#pragma once

#include <optional>
#include <string>

#include "state/control/identity_store.h"
#include "state/sql/database.h"

// Parts of the transactions of SqlIdentityStore.
namespace dth::state::sql {

// With the prefix "u." of the table hub_user; read_user() wants them first.
inline constexpr std::string_view user_columns =
    "u.id, u.name, u.email, u.role, u.state, u.locale, u.time_zone, u.revision, u.created_at, "
    "u.last_sign_in_at";
inline constexpr int user_column_count = 10;
// data_corrupted for a role or state that this version does not know.
Result<User> read_user(const Query& query, int first_column = 0);

// Changes of users and their roles come one after another from here to the end of the transaction,
// so that two of them cannot each leave the other as the last administrator.
void lock_users(Database& database);
// Administrators who can sign in (not disabled, with a password), but for the user `without`.
bool has_administrator(Database& database, const std::string& without = "");

// not_found.
Result<User> require_user(Database& database, const std::string& id);
// already_exists where another user has its address.
Result<void> insert_user(Database& database, const NewUser& user, TimePoint now);
void insert_one_time_secret(Database& database, const NewOneTimeSecret& secret);
// The user whose password the link sets: unauthenticated where it is unknown or too old.
Result<std::string> require_link(Database& database, const std::string& secret_hash, TimePoint now);
// The hash of the user's password; empty: there is none.
std::string password_hash_of(Database& database, const std::string& user);
// Ends the user's sessions but `kept_session`, and uses up the links that would set the password.
void replace_password(Database& database, const std::string& user, const std::string& password_hash,
                      const std::string& kept_session);

}  // namespace dth::state::sql

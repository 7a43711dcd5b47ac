#include "state/sql/control/identity_tables.h"

#include <array>

namespace dth::state::sql {
namespace {

using enum ColumnType;

// user_identity: a provider and what it calls the user; of "local" the subject is the user's id.
// secret_hash: SHA-256 in hexadecimal digits. api_token.owner: a user, or empty.
constexpr const char* sqlite = R"sql(
create table hub_user (
  id text primary key,
  name text not null,
  email text not null unique,
  role text not null,
  state text not null,
  locale text not null default '',
  time_zone text not null default '',
  revision integer not null default 1,
  created_at integer not null,
  last_sign_in_at integer
) without rowid;
create index hub_user_by_name on hub_user (name, id);
create index hub_user_by_role on hub_user (role, state);

create table user_identity (
  provider text not null,
  subject text not null,
  user_id text not null,
  password_hash text not null default '',
  primary key (provider, subject)
) without rowid;
create index user_identity_by_user on user_identity (user_id);

create table hub_session (
  id text primary key,
  secret_hash text not null unique,
  user_id text not null,
  created_at integer not null,
  last_used_at integer not null,
  idle_until integer not null,
  expires_at integer not null,
  address text not null,
  client text not null
) without rowid;
create index hub_session_by_user on hub_session (user_id, last_used_at desc);

create table api_token (
  id text primary key,
  secret_hash text not null unique,
  name text not null,
  owner text not null,
  scope text not null,
  last_four text not null,
  created_at integer not null,
  expires_at integer,
  last_used_at integer,
  last_used_from text not null default ''
) without rowid;
create index api_token_by_time on api_token (created_at desc, id desc);
create index api_token_by_owner on api_token (owner, created_at desc, id desc);

create table one_time_secret (
  secret_hash text primary key,
  purpose text not null,
  user_id text not null,
  created_at integer not null,
  expires_at integer not null
) without rowid;
)sql";

constexpr const char* postgres = R"sql(
create table hub_user (
  id text primary key,
  name text not null,
  email text not null unique,
  role text not null,
  state text not null,
  locale text not null default '',
  time_zone text not null default '',
  revision bigint not null default 1,
  created_at bigint not null,
  last_sign_in_at bigint
);
create index hub_user_by_name on hub_user (name, id);
create index hub_user_by_role on hub_user (role, state);

create table user_identity (
  provider text not null,
  subject text not null,
  user_id text not null,
  password_hash text not null default '',
  primary key (provider, subject)
);
create index user_identity_by_user on user_identity (user_id);

create table hub_session (
  id text primary key,
  secret_hash text not null unique,
  user_id text not null,
  created_at bigint not null,
  last_used_at bigint not null,
  idle_until bigint not null,
  expires_at bigint not null,
  address text not null,
  client text not null
);
create index hub_session_by_user on hub_session (user_id, last_used_at desc);

create table api_token (
  id text primary key,
  secret_hash text not null unique,
  name text not null,
  owner text not null,
  scope text not null,
  last_four text not null,
  created_at bigint not null,
  expires_at bigint,
  last_used_at bigint,
  last_used_from text not null default ''
);
create index api_token_by_time on api_token (created_at desc, id desc);
create index api_token_by_owner on api_token (owner, created_at desc, id desc);

create table one_time_secret (
  secret_hash text primary key,
  purpose text not null,
  user_id text not null,
  created_at bigint not null,
  expires_at bigint not null
);
)sql";

constexpr std::array columns_of_hub_user = {
    Column{"id", text},           Column{"name", text},
    Column{"email", text},        Column{"role", text},
    Column{"state", text},        Column{"locale", text},
    Column{"time_zone", text},    Column{"revision", number},
    Column{"created_at", number}, Column{"last_sign_in_at", number_or_null},
};
constexpr std::array columns_of_user_identity = {
    Column{"provider", text},
    Column{"subject", text},
    Column{"user_id", text},
    Column{"password_hash", text},
};
constexpr std::array columns_of_api_token = {
    Column{"id", text},
    Column{"secret_hash", text},
    Column{"name", text},
    Column{"owner", text},
    Column{"scope", text},
    Column{"last_four", text},
    Column{"created_at", number},
    Column{"expires_at", number_or_null},
    Column{"last_used_at", number_or_null},
    Column{"last_used_from", text},
};
constexpr std::array tables = {
    Table{"hub_user", "", columns_of_hub_user},
    Table{"user_identity", "", columns_of_user_identity},
    Table{"api_token", "", columns_of_api_token},
};

}  // namespace

const SchemaPart& identity_tables() {
  static constexpr SchemaPart part = {.sqlite = sqlite, .postgres = postgres, .archived = tables};
  return part;
}

}  // namespace dth::state::sql

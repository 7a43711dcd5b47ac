#include "state/postgres/sqlstate.h"

#include <array>

namespace dth::state::postgres {
namespace {

// One line, without what libpq puts at its end.
std::string detail_of(std::string_view sqlstate, std::string_view message) {
  std::string detail = "PostgreSQL";
  if (!sqlstate.empty()) detail += " " + std::string(sqlstate);
  detail += ": ";
  for (const char c : message) detail += c == '\n' || c == '\t' ? ' ' : c;
  while (detail.ends_with(' ')) detail.pop_back();
  return detail;
}

// What is said of states that begin with `prefix`; the first that fits counts.
struct Row {
  std::string_view prefix;
  Trouble trouble;
  ErrorCode code;
  ErrorReason reason;
  std::string_view what;  // after "the state NAME"
};

using enum ErrorCode;
constexpr ErrorReason no_reason = ErrorReason::unspecified,
                      unreachable = ErrorReason::state_unreachable;

constexpr std::array rows = {
    Row{"40001", Trouble::conflict, unavailable, unreachable,
        " is busy: other transactions were in the way each time; try again"},
    Row{"40P01", Trouble::conflict, unavailable, unreachable,
        " is busy: other transactions were in the way each time; try again"},
    // Another transaction inserted what this one looked for and did not find; now it finds it.
    Row{"23505", Trouble::conflict, unavailable, unreachable,
        " is busy: other transactions were in the way each time; try again"},
    Row{"55P03", Trouble::other, unavailable, unreachable,
        " is busy: a lock could not be taken in time; look for an idle transaction in "
        "pg_stat_activity"},
    Row{"57014", Trouble::other, unavailable, unreachable,
        " did not answer in time: a statement was stopped (statement_timeout); look at the load of "
        "the server"},
    Row{"57P", Trouble::connection_lost, unavailable, unreachable,
        " is stopping, starting or recovering: wait until the server runs"},
    Row{"25P03", Trouble::connection_lost, unavailable, unreachable,
        " closed the connection: a transaction was idle for too long"},
    Row{"08", Trouble::connection_lost, unavailable, unreachable,
        " cannot be reached: check that the server runs, its address, and the way to it"},
    Row{"53100", Trouble::other, unavailable, ErrorReason::state_full,
        " cannot grow: the server's disk is full; free some space"},
    Row{"53300", Trouble::connection_lost, unavailable, unreachable,
        " has too many connections: close some, or raise max_connections of the server"},
    Row{"53", Trouble::other, unavailable, no_reason,
        " is short of resources: look at the server's memory, disk and limits"},
    Row{"58", Trouble::other, unavailable, no_reason,
        " cannot be read or written: look at the server's disk and log"},
    Row{"54", Trouble::other, unavailable, no_reason,
        " reached a limit of the server: look at its log"},
    Row{"28", Trouble::other, unauthenticated, no_reason,
        " refuses the login: check the user name and the password (PGPASSWORD, PGPASSFILE, "
        "~/.pgpass or --database-password-file), and pg_hba.conf of the server"},
    Row{"3D000", Trouble::other, invalid_argument, no_reason,
        " does not exist: create the database (createdb), or name another one"},
    Row{"3F000", Trouble::other, invalid_argument, no_reason,
        " has no schema to work in: create it, or name another one in search_path"},
    Row{"42501", Trouble::other, permission_denied, no_reason,
        " may not be used by this user: give it the rights on the tables, or on the schema, that "
        "it lacks"},
    // A standby that is about to be promoted, or a primary that was before: another may be had.
    Row{"25006", Trouble::connection_lost, unavailable, unreachable,
        " can only be read: this server is a standby, or read-only; name the primary, or wait "
        "until "
        "one is promoted"},
    Row{"XX001", Trouble::other, data_corrupted, no_reason,
        " is damaged: restore it from a backup"},
    Row{"XX002", Trouble::other, data_corrupted, no_reason,
        " is damaged: restore it from a backup"},
    Row{"42P01", Trouble::other, data_corrupted, no_reason,
        " lacks a table: it was changed by hand, or is another program's; restore it from a "
        "backup"},
    Row{"", Trouble::other, internal, no_reason,
        " refused a statement: this is a bug, please report it"},
};

const Row& row_of(std::string_view sqlstate) {
  // No answer at all: the connection.
  if (sqlstate.empty()) sqlstate = "08006";
  for (const Row& row : rows) {
    if (sqlstate.starts_with(row.prefix)) return row;
  }
  return rows.back();
}

}  // namespace

Trouble trouble_of(std::string_view sqlstate) { return row_of(sqlstate).trouble; }

Error error_of(std::string_view sqlstate, std::string_view message, const std::string& name) {
  const Row& row = row_of(sqlstate);
  return {row.code, row.reason, "the state " + name + std::string(row.what),
          detail_of(sqlstate, message)};
}

}  // namespace dth::state::postgres

#include "state/sqlite/database.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace dth::state::sqlite {
namespace {

// Long enough for another process's checkpoint, short enough for a person to wait.
constexpr int busy_timeout_milliseconds = 10'000;

bool is_denial(int system_error) {
  return system_error == EACCES || system_error == EPERM || system_error == EROFS;
}

}  // namespace

Error error_of(int extended_code, std::string_view sqlite_message, const std::string& path) {
  const std::string what = "the state database " + path;
  std::string detail =
      "SQLite " + std::to_string(extended_code) + ": " + std::string(sqlite_message);
  switch (extended_code & 0xff) {
    case SQLITE_FULL:
      return {ErrorCode::unavailable,
              what + " cannot grow: the disk is full; free some space, then resume", detail};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::unavailable,
              what + " is busy: another process holds it locked; try again when that one is done",
              detail};
    case SQLITE_IOERR:
      return {ErrorCode::unavailable,
              what + " cannot be read or written: check the disk, its quota and its mount", detail};
    case SQLITE_CANTOPEN:
      return {ErrorCode::unavailable,
              what + " cannot be opened: check that its directory exists and can be written to",
              detail};
    case SQLITE_NOMEM:
      return {ErrorCode::unavailable, what + " cannot be used: out of memory", detail};
    case SQLITE_CORRUPT:
      return {ErrorCode::data_corrupted,
              what + " is damaged: restore it from a backup, or use another file", detail};
    case SQLITE_NOTADB:
      return {ErrorCode::data_corrupted, what + " is not a SQLite database: give another path",
              detail};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {
          ErrorCode::permission_denied,
          what +
              " may not be written to: check the owner and mode of the file and of its directory",
          detail};
    default:
      return {ErrorCode::internal, what + " refused a statement: this is a bug, please report it",
              detail};
  }
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Access access) {
  if (path != ":memory:" && access == Access::read_write) {
    // SQLite gives its write-ahead log and index the mode of the database. One that exists must not
    // be opened and closed here: that would drop the POSIX locks of another connection of this
    // process.
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) {
      ::close(file);
    } else if (const int error = errno; error != EEXIST) {
      return Error{is_denial(error) ? ErrorCode::permission_denied : ErrorCode::unavailable,
                   "cannot create the state database " + path +
                       ": check that its directory exists and that you may write there",
                   std::strerror(error)};
    }
  }
  sqlite3* handle = nullptr;
  const int flags = access == Access::read_only ? SQLITE_OPEN_READONLY
                                                : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Database> database(new Database(handle, path));
  if (code != SQLITE_OK) {
    if (handle != nullptr && is_denial(sqlite3_system_errno(handle))) {
      return error_of(SQLITE_PERM, sqlite3_errmsg(handle), path);
    }
    return error_of(handle == nullptr ? code : sqlite3_extended_errcode(handle),
                    handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle), path);
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_timeout_milliseconds);
  return database;
}

Database::~Database() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

Query Database::prepare(std::string_view sql) {
  if (failed()) return {*this, nullptr};
  std::string key(sql);
  if (const auto found = statements_.find(key); found != statements_.end()) {
    sqlite3_stmt* statement = found->second;
    statements_.erase(found);  // not to be had by anybody else while it is in use
    return {*this, statement};
  }
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) note_error();
  return {*this, statement};
}

void Database::run_script(const char* sql) {
  if (failed()) return;
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) note_error();
}

std::int64_t Database::total_changes() const { return sqlite3_total_changes64(handle_); }

std::int64_t Database::last_insert_id() const { return sqlite3_last_insert_rowid(handle_); }
std::int64_t Database::changes() const { return failed() ? 0 : sqlite3_changes64(handle_); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

void Database::rollback() {
  // SQLite rolls back by itself after some failures. What remains fails only where the transaction
  // is gone anyway.
  if (in_transaction()) sqlite3_exec(handle_, "rollback", nullptr, nullptr, nullptr);
}

std::optional<Error> Database::take_error() {
  busy_ = false;
  return std::exchange(error_, std::nullopt);
}

void Database::note_error() {
  if (error_) return;
  const int code = sqlite3_extended_errcode(handle_);
  busy_ = (code & 0xff) == SQLITE_BUSY;
  error_ = error_of(code, sqlite3_errmsg(handle_), path_);
}

Query::Query(Query&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  // Where one SQL text was in use twice at a time, one statement is enough to keep.
  if (!database_->statements_.emplace(sqlite3_sql(statement_), statement_).second)
    sqlite3_finalize(statement_);
}

bool Query::next() {
  if (statement_ == nullptr || database_->failed()) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_->note_error();
  return false;
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Query::text(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string() : std::string(data, size);
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void Query::bind(int index, std::int64_t value) {
  if (statement_ != nullptr && sqlite3_bind_int64(statement_, index, value) != SQLITE_OK)
    database_->note_error();
}

void Query::bind(int index, std::string_view value, bool is_blob, Copy copy) {
  if (statement_ == nullptr) return;
  const char* data = value.data() == nullptr ? "" : value.data();  // a null pointer would bind NULL
  const auto lifetime = copy == Copy::yes ? SQLITE_TRANSIENT : SQLITE_STATIC;
  const int code =
      is_blob ? sqlite3_bind_blob64(statement_, index, data, value.size(), lifetime)
              : sqlite3_bind_text64(statement_, index, data, value.size(), lifetime, SQLITE_UTF8);
  if (code != SQLITE_OK) database_->note_error();
}

}  // namespace dth::state::sqlite

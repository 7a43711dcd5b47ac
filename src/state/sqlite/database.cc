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

std::string_view without_row_locks(std::string_view sql) {
  for (const std::string_view lock : {" for update", " for no key update", " for key share"}) {
    if (const auto found = sql.rfind(lock); found != std::string_view::npos)
      return sql.substr(0, found);
  }
  return sql;
}

}  // namespace

class SqliteStatement final : public sql::Statement {
 public:
  SqliteStatement(Database& database, sqlite3_stmt* handle, std::string sql)
      : database_(database), handle_(handle), sql_(std::move(sql)) {}
  ~SqliteStatement() override { sqlite3_finalize(handle_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  void bind(int index, std::int64_t value) override {
    if (sqlite3_bind_int64(handle_, index, value) != SQLITE_OK) database_.note_error();
  }

  void bind_null(int) override {}  // what is not bound is NULL

  void bind(int index, std::string_view value, bool is_blob, Copy copy) override {
    const char* data = value.data() == nullptr ? "" : value.data();  // null would bind NULL
    const auto lifetime = copy == Copy::yes ? SQLITE_TRANSIENT : SQLITE_STATIC;
    const int code =
        is_blob ? sqlite3_bind_blob64(handle_, index, data, value.size(), lifetime)
                : sqlite3_bind_text64(handle_, index, data, value.size(), lifetime, SQLITE_UTF8);
    if (code != SQLITE_OK) database_.note_error();
  }

  bool next() override {
    if (database_.failed()) return false;
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) database_.note_error();
    return false;
  }

  std::int64_t integer(int column) const override { return sqlite3_column_int64(handle_, column); }

  std::string text(int column) const override {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    return data == nullptr ? std::string() : std::string(data, size);
  }

  bool is_null(int column) const override {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
  }

  void release() override {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
    // What is dropped may be this one.
    const auto dropped = database_.statements_.keep(sql_, std::unique_ptr<sql::Statement>(this));
  }

 private:
  Database& database_;
  sqlite3_stmt* const handle_;
  const std::string sql_;
};

Error error_of(int extended_code, std::string_view sqlite_message, const std::string& path) {
  const std::string what = "the state database " + path;
  std::string detail =
      "SQLite " + std::to_string(extended_code) + ": " + std::string(sqlite_message);
  switch (extended_code & 0xff) {
    case SQLITE_FULL:
      return {
          ErrorCode::unavailable, ErrorReason::state_full,
          what +
              " cannot grow: the disk is full; free some space, then give the same command again",
          detail};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::unavailable, ErrorReason::state_unreachable,
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
  statements_.clear();
  sqlite3_close_v2(handle_);
}

sql::Statement* Database::prepare(std::string_view sql) {
  if (failed()) return nullptr;
  std::string key(sql);
  if (auto kept = statements_.take(key)) return kept.release();
  const std::string_view text = without_row_locks(sql);
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  if (code == SQLITE_OK) return new SqliteStatement(*this, handle, std::move(key));
  note_error();
  return nullptr;
}

sql::Statement* Database::prepare_insert(std::string_view sql, std::string_view) {
  return prepare(sql);
}

std::int64_t Database::inserted_id(Query& query) {
  while (query.next()) {
  }
  return sqlite3_last_insert_rowid(handle_);
}

std::int64_t Database::last_id(std::string_view table, std::string_view) {
  Query found = query("select seq from sqlite_sequence where name = ?", table);
  return found.next() ? found.integer(0) : 0;
}

void Database::set_last_id(std::string_view table, std::string_view, std::int64_t last) {
  run("delete from sqlite_sequence where name = ?", table);
  run("insert into sqlite_sequence (name, seq) values (?, ?)", table, last);
}

void Database::run_script(const char* sql) {
  if (failed()) return;
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) note_error();
}

std::int64_t Database::total_changes() const { return sqlite3_total_changes64(handle_); }

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

}  // namespace dth::state::sqlite

#include "state/sqlite/sqlite_transactor.h"

namespace dth::state::sqlite {

// Where another connection wrote meanwhile, a lazy writer tries once more, under the lock.
std::optional<Error> SqliteTransactor::execute(Mode mode, std::string_view what, Step step) {
  std::lock_guard guard(mutex_);
  bool busy = false;
  auto error = attempt(mode == Mode::write ? "begin immediate" : "begin", what, step, &busy);
  if (mode != Mode::lazy_write || !busy) return error;
  return attempt("begin immediate", what, step, &busy);
}

std::optional<Error> SqliteTransactor::attempt(std::string_view begin, std::string_view what,
                                               Step step, bool* busy) {
  // Whatever way this is left, an exception included, no transaction stays open.
  struct Rollback {
    Database& database;
    ~Rollback() {
      database.rollback();
      database.take_error();
    }
  } rollback{*database_};
  database_->run(begin);
  const std::int64_t changes_before = database_->total_changes();
  if (!step(*database_) && !database_->failed()) return std::nullopt;
  database_->run("commit");
  *busy = database_->busy();
  if (auto error = database_->take_error()) return std::move(*error).with_context(what);
  if (database_->total_changes() != changes_before) ++transactions_;
  return std::nullopt;
}

}  // namespace dth::state::sqlite

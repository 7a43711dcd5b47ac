#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

#include "state/sql/database.h"

namespace dth::state::sql {

// What the roles of a state share: its database, of which each use case is one transaction.
// Thread-safe.
class Transactor {
 public:
  enum class Mode {
    read,
    write,
    lazy_write,  // reads, and perhaps writes
  };
  virtual ~Transactor() = default;

  // Calls body(Database&) in a transaction and commits, or rolls back where it or any of its
  // statements failed; that failure is then the result. So a body may take "no row" at its word.
  // Where another transaction was in the way, body() is called once more.
  template <class Body>
  auto transact(Mode mode, std::string_view what, Body body)
      -> decltype(body(std::declval<Database&>())) {
    std::optional<decltype(body(std::declval<Database&>()))> result;
    const auto step = [&](Database& database) {
      result.reset();
      result.emplace(body(database));
      return !result->has_error();
    };
    auto error = execute(mode, what, Step(step));
    if (error) return std::move(*error);
    return std::move(*result);
  }

  // Transactions that changed something.
  virtual std::uint64_t transactions() const = 0;

 protected:
  // A body whose result is elsewhere: did it succeed? Does not own it.
  class Step {
   public:
    template <class Function>
    explicit Step(const Function& function)
        : function_(&function), call_([](const void* called, Database& database) {
            return (*static_cast<const Function*>(called))(database);
          }) {}
    bool operator()(Database& database) const { return call_(function_, database); }

   private:
    const void* function_;
    bool (*call_)(const void*, Database&);
  };

  // Nothing: the step was executed and decided; what it did is committed where it succeeded.
  virtual std::optional<Error> execute(Mode mode, std::string_view what, Step step) = 0;
};

}  // namespace dth::state::sql

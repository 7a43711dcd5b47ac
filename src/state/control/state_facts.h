#pragma once

#include <cstdint>

#include "base/error.h"

namespace dth::state {

enum class StateKind { sqlite, postgresql };

struct StateSize {
  StateKind kind = StateKind::sqlite;
  std::int64_t bytes = 0;  // of the database, without what is not yet in its main file
};

// What the state is kept in.
class StateFacts {
 public:
  virtual ~StateFacts() = default;
  virtual Result<StateSize> size() = 0;
};

}  // namespace dth::state

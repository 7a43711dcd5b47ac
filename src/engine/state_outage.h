#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"

namespace dth::engine {

// So long a call waits for a state that is busy or cannot be reached.
inline constexpr std::chrono::minutes state_wait_max{5};

// Did the state answer that the same call may succeed later?
inline bool is_state_away(const Error& error) {
  return error.reason == ErrorReason::state_unreachable;
}

// Whether the state can be reached, as all lanes of a process see it: a state that another process
// holds locked, or whose server is away for a moment, is waited for. While it is away one caller at
// a time asks it, with growing pauses; the others learn at once that it is. Thread-safe.
class StateOutage {
 public:
  // `say` is given one line when the state is found to be away and one when it is back, on the
  // thread of that call. `clock` outlives it.
  explicit StateOutage(Clock& clock, std::function<void(const std::string& line)> say = {})
      : clock_(clock), say_(std::move(say)) {}

  // What `function` returns, a Result; or, where the state is known to be away and it is not this
  // caller's turn to ask, why it is.
  template <class Function>
  auto ask(Function& function) -> std::invoke_result_t<Function&> {
    if (auto away = begin()) return *away;
    auto result = function();
    if (result.has_error() && is_state_away(result.error())) {
      found_away(result.error());
    } else {
      found_there();
    }
    return result;
  }

 private:
  std::optional<Error> begin();
  void found_there();
  void found_away(const Error& why);

  Clock& clock_;
  const std::function<void(const std::string& line)> say_;
  std::mutex mutex_;          // of all that follows; not held while the state is asked
  std::optional<Error> why_;  // it is away
  MonotonicTime since_{};
  MonotonicTime next_at_{};  // when it is asked again
  Duration pause_{};
  bool asking_ = false;  // somebody does
};

}  // namespace dth::engine

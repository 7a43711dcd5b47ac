#pragma once

#include <map>
#include <string>

#include "state/testing/guarded_state.h"

namespace dth::engine::testing {

// A State in front of `inner` that can be broken: then every call fails with the same error and
// changes nothing. `inner` must outlive it.
class BreakableState final : public state::testing::GuardedState {
 public:
  explicit BreakableState(state::State& inner)
      : GuardedState(inner, [this](std::string_view method) { return refusal(method); }) {}

  std::optional<Error> broken;
  int renewals_to_fail = 0;                       // with `unavailable`
  std::map<std::string, int, std::less<>> calls;  // by method

 private:
  std::optional<Error> refusal(std::string_view method) {
    ++calls[std::string(method)];
    if (method == "renew" && renewals_to_fail > 0) {
      --renewals_to_fail;
      return Error{ErrorCode::unavailable, "busy", ""};
    }
    return broken;
  }
};

}  // namespace dth::engine::testing

#pragma once

#include <functional>
#include <string>

#include "api/run_reader.h"
#include "base/clock.h"
#include "graphql/execution/resolvers.h"

namespace dth::api {

// The one place that handles the `idempotencyKey` of a mutation's input. For a day, the same key of
// the same caller and mutation answers the first answer and does nothing; with another input it is
// a user error. A second call while the first is under way is a user error, too.
class Idempotency {
 public:
  // What the mutation did. `answer` is kept, and has to be enough for Replay: ids, never a secret.
  // Empty: nothing was changed, and the key may be used again. An error as the payload of what was
  // done says only that it cannot be shown at this moment.
  struct Done {
    std::string answer;
    Result<graphql::Resolved> payload;
  };
  using Work = std::function<Async<Result<Done>>()>;
  using Replay = std::function<Async<Result<graphql::Resolved>>(std::string answer)>;

  // Both outlive it.
  Idempotency(StateReader& state, Clock& clock) : state_(state), clock_(clock) {}

  // Calls `work` once, or `replay` with what it answered then. `info` is the mutation's.
  Async<Result<graphql::Resolved>> once(graphql::ResolveInfo info, Work work, Replay replay);

 private:
  // Empty `answer`: the key is given back.
  Async<void> settle(state::IdempotentCall call, std::string answer);

  StateReader& state_;
  Clock& clock_;
};

}  // namespace dth::api

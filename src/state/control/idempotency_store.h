#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/clock.h"
#include "base/error.h"

namespace dth::state {

// A call that carries an idempotency key. The key belongs to who calls and to the operation: others
// may use the same one.
struct IdempotentCall {
  std::string principal;   // the id of the user or token
  std::string operation;   // the mutation's name
  std::string key;         // the client's, 1 to idempotency_key_bytes_max
  std::string input_hash;  // of everything else in the input
};

inline constexpr std::size_t idempotency_key_bytes_max = 255;
inline constexpr std::size_t idempotency_answer_bytes_max = 16 * 1024;
inline constexpr std::chrono::hours idempotency_kept_for{24};
// Beyond these, the oldest are forgotten before their day is over.
inline constexpr std::size_t idempotency_keys_max = 100'000;
// A call that has not finished after this long was lost with its hub: the key may be used again.
inline constexpr std::chrono::minutes idempotency_unfinished_for{10};

// What begin() found.
struct IdempotencyClaim {
  enum class Kind {
    mine,         // the key is new: the caller carries the operation out, and calls finish()
    answered,     // it was used with the same input: `answer`
    in_progress,  // it is used with the same input at this moment
    reused,       // it was used with another input
  };
  Kind kind = Kind::mine;
  std::string answer = {};
};

// The keys of the last day: the same call again answers the first answer and does nothing. See
// State for what every method keeps to.
class IdempotencyStore {
 public:
  virtual ~IdempotencyStore() = default;

  // Of two calls at the same time, one gets `mine`.
  virtual Result<IdempotencyClaim> begin(const IdempotentCall& call, TimePoint now) = 0;
  // The operation is done. invalid_argument for an answer beyond idempotency_answer_bytes_max.
  virtual Result<void> finish(const IdempotentCall& call, const std::string& answer) = 0;
  // The operation did nothing: the key is new again. Idempotent.
  virtual Result<void> abandon(const IdempotentCall& call) = 0;
};

}  // namespace dth::state

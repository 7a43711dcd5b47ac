#pragma once

#include <string>
#include <vector>

#include "base/blocking.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/server/http_server.h"
#include "state/state.h"

namespace dth::api {

// One thing that the hub needs to be of use, or that operators should know.
struct HealthCheck {
  enum class Kind { need, note };
  std::string name;
  std::optional<std::string> fault = {};  // what is wrong; nothing: it is well
  Kind kind = Kind::need;
};

// 200 where all is well that is needed, else 503. Verbose, a line for each check; otherwise one
// word.
net::ServerResponse readiness(const std::vector<HealthCheck>& checks, bool verbose);

// Whether the state can be read, by a connection and a thread of its own: no work of clients is
// before it. For one executor's thread.
class StateHealth {
 public:
  // All must outlive this.
  StateHealth(state::State& state, BlockingExecutor& blocking, Clock& clock, Log& log)
      : state_(state), blocking_(blocking), clock_(clock), log_(log) {}

  // What is wrong with it, for anybody to read: the details, which may name users, are logged.
  // Nothing where it can be read. What was found is told for a second, so
  // that who asks often asks the state no more often than that.
  Async<std::optional<std::string>> state_fault();

 private:
  static constexpr std::chrono::seconds kept_for{1};
  state::State& state_;
  BlockingExecutor& blocking_;
  Clock& clock_;
  Log& log_;
  std::optional<std::string> fault_;
  std::optional<MonotonicTime> looked_at_;
};

net::ServerResponse text_answer(unsigned status, std::string text);
// Does the query component hold the name, alone or with a value?
bool has_parameter(std::string_view query, std::string_view name);

}  // namespace dth::api

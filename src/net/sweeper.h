#pragma once

#include <functional>

#include "base/clock.h"

namespace dth::net {

// Calls `sweep` about four times a second while it answers true: one timer for all the deadlines of
// a client, in place of one per operation. Nothing runs after its destruction.
class Sweeper {
 public:
  Sweeper(Executor executor, std::function<bool()> sweep);
  ~Sweeper();

  // Starts sweeping unless it is going on. Cheap.
  void start();

 private:
  struct State;
  static void arm(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace dth::net

#pragma once

namespace dth::state {

// Ends when it goes: State::watch_work().
class WorkWatch {
 public:
  virtual ~WorkWatch() = default;
};

}  // namespace dth::state

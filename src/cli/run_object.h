#pragma once

#include <boost/json/fwd.hpp>

#include "cli/database.h"
#include "runs/run_view.h"

namespace dth::cli {

// Where a run is kept: in a state of this machine, or at a hub.
class RunPlace {
 public:
  RunPlace(const StatePlace& state) : state_(&state) {}
  static RunPlace at_hub(std::string hub) { return RunPlace(std::move(hub)); }

  // Null where it is a hub.
  const StatePlace* state() const { return state_; }
  const std::string& hub() const { return hub_; }

 private:
  explicit RunPlace(std::string hub) : hub_(std::move(hub)) {}

  const StatePlace* state_ = nullptr;
  std::string hub_;
};

// What JSON and YAML tell of a run that is kept there. Of one at a hub they lack what a hub does
// not tell: weight, placement, process, ledger.
boost::json::object run_object(const runs::RunView& view, const RunPlace& place);

}  // namespace dth::cli

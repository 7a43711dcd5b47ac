#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"

namespace dth::state {

// The right to do what only one hub of a state may do at a time: "audit_chain". `epoch` grows with
// each holder, so that who lost it and did not notice can change nothing.
struct HubLease {
  std::string name;
  std::string holder;
  std::int64_t epoch = 0;
};

// Who holds which right. A row each in state; the database's clock decides when one ends. See State
// for what every method keeps to.
class HubLeases {
 public:
  virtual ~HubLeases() = default;

  // For `time` from now on. Nothing where another holds it. A holder that asks again before its end
  // renews it, with the same epoch. `holder` was never used before: a new one for each start.
  virtual Result<std::optional<HubLease>> acquire(const std::string& name,
                                                  const std::string& holder, TimePoint now,
                                                  Duration time) = 0;
  // It is free at once. Idempotent; changes nothing where it was lost.
  virtual Result<void> release(const HubLease& lease) = 0;
};

}  // namespace dth::state

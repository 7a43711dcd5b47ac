#pragma once

#include "state/control/hub_leases.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlHubLeases final : public HubLeases {
 public:
  explicit SqlHubLeases(Transactor& transactor) : transactor_(transactor) {}

  Result<std::optional<HubLease>> acquire(const std::string& name, const std::string& holder,
                                          TimePoint now, Duration time) override;
  Result<void> release(const HubLease& lease) override;

 private:
  Transactor& transactor_;
};

// Within the transaction of what only the holder may do: precondition_failed where the lease was
// lost. Nobody takes it before that transaction ends.
Result<void> require_lease(Database& database, const HubLease& lease, TimePoint callers_now);

}  // namespace dth::state::sql

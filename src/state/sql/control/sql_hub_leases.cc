#include "state/sql/control/sql_hub_leases.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

}  // namespace

Result<std::optional<HubLease>> SqlHubLeases::acquire(const std::string& name,
                                                      const std::string& holder,
                                                      TimePoint callers_now, Duration time) {
  return transactor_.transact(
      Mode::write, "taking the lease " + name,
      [&](Database& database) -> Result<std::optional<HubLease>> {
        const TimePoint now = database.now(callers_now);
        const TimePoint until = now + std::chrono::duration_cast<std::chrono::microseconds>(time);
        // A row to lock: two that come at once wait for each other.
        database.run(
            "insert into hub_lease (name, holder, epoch, held_until) values (?, '', 0, 0) on "
            "conflict (name) do nothing",
            name);
        HubLease lease{.name = name, .holder = holder};
        {
          Query query = database.query(
              "select holder, epoch, held_until from hub_lease where name = ? for update", name);
          if (!query.next()) return std::optional<HubLease>();
          const bool is_own = query.text(0) == holder;
          const bool is_held = query.time(2) > now;
          if (is_held && !is_own) return std::optional<HubLease>();
          // One that ended in between may have been missed by its holder.
          lease.epoch = query.integer(1) + (is_held ? 0 : 1);
        }
        database.run("update hub_lease set holder = ?, epoch = ?, held_until = ? where name = ?",
                     holder, lease.epoch, until, name);
        return std::optional<HubLease>(lease);
      });
}

Result<void> SqlHubLeases::release(const HubLease& lease) {
  return transactor_.transact(
      Mode::write, "giving the lease " + lease.name + " back",
      [&](Database& database) -> Result<void> {
        database.run(
            "update hub_lease set held_until = 0 where name = ? and holder = ? and epoch = ?",
            lease.name, lease.holder, lease.epoch);
        return {};
      });
}

Result<void> require_lease(Database& database, const HubLease& lease, TimePoint callers_now) {
  Query query = database.query(
      "select held_until from hub_lease where name = ? and holder = ? and epoch = ? for update",
      lease.name, lease.holder, lease.epoch);
  if (query.next() && query.time(0) > database.now(callers_now)) return {};
  return Error{ErrorCode::precondition_failed,
               "the lease " + lease.name + " is not held any more: another hub has it",
               {}};
}

}  // namespace dth::state::sql

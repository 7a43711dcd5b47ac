#pragma once

#include "state/job_queue.h"
#include "state/sql/transactor.h"

namespace dth::state::sql {

class SqlJobQueue final : public JobQueue {
 public:
  // `failures_max` are kept of a run.
  SqlJobQueue(Transactor& transactor, std::int64_t failures_max)
      : transactor_(transactor), failures_max_(failures_max) {}

  Result<std::vector<Job>> claim(const ClaimRequest& request) override;
  Result<std::vector<Renewal>> renew(const std::vector<Lease>& leases, TimePoint now,
                                     TimePoint lease_until) override;
  Result<void> advance(const Lease& lease, const std::string& payload, const Effects& effects,
                       TimePoint now) override;
  Result<void> finish(const Lease& lease, const Effects& effects, TimePoint now) override;
  Result<void> release(const Lease& lease, TimePoint not_before, bool in_good_order) override;
  Result<std::int64_t> insert_missing_close_jobs(TimePoint now) override;
  Result<Backlog> backlog(const std::string& run, const std::string& kind) override;
  Result<std::vector<QueueDepth>> depths(TimePoint now) override;
  Result<std::vector<GroupResult>> group_results(GroupId group) override;

 private:
  Transactor& transactor_;
  const std::int64_t failures_max_;
};

}  // namespace dth::state::sql

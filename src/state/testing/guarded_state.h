#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/state.h"

namespace dth::state::testing {

// Asked before each call of a method, by its name: an error is the method's answer, and nothing is
// changed.
using Guard = std::function<std::optional<Error>(std::string_view method)>;

// What the roles of a GuardedState share.
class Guarded {
 protected:
  explicit Guarded(const Guard& guard) : guard_(guard) {}

  template <class Function>
  auto call(std::string_view method, Function function) -> decltype(function()) {
    if (auto error = guard_(method)) return *error;
    return function();
  }

 private:
  const Guard& guard_;
};

class GuardedRunStore final : public RunStore, private Guarded {
 public:
  GuardedRunStore(RunStore& inner, const Guard& guard) : Guarded(guard), inner_(inner) {}

  Result<void> create_run(const NewRun& run, const std::vector<NewJob>& jobs, TimePoint now,
                          const AuditEntry* audit) override {
    return call("create_run", [&] { return inner_.create_run(run, jobs, now, audit); });
  }
  Result<Run> find_run(const std::string& id) override {
    return call("find_run", [&] { return inner_.find_run(id); });
  }
  Result<std::vector<Run>> list_runs(std::size_t count_max) override {
    return call("list_runs", [&] { return inner_.list_runs(count_max); });
  }
  Result<std::vector<Run>> list_runs_after(const std::string& run, std::size_t count_max) override {
    return call("list_runs_after", [&] { return inner_.list_runs_after(run, count_max); });
  }
  Result<std::vector<Run>> unfinished_runs(std::size_t count_max) override {
    return call("unfinished_runs", [&] { return inner_.unfinished_runs(count_max); });
  }
  Result<Progress> progress(const std::string& run) override {
    return call("progress", [&] { return inner_.progress(run); });
  }
  Result<void> pause(const std::string& run, const AuditEntry* audit) override {
    return call("pause", [&] { return inner_.pause(run, audit); });
  }
  Result<void> resume(const std::string& run, const AuditEntry* audit) override {
    return call("resume", [&] { return inner_.resume(run, audit); });
  }
  Result<void> wait(const std::string& run, std::int64_t epoch, const Waiting& waiting) override {
    return call("wait", [&] { return inner_.wait(run, epoch, waiting); });
  }
  Result<void> place(const std::string& run, const Placement& from, const Placement& to) override {
    return call("place", [&] { return inner_.place(run, from, to); });
  }
  Result<void> change_spec(const std::string& run, const std::string& spec) override {
    return call("change_spec", [&] { return inner_.change_spec(run, spec); });
  }
  Result<void> change_weight(const std::string& run, int weight) override {
    return call("change_weight", [&] { return inner_.change_weight(run, weight); });
  }
  Result<void> request_cancel(const std::string& run, TimePoint now,
                              const AuditEntry* audit) override {
    return call("request_cancel", [&] { return inner_.request_cancel(run, now, audit); });
  }
  Result<std::optional<PlannedDeletions>> planned_deletions(const std::string& run) override {
    return call("planned_deletions", [&] { return inner_.planned_deletions(run); });
  }
  Result<std::int64_t> approve_deletions(const std::string& run, std::int64_t count,
                                         const Decider& by, const AuditEntry* audit) override {
    return call("approve_deletions",
                [&] { return inner_.approve_deletions(run, count, by, audit); });
  }
  Result<void> reject_deletions(const std::string& run, const std::string& comment,
                                const Decider& by, const AuditEntry* audit) override {
    return call("reject_deletions",
                [&] { return inner_.reject_deletions(run, comment, by, audit); });
  }
  Result<Run> ending_run(const Lease& close, TimePoint now) override {
    return call("ending_run", [&] { return inner_.ending_run(close, now); });
  }
  Result<void> end_run(const Lease& close, TimePoint ended_at) override {
    return call("end_run", [&] { return inner_.end_run(close, ended_at); });
  }

 private:
  RunStore& inner_;
};

class GuardedJobQueue final : public JobQueue, private Guarded {
 public:
  GuardedJobQueue(JobQueue& inner, const Guard& guard) : Guarded(guard), inner_(inner) {}

  Result<std::vector<Job>> claim(const ClaimRequest& request) override {
    return call("claim", [&] { return inner_.claim(request); });
  }
  Result<std::vector<Renewal>> renew(const std::vector<Lease>& leases, TimePoint now,
                                     TimePoint lease_until) override {
    return call("renew", [&] { return inner_.renew(leases, now, lease_until); });
  }
  Result<void> advance(const Lease& lease, const std::string& payload, const Effects& effects,
                       TimePoint now) override {
    return call("advance", [&] { return inner_.advance(lease, payload, effects, now); });
  }
  Result<void> finish(const Lease& lease, const Effects& effects, TimePoint now) override {
    return call("finish", [&] { return inner_.finish(lease, effects, now); });
  }
  Result<void> release(const Lease& lease, TimePoint not_before, bool in_good_order) override {
    return call("release", [&] { return inner_.release(lease, not_before, in_good_order); });
  }
  Result<std::int64_t> insert_missing_close_jobs(TimePoint now) override {
    return call("insert_missing_close_jobs", [&] { return inner_.insert_missing_close_jobs(now); });
  }
  Result<Backlog> backlog(const std::string& run, const std::string& kind) override {
    return call("backlog", [&] { return inner_.backlog(run, kind); });
  }
  Result<std::vector<QueueDepth>> depths(TimePoint now) override {
    return call("depths", [&] { return inner_.depths(now); });
  }
  Result<std::vector<GroupResult>> group_results(GroupId group) override {
    return call("group_results", [&] { return inner_.group_results(group); });
  }

 private:
  JobQueue& inner_;
};

class GuardedUploadLog final : public UploadLog, private Guarded {
 public:
  GuardedUploadLog(UploadLog& inner, const Guard& guard) : Guarded(guard), inner_(inner) {}

  Result<UploadRowId> record_upload_intent(const Lease& lease, const NewUpload& upload,
                                           TimePoint now) override {
    return call("record_upload_intent",
                [&] { return inner_.record_upload_intent(lease, upload, now); });
  }
  Result<void> record_upload_created(const Lease& lease, UploadRowId upload,
                                     const std::string& upload_id) override {
    return call("record_upload_created",
                [&] { return inner_.record_upload_created(lease, upload, upload_id); });
  }
  Result<std::vector<Upload>> open_uploads(const std::string& run,
                                           const std::string& key) override {
    return call("open_uploads", [&] { return inner_.open_uploads(run, key); });
  }
  Result<void> close_upload(UploadRowId upload) override {
    return call("close_upload", [&] { return inner_.close_upload(upload); });
  }
  Result<void> leave_upload_open(UploadRowId upload, const std::string& upload_id,
                                 const std::string& reason) override {
    return call("leave_upload_open",
                [&] { return inner_.leave_upload_open(upload, upload_id, reason); });
  }

 private:
  UploadLog& inner_;
};

class GuardedRunRecords final : public RunRecords, private Guarded {
 public:
  GuardedRunRecords(RunRecords& inner, const Guard& guard) : Guarded(guard), inner_(inner) {}

  Result<std::vector<Failure>> failures(const std::string& run, std::size_t offset,
                                        std::size_t count_max) override {
    return call("failures", [&] { return inner_.failures(run, offset, count_max); });
  }
  Result<std::vector<FailureGroup>> failure_groups(const std::string& run) override {
    return call("failure_groups", [&] { return inner_.failure_groups(run); });
  }
  Result<std::vector<std::string>> warnings(const std::string& run) override {
    return call("warnings", [&] { return inner_.warnings(run); });
  }
  Result<std::vector<Segment>> segments(const std::string& run) override {
    return call("segments", [&] { return inner_.segments(run); });
  }

 private:
  RunRecords& inner_;
};

class GuardedWorkerRegistry final : public WorkerRegistry, private Guarded {
 public:
  GuardedWorkerRegistry(WorkerRegistry& inner, const Guard& guard)
      : Guarded(guard), inner_(inner) {}

  Result<void> register_worker(const NewWorker& worker, TimePoint now) override {
    return call("register_worker", [&] { return inner_.register_worker(worker, now); });
  }
  Result<void> heartbeat(const std::string& worker, TimePoint now) override {
    return call("heartbeat", [&] { return inner_.heartbeat(worker, now); });
  }
  Result<void> drain(const std::string& worker, const AuditEntry* audit) override {
    return call("drain", [&] { return inner_.drain(worker, audit); });
  }
  Result<bool> is_draining(const std::string& worker) override {
    return call("is_draining", [&] { return inner_.is_draining(worker); });
  }
  Result<void> remove(const std::string& worker, TimePoint now) override {
    return call("remove", [&] { return inner_.remove(worker, now); });
  }
  Result<std::vector<WorkerInfo>> list(TimePoint now) override {
    return call("list", [&] { return inner_.list(now); });
  }
  Result<std::vector<std::string>> free_dead(TimePoint now) override {
    return call("free_dead", [&] { return inner_.free_dead(now); });
  }

 private:
  WorkerRegistry& inner_;
};

// A State whose every call asks the guard first. `inner` must outlive it.
class GuardedState : public State {
 public:
  GuardedState(State& inner, Guard guard) : guard_(std::move(guard)), inner_(inner) {}
  GuardedState(const GuardedState&) = delete;
  GuardedState& operator=(const GuardedState&) = delete;

  RunStore& runs() override { return runs_; }
  JobQueue& jobs() override { return jobs_; }
  UploadLog& uploads() override { return uploads_; }
  RunRecords& records() override { return records_; }
  WorkerRegistry& workers() override { return workers_; }
  ControlState& control() override { return inner_.control(); }
  std::uint64_t transactions() const override { return inner_.transactions(); }

 private:
  const Guard guard_;
  State& inner_;
  GuardedRunStore runs_{inner_.runs(), guard_};
  GuardedJobQueue jobs_{inner_.jobs(), guard_};
  GuardedUploadLog uploads_{inner_.uploads(), guard_};
  GuardedRunRecords records_{inner_.records(), guard_};
  GuardedWorkerRegistry workers_{inner_.workers(), guard_};
};

}  // namespace dth::state::testing

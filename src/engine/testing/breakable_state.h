#pragma once

#include "state/state.h"

namespace dth::engine::testing {

// A State in front of `inner` that can be broken: then every call fails with the same error and
// changes nothing. `inner` must outlive it.
class BreakableState final : public state::State {
 public:
  explicit BreakableState(state::State& inner) : inner_(inner) {}

  std::optional<Error> broken;
  int renewals_to_fail = 0;  // with `unavailable`

  Result<void> create_run(const state::NewRun& run, const std::vector<state::NewJob>& jobs,
                          TimePoint now) override {
    return call([&] { return inner_.create_run(run, jobs, now); });
  }
  Result<state::Run> find_run(const std::string& id) override {
    return call([&] { return inner_.find_run(id); });
  }
  Result<std::vector<state::Run>> list_runs(std::size_t count_max) override {
    return call([&] { return inner_.list_runs(count_max); });
  }
  Result<std::vector<state::Run>> list_runs_after(const std::string& run,
                                                  std::size_t count_max) override {
    return call([&] { return inner_.list_runs_after(run, count_max); });
  }
  Result<std::vector<state::Run>> unfinished_runs(std::size_t count_max) override {
    return call([&] { return inner_.unfinished_runs(count_max); });
  }
  Result<state::Progress> progress(const std::string& run) override {
    return call([&] { return inner_.progress(run); });
  }
  Result<void> set_run_state(const std::string& run, state::RunState state) override {
    return call([&] { return inner_.set_run_state(run, state); });
  }
  Result<void> request_cancel(const std::string& run) override {
    return call([&] { return inner_.request_cancel(run); });
  }
  Result<void> withdraw_cancel(const std::string& run) override {
    return call([&] { return inner_.withdraw_cancel(run); });
  }
  Result<bool> end_run_if_drained(const std::string& run, TimePoint now) override {
    return call([&] { return inner_.end_run_if_drained(run, now); });
  }
  Result<bool> abandon_run(const std::string& run, state::RunState as, TimePoint now) override {
    return call([&] { return inner_.abandon_run(run, as, now); });
  }
  Result<std::vector<state::Job>> claim(const state::ClaimRequest& request) override {
    return call([&] { return inner_.claim(request); });
  }
  Result<std::vector<state::Renewal>> renew(const std::vector<state::Lease>& leases, TimePoint now,
                                            TimePoint lease_until) override {
    if (renewals_to_fail > 0) {
      --renewals_to_fail;
      return Error{ErrorCode::unavailable, "busy", ""};
    }
    return call([&] { return inner_.renew(leases, now, lease_until); });
  }
  Result<void> advance(const state::Lease& lease, const std::string& payload,
                       const state::Effects& effects, TimePoint now) override {
    return call([&] { return inner_.advance(lease, payload, effects, now); });
  }
  Result<void> finish(const state::Lease& lease, const state::Effects& effects,
                      TimePoint now) override {
    return call([&] { return inner_.finish(lease, effects, now); });
  }
  Result<void> release(const state::Lease& lease, TimePoint not_before,
                       bool in_good_order) override {
    return call([&] { return inner_.release(lease, not_before, in_good_order); });
  }
  Result<std::int64_t> release_all_leases(TimePoint now) override {
    return call([&] { return inner_.release_all_leases(now); });
  }
  Result<state::Backlog> backlog(const std::string& run, const std::string& kind) override {
    return call([&] { return inner_.backlog(run, kind); });
  }
  Result<std::vector<state::GroupResult>> group_results(state::GroupId group) override {
    return call([&] { return inner_.group_results(group); });
  }
  Result<state::UploadRowId> record_upload_intent(const state::Lease& lease,
                                                  const state::NewUpload& upload,
                                                  TimePoint now) override {
    return call([&] { return inner_.record_upload_intent(lease, upload, now); });
  }
  Result<void> record_upload_created(const state::Lease& lease, state::UploadRowId upload,
                                     const std::string& upload_id) override {
    return call([&] { return inner_.record_upload_created(lease, upload, upload_id); });
  }
  Result<std::vector<state::Upload>> open_uploads(const std::string& run,
                                                  const std::string& key) override {
    return call([&] { return inner_.open_uploads(run, key); });
  }
  Result<void> close_upload(state::UploadRowId upload) override {
    return call([&] { return inner_.close_upload(upload); });
  }
  Result<void> leave_upload_open(state::UploadRowId upload, const std::string& upload_id,
                                 const std::string& reason) override {
    return call([&] { return inner_.leave_upload_open(upload, upload_id, reason); });
  }
  Result<std::vector<std::string>> warnings(const std::string& run) override {
    return call([&] { return inner_.warnings(run); });
  }
  Result<std::vector<state::Failure>> failures(const std::string& run, std::size_t offset,
                                               std::size_t count_max) override {
    return call([&] { return inner_.failures(run, offset, count_max); });
  }
  Result<std::vector<state::Segment>> segments(const std::string& run) override {
    return call([&] { return inner_.segments(run); });
  }
  Result<std::int64_t> compact() override {
    return call([&] { return inner_.compact(); });
  }

 private:
  template <class Function>
  auto call(Function function) -> decltype(function()) {
    if (broken) return *broken;
    return function();
  }

  state::State& inner_;
};

}  // namespace dth::engine::testing

#include "simulation/gated_state.h"

namespace dth::simulation {
namespace {

using namespace state;

class GatedState final : public State {
 public:
  GatedState(State& inner, std::shared_ptr<const Life> life)
      : inner_(inner), life_(std::move(life)) {}

  Result<void> create_run(const NewRun& run, const std::vector<NewJob>& jobs,
                          TimePoint now) override {
    return call([&] { return inner_.create_run(run, jobs, now); });
  }
  Result<Run> find_run(const std::string& id) override {
    return call([&] { return inner_.find_run(id); });
  }
  Result<std::vector<Run>> list_runs(std::size_t count_max) override {
    return call([&] { return inner_.list_runs(count_max); });
  }
  Result<std::vector<Run>> list_runs_after(const std::string& run, std::size_t count_max) override {
    return call([&] { return inner_.list_runs_after(run, count_max); });
  }
  Result<std::vector<Run>> unfinished_runs(std::size_t count_max) override {
    return call([&] { return inner_.unfinished_runs(count_max); });
  }
  Result<Progress> progress(const std::string& run) override {
    return call([&] { return inner_.progress(run); });
  }
  Result<void> set_run_state(const std::string& run, RunState state) override {
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
  Result<bool> abandon_run(const std::string& run, RunState as, TimePoint now) override {
    return call([&] { return inner_.abandon_run(run, as, now); });
  }
  Result<std::vector<Job>> claim(const ClaimRequest& request) override {
    return call([&] { return inner_.claim(request); });
  }
  Result<std::vector<Renewal>> renew(const std::vector<Lease>& leases, TimePoint now,
                                     TimePoint lease_until) override {
    return call([&] { return inner_.renew(leases, now, lease_until); });
  }
  Result<void> advance(const Lease& lease, const std::string& payload, const Effects& effects,
                       TimePoint now) override {
    return call([&] { return inner_.advance(lease, payload, effects, now); });
  }
  Result<void> finish(const Lease& lease, const Effects& effects, TimePoint now) override {
    return call([&] { return inner_.finish(lease, effects, now); });
  }
  Result<void> release(const Lease& lease, TimePoint not_before, bool in_good_order) override {
    return call([&] { return inner_.release(lease, not_before, in_good_order); });
  }
  Result<std::int64_t> release_all_leases(TimePoint now) override {
    return call([&] { return inner_.release_all_leases(now); });
  }
  Result<Backlog> backlog(const std::string& run, const std::string& kind) override {
    return call([&] { return inner_.backlog(run, kind); });
  }
  Result<std::vector<GroupResult>> group_results(GroupId group) override {
    return call([&] { return inner_.group_results(group); });
  }
  Result<UploadRowId> record_upload_intent(const Lease& lease, const NewUpload& upload,
                                           TimePoint now) override {
    return call([&] { return inner_.record_upload_intent(lease, upload, now); });
  }
  Result<void> record_upload_created(const Lease& lease, UploadRowId upload,
                                     const std::string& upload_id) override {
    return call([&] { return inner_.record_upload_created(lease, upload, upload_id); });
  }
  Result<std::vector<Upload>> open_uploads(const std::string& run,
                                           const std::string& key) override {
    return call([&] { return inner_.open_uploads(run, key); });
  }
  Result<void> close_upload(UploadRowId upload) override {
    return call([&] { return inner_.close_upload(upload); });
  }
  Result<void> leave_upload_open(UploadRowId upload, const std::string& upload_id,
                                 const std::string& reason) override {
    return call([&] { return inner_.leave_upload_open(upload, upload_id, reason); });
  }
  Result<std::vector<std::string>> warnings(const std::string& run) override {
    return call([&] { return inner_.warnings(run); });
  }
  Result<std::vector<Failure>> failures(const std::string& run, std::size_t offset,
                                        std::size_t count_max) override {
    return call([&] { return inner_.failures(run, offset, count_max); });
  }
  Result<std::vector<Segment>> segments(const std::string& run) override {
    return call([&] { return inner_.segments(run); });
  }
  Result<std::int64_t> compact() override {
    return call([&] { return inner_.compact(); });
  }

 private:
  template <class Function>
  auto call(Function function) -> decltype(function()) {
    if (!life_->alive) return Error{ErrorCode::cancelled, "this process is dead", ""};
    return function();
  }

  State& inner_;
  std::shared_ptr<const Life> life_;
};

}  // namespace

std::unique_ptr<state::State> make_gated_state(state::State& state,
                                               std::shared_ptr<const Life> life) {
  return std::make_unique<GatedState>(state, std::move(life));
}

}  // namespace dth::simulation

#include "plugins/object_copy/plugin.h"

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/iam_policy.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/object_copy_lane.h"
#include "plugins/object_copy/option_table.h"
#include "plugins/object_copy/task.h"

namespace dth::object_copy {
namespace {

class ObjectCopyPlugin final : public engine::Plugin {
 public:
  ObjectCopyPlugin(StoreOpener& opener, std::string temporary_directory)
      : opener_(opener), table_(opener.kinds()), facts_(opener, std::move(temporary_directory)) {}

  std::string_view kind() const override { return "object_copy"; }
  std::span<const engine::OfferedAction> offered_actions() const override {
    return object_copy::offered_actions();
  }
  std::span<const options::Option> option_table() const override { return table_.all(); }

  Result<std::shared_ptr<const engine::Task>> parse(engine::TaskSpec spec,
                                                    TimePoint begun_at) const override {
    auto task = parse_task(std::move(spec), begun_at, table_);
    if (task.has_error()) return task.error();
    return std::shared_ptr<const engine::Task>(std::move(*task));
  }

  std::span<const state::Counter* const> counters() const override {
    return object_copy::counters();
  }
  std::string identity(const engine::TaskSpec& spec) const override { return identity_of(spec); }

  std::vector<state::NewJob> first_jobs(const engine::Task& task) const override {
    if (const auto& retry = task.spec().retry) return {retry_job({retry->run, 0, retry->keys})};
    return object_copy::first_jobs(own(task).options());
  }

  std::string access_policy(const engine::Task& task, engine::Side side) const override {
    const objects::Endpoint& endpoint = side == engine::Side::source
                                            ? own(task).source().endpoint
                                            : own(task).destination().endpoint;
    const objects::StoreKind* const kind = objects::find_kind(opener_.kinds(), endpoint.kind);
    const std::string_view partition = kind ? kind->policy_partition(endpoint) : "";
    return partition.empty() ? "" : iam_policy(own(task), side, partition);
  }

  std::vector<engine::JobSlots> job_slots() const override {
    using enum engine::Phase;
    return {{kind_finish, 8, copy},    {kind_part, 16, copy},   {kind_copy, 12, copy},
            {kind_last, 1, copy},      {kind_check, 8, verify}, {kind_remove, 8, remove},
            {kind_restore, 2, copy},   {kind_scan, 2, list},    {kind_retry, 1, list},
            {kind_find_extra, 1, list}};
  }

  std::vector<engine::JobSlots> job_slots_of(const engine::Task& task,
                                             unsigned lanes) const override {
    std::vector<engine::JobSlots> slots = job_slots();
    const CopyTuning& tuning = own(task).tuning();
    if (lanes == 1 || tuning.concurrency_automatic) return slots;
    // With more jobs than it may work on at once a lane would leave others without.
    const std::uint32_t in_flight = (tuning.objects_in_flight_max + lanes - 1) / lanes;
    for (engine::JobSlots& slot : slots) {
      const bool is_of_parts = slot.kind == kind_part;
      const bool is_batch =
          slot.kind == kind_copy || slot.kind == kind_check || slot.kind == kind_remove;
      if (!is_of_parts && !is_batch) continue;
      const std::uint32_t per_job =
          is_of_parts ? tuning.parts_in_flight_per_job_max : tuning.objects_in_flight_per_job_max;
      slot.count_max = std::min(slot.count_max, (in_flight + per_job - 1) / per_job);
    }
    return slots;
  }

  std::unique_ptr<engine::PluginLane> open_lane(engine::Lane lane) override {
    return std::make_unique<ObjectCopyLane>(opener_, facts_, lane);
  }

 private:
  // Tasks come from parse() above.
  static const ObjectCopyTask& own(const engine::Task& task) {
    return static_cast<const ObjectCopyTask&>(task);
  }

  StoreOpener& opener_;
  const OptionTable table_;
  SharedFacts facts_;
};

}  // namespace

std::unique_ptr<engine::Plugin> make_object_copy_plugin(StoreOpener& opener,
                                                        std::string temporary_directory) {
  return std::make_unique<ObjectCopyPlugin>(opener, std::move(temporary_directory));
}

}  // namespace dth::object_copy

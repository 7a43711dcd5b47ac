#pragma once

#include <memory>

#include "engine/plugin.h"
#include "plugins/object_copy/plugin.h"
#include "plugins/object_copy/scan/list_file.h"
#include "plugins/object_copy/shared_facts.h"
#include "plugins/object_copy/task.h"

namespace dth::object_copy {

// Opens the stores of tasks on one lane.
class ObjectCopyLane final : public engine::PluginLane {
 public:
  // The lane, and what the lanes of a run share in this process.
  struct LanePlace {
    engine::Lane lane;
    OutageBoard* outages = nullptr;
  };
  // The file that the options name, and the store that it is read from, where that is not the
  // source.
  struct OpenList {
    std::unique_ptr<OpenStores> stores = {};
    std::unique_ptr<ListFile> file = {};
  };

  // Both outlive it.
  ObjectCopyLane(StoreOpener& opener, SharedFacts& facts, engine::Lane lane)
      : opener_(opener.open_lane(lane.executor, lane.clock, lane.count)),
        facts_(facts),
        lane_(lane) {}

  Async<Result<std::unique_ptr<engine::JobRunner>>> open(std::shared_ptr<const engine::Task> task,
                                                         OutageBoard* outages) override;
  void close_idle() override { opener_->close_idle(); }

 private:
  Async<Result<OpenList>> open_list(const ObjectCopyTask* task, OpenStores* stores, LanePlace lane,
                                    CopyTuning tuning);

  const std::unique_ptr<LaneOpener> opener_;
  SharedFacts& facts_;
  const engine::Lane lane_;
};

}  // namespace dth::object_copy

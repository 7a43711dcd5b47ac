#include "plugins/object_copy/scan/scan_loop.h"

#include "plugins/object_copy/scan/scan_step.h"

namespace dth::object_copy {

Async<Result<bool>> record_found(LaneContext* lane, engine::JobContext* context,
                                 engine::Finished found, std::string rest,
                                 std::vector<Room> rooms) {
  auto recorded = co_await advance_counted(lane, context, std::move(rest), std::move(found));
  if (recorded.has_error()) co_return recorded.error();
  for (Room& room : rooms) {
    auto waited = co_await context->wait_for_room(std::move(room.kind), room.items_max);
    if (waited.has_value()) continue;
    if (!context->stop_requested()) co_return waited.error();
    co_return false;
  }
  co_return true;
}

Async<Result<bool>> record_scan(LaneContext* lane, engine::JobContext* context, ScanStep* step,
                                ScanPayload rest) {
  std::vector<Room> rooms{{kind_copy, lane->tuning.backlog_items_max}};
  if (lane->options.archived == ArchivedRule::restore)
    rooms.push_back({kind_restore, lane->tuning.backlog_restores_max});
  co_return co_await record_found(lane, context, step->take(), to_json(rest), std::move(rooms));
}

}  // namespace dth::object_copy

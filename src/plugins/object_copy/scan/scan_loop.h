#pragma once

#include <string>
#include <vector>

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

class ScanStep;

// What the jobs that list have in common.

// Room that there has to be in the backlog before more is emitted.
struct Room {
  std::string kind;
  std::int64_t items_max;
};

// Records what was found so far, from where the job goes on with `rest`, and waits for room. False:
// a stop is requested.
Async<Result<bool>> record_found(LaneContext* lane, engine::JobContext* context,
                                 engine::Finished found, std::string rest, std::vector<Room> rooms);

// The same of a scan.
Async<Result<bool>> record_scan(LaneContext* lane, engine::JobContext* context, ScanStep* step,
                                ScanPayload rest);

// Scans the prefixes of `payload` one after the other; none: that of the run. Hands on what a stop
// leaves. `step` collects what is found; `Job` has
//   Async<Result<bool>> scan_prefix(engine::JobContext&, Step*, ScanPayload*)
// which scans the first prefix from where the payload says on, and moves that (false: it is to be
// handed on), and
//   Async<Result<bool>> record(engine::JobContext&, Step*, ScanPayload)
// which records what was found, and the payload (false: a stop is requested).
template <class Job, class Step>
Async<Result<engine::Finished>> scan_prefixes(Job* job, engine::JobContext& context, Step* step,
                                              ScanPayload payload) {
  for (;;) {
    auto ended = co_await job->scan_prefix(context, step, &payload);
    if (ended.has_error()) co_return ended.error();
    if (*ended && payload.prefixes.size() <= 1) co_return step->take();
    if (*ended) {
      payload.prefixes.erase(payload.prefixes.begin());
      payload.after.clear();
      payload.sorted_after.clear();
    }
    bool go_on = *ended && !context.stop_requested();
    if (go_on && step->due()) {
      auto recorded = co_await job->record(context, step, payload);
      if (recorded.has_error()) co_return recorded.error();
      go_on = *recorded;
    }
    if (go_on) continue;
    engine::Finished finished = step->take();
    finished.effects.jobs.push_back(scan_job(std::move(payload)));
    co_return finished;
  }
}

}  // namespace dth::object_copy

#include "plugins/object_copy/copy/last_job.h"

#include "plugins/object_copy/copy/copy_batch.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "plugins/object_copy/other_jobs.h"

namespace dth::object_copy {
namespace {

constexpr std::chrono::milliseconds turn_poll_interval{50};

// What may be left of a run when its awkward names are written: these themselves, and deletions.
constexpr std::string_view later_kinds[] = {kind_last, kind_find_extra, kind_remove};

// One at a time, in all lanes.
class Turn {
 public:
  explicit Turn(std::shared_ptr<KeptFacts> facts) : facts_(std::move(facts)) {}
  Turn(const Turn&) = delete;
  ~Turn() { facts_->leave_turn(); }

 private:
  std::shared_ptr<KeptFacts> facts_;  // a frame that holds this may outlive the runner
};

}  // namespace

Async<Result<engine::Finished>> LastJob::run(engine::JobContext& context) {
  auto payload = parse_copy_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  for (Item& item : payload->items) item.last = true;
  for (;;) {
    auto alone = co_await wait_for_others(context, later_kinds);
    if (alone.has_error()) co_return alone.error();
    if (lane_.kept->try_take_turn()) {
      const Turn turn(lane_.kept);
      // The one before may have left an upload, whose object comes first.
      auto still_alone = co_await are_others_done(&context, later_kinds);
      if (still_alone.has_error()) co_return still_alone.error();
      if (*still_alone) co_return co_await copy_in_turn(&context, std::move(payload->items));
    }
    auto slept = co_await lane_.clock.sleep_for(turn_poll_interval);
    if (slept.has_error()) co_return slept.error();
  }
}

// What comes of it is recorded before the turn is left: the next in turn sees the upload of an
// object that goes up in parts.
Async<Result<engine::Finished>> LastJob::copy_in_turn(engine::JobContext* context,
                                                      std::vector<Item> items) {
  CopyBatch batch(lane_, *context, std::move(items));
  const FoldingSet none_claimed;
  auto finished = co_await batch.copy(1, none_claimed);
  if (finished.has_error() || finished->effects.jobs.empty()) co_return finished;
  std::string rest = to_json(CopyPayload{});
  engine::Finished part;
  part.effects = std::exchange(finished->effects, {});
  part.lines = std::exchange(finished->lines, {});
  auto recorded = co_await advance_counted(&lane_, context, std::move(rest), std::move(part));
  if (recorded.has_error()) co_return recorded.error();
  co_return finished;
}

}  // namespace dth::object_copy

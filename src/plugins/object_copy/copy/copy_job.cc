#include "plugins/object_copy/copy/copy_job.h"

#include "plugins/object_copy/copy/copy_batch.h"
#include "plugins/object_copy/copy/copy_way.h"
#include "plugins/object_copy/copy/name_folding.h"
#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/multipart/begin_upload.h"
#include "plugins/object_copy/new_jobs.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/rules/awkward_name.h"

namespace dth::object_copy {
namespace {

// Folder markers, which are empty, are known by their slash.
bool may_be_renamed(const std::string& key, const Item& item, FoldingSet folded) {
  const bool is_file_with_slash =
      key.ends_with('/') && (item.size > 0 || item.state != ItemState::listed);
  return is_file_with_slash || (folded.any() && (folded & foldings_of(key)).any()) ||
         is_awkward_name(key);
}

}  // namespace

Async<Result<engine::Finished>> CopyJob::run(engine::JobContext& context) {
  auto payload = parse_copy_payload(context.job().payload);
  if (payload.has_error()) co_return payload.error();
  FoldingSet claimed;
  std::optional<FoldingTrial> trial;
  if (!lane_.stores.destination.limits().keeps_names) {
    NameFolding foldings(lane_);
    auto open = co_await foldings.claim(&context, &payload->items);
    if (open.has_error()) co_return open.error();
    claimed = *open;
    if (claimed.any()) trial.emplace(lane_.kept, claimed);
    auto put_off = co_await put_off_awkward_names(&context, &payload->items);
    if (put_off.has_error()) co_return put_off.error();
  }
  if (payload->items.size() == 1 && is_for_parts(lane_, payload->items[0]) &&
      payload->items[0].state != ItemState::needs_comparison &&
      !can_copy_server_side(lane_, payload->items[0])) {
    co_return co_await BeginUpload(lane_).run(context, std::move(payload->items[0]));
  }
  CopyBatch batch(lane_, context, std::move(payload->items));
  co_return co_await batch.copy(lane_.tuning.objects_in_flight_per_job_max, claimed);
}

// Takes out of a batch what a store that is not known to keep every name may change: it is written
// after all others of the run. These are recorded at once, since what is recorded of the batch from
// then on does not have them.
Async<Result<void>> CopyJob::put_off_awkward_names(engine::JobContext* context,
                                                   std::vector<Item>* items) {
  const FoldingSet folded = lane_.kept->folded();
  const auto first = std::stable_partition(items->begin(), items->end(), [&](const Item& item) {
    return item.last || !may_be_renamed(lane_.options.destination_key_of(item.key), item, folded);
  });
  if (first == items->end()) co_return Result<void>();
  const std::string run = context->job().run;
  auto waiting = co_await context->with_state(
      [&](state::State& state) { return state.jobs().backlog(run, kind_last); });
  if (waiting.has_error()) co_return waiting.error();
  std::vector<Item> later(std::make_move_iterator(first), std::make_move_iterator(items->end()));
  items->erase(first, items->end());
  engine::Finished part;
  if (waiting->items >= lane_.tuning.backlog_last_max) {
    const Error full{ErrorCode::unavailable,
                     "too many names of this run may be changed by the destination, and wait to be "
                     "written last. Run again to copy the rest",
                     ""};
    for (const Item& item : later) {
      if (item.state == ItemState::named) part.effects.counts[Counter::selected] += 1;
      record_failure(item.key, item.size, full, 0, lane_.clock.now(), &part, item.version);
    }
  } else {
    for (Item& item : later) item.maybe_written = item.maybe_written || context->attempted_before();
    part.effects.jobs.push_back(last_job(std::move(later)));
  }
  std::string rest = to_json(CopyPayload{*items});
  co_return co_await advance_counted(&lane_, context, std::move(rest), std::move(part));
}

}  // namespace dth::object_copy

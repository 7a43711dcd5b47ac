#include "base/encoding.h"
#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "plugins/object_copy/other_jobs.h"
#include "plugins/object_copy/rules/awkward_name.h"

namespace dth::object_copy {
namespace {

constexpr std::chrono::milliseconds turn_poll_interval{50};
constexpr std::uint32_t names_listed_max = 100;

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

// Folder markers, which are empty, are known by their slash.
bool may_be_renamed(const std::string& key, const Item& item, FoldingSet folded) {
  const bool is_file_with_slash =
      key.ends_with('/') && (item.size > 0 || item.named || item.unsure);
  return is_file_with_slash || (folded.any() && (folded & foldings_of(key)).any()) ||
         is_awkward_name(key);
}

Error changed_name(const std::string& what, const std::string& advice) {
  return Error{ErrorCode::unsupported, ErrorReason::name_not_kept,
               "the destination does not keep this name: " + what + ". " + advice, ""};
}

}  // namespace

// Takes out of a batch what a store that is not known to keep every name may change: it is written
// after all others of the run. These are recorded at once, since what is recorded of the batch from
// then on does not have them.
Async<Result<void>> ObjectCopyRunner::put_off_awkward_names(engine::JobContext* context,
                                                            std::vector<Item>* items) {
  const FoldingSet folded = lane_.kept->folded();
  const auto first = std::stable_partition(items->begin(), items->end(), [&](const Item& item) {
    return item.last || !may_be_renamed(lane_.options.destination_key_of(item.key), item, folded);
  });
  if (first == items->end()) co_return Result<void>();
  const std::string run = context->job().run;
  auto waiting = co_await context->with_state(
      [&](state::State& state) { return state.backlog(run, kind_last); });
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
      if (item.named) part.effects.counts[state::Counter::selected] += 1;
      record_failure(item.key, item.size, full, 0, lane_.clock.now(), &part, item.version);
    }
  } else {
    for (Item& item : later) item.maybe_written = item.maybe_written || context->attempted_before();
    part.effects.jobs.push_back(last_job(std::move(later)));
  }
  part.effects.counts += lane_.take_request_counts();
  std::string rest = to_json(CopyPayload{*items});
  co_return co_await context->advance(std::move(rest), std::move(part.effects),
                                      std::move(part.lines));
}

Async<Result<engine::Finished>> ObjectCopyRunner::copy_last(engine::JobContext& context) {
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
Async<Result<engine::Finished>> ObjectCopyRunner::copy_in_turn(engine::JobContext* context,
                                                               std::vector<Item> items) {
  auto finished = co_await copy_batch(*context, std::move(items), 1);
  if (finished.has_error() || finished->effects.jobs.empty()) co_return finished;
  finished->effects.counts += lane_.take_request_counts();
  std::string rest = to_json(CopyPayload{});
  auto recorded = co_await context->advance(std::move(rest), std::exchange(finished->effects, {}),
                                            std::exchange(finished->lines, {}));
  if (recorded.has_error()) co_return recorded.error();
  co_return finished;
}

// Before an awkward name is written: is it free? An object that answers to it, and is not listed
// under it, is another's. So is one that was written since the run listed the key.
Async<Result<void>> ObjectCopyRunner::check_name_is_free(Attempt* attempt) {
  const std::string key = lane_.options.destination_key_of(attempt->item.key);
  auto present = co_await lane_.destination->head(key, "");
  if (present.has_error() && present.error().code != ErrorCode::not_found)
    co_return present.error();
  if (present.has_error()) {
    attempt->item.set_destination_absent();
    co_return Result<void>();
  }
  auto listed = co_await find_listed(key, "");
  if (listed.has_error()) co_return listed.error();
  if (!listed->exact) {
    auto name = co_await find_made_name(key, present->info.etag);
    if (name.has_error()) co_return name.error();
    const std::string what =
        name->empty() ? "an object that is listed under another one" : printable(*name);
    co_return changed_name(
        "it answers with " + what,
        "Nothing was written. Copy to another destination, or rename the object at the source");
  }
  const Item& item = attempt->item;
  const bool was_there = !item.destination_etag.empty() || item.replaces_unknown;
  const bool is_known = !item.destination_etag.empty() && !listed->etag.empty();
  const bool is_as_listed =
      was_there && (!is_known || objects::is_same_etag(listed->etag, item.destination_etag));
  if (item.named || item.unsure || is_as_listed) co_return Result<void>();
  if (!attempt->wrote) co_return written_by_another(listed->etag);
  attempt->item.set_destination(listed->etag);
  co_return Result<void>();
}

// After it was written: is it listed under its name?
Async<Result<void>> ObjectCopyRunner::check_name_was_kept(std::string key, std::string etag) {
  auto listed = co_await find_listed(key, etag);
  if (listed.has_error()) co_return listed.error();
  if (listed->exact) co_return Result<void>();
  auto name = co_await find_made_name(key, etag);
  if (name.has_error()) co_return name.error();
  const std::string what = name->empty()
                               ? "the object was written, and is not listed under it"
                               : "the object was written, and is listed as " + printable(*name);
  co_return changed_name(
      what, "It was left there. Copy to another destination, or rename the object at the source");
}

// Looks through the listing of what begins with `prefix`: is there exactly that key, or another one
// of that ETag?
Async<Result<ObjectCopyRunner::ListedName>> ObjectCopyRunner::find_listed(std::string prefix,
                                                                          std::string etag) {
  objects::ListRequest request;
  request.prefix = prefix;
  request.page_size = names_listed_max;
  auto page = co_await lane_.destination->list(std::move(request));
  if (page.has_error()) co_return page.error();
  ListedName found;
  for (const objects::ObjectInfo& object : page->objects) {
    if (object.key == prefix) {
      found.exact = true;
      found.etag = object.etag;
    } else if (!etag.empty() && objects::is_same_etag(object.etag, etag) && found.other.empty()) {
      found.other = object.key;
    }
  }
  co_return found;
}

// The key under which the store lists what was written as `key`; empty where that cannot be found
// out.
Async<Result<std::string>> ObjectCopyRunner::find_made_name(std::string key, std::string etag) {
  for (std::string name : changed_names(key)) {
    auto listed = co_await find_listed(name, "");
    if (listed.has_error()) co_return listed.error();
    if (listed->exact && (etag.empty() || objects::is_same_etag(listed->etag, etag)))
      co_return name;
  }
  const std::string stem(before_foldable(before_unprintable(key)));
  if (stem.size() == key.size()) co_return std::string();
  auto listed = co_await find_listed(stem, etag);
  if (listed.has_error()) co_return listed.error();
  co_return listed->other;
}

}  // namespace dth::object_copy

#include "plugins/object_copy/object_copy_lane.h"

#include <random>

#include "base/retry.h"
#include "objects/absent_bucket.h"
#include "plugins/object_copy/location.h"
#include "plugins/object_copy/runner.h"

namespace dth::object_copy {
namespace {

using LanePlace = ObjectCopyLane::LanePlace;
using OpenList = ObjectCopyLane::OpenList;

// Looks whether a store can be used. A store that only asks to slow down, or hangs up once, is
// asked again; nobody waits long for one that is not there. Where another lane works with it
// already it has gone away just now, and is waited for.
Async<Result<objects::StoreIdentity>> look_at(objects::ObjectStore& store, const std::string& side,
                                              objects::StoreUse use, LanePlace lane,
                                              const CopyTuning& tuning) {
  RetryOptions options;
  options.policy.attempts_max = std::min(5, static_cast<int>(tuning.attempts_max));
  options.deadline = Deadline::at(lane.lane.clock.monotonic_now() + std::chrono::seconds(15));
  options.seed = tuning.retry_seed;
  Outages outages(lane.lane.clock);
  if (lane.outages && lane.outages->knows(side)) {
    outages.add(lane.outages->at(side, tuning.unreachable_timeout),
                [&store] { return probe(&store); });
    options.outages = &outages;
    options.deadline = Deadline::never();
  }
  const auto check = [&store, use = std::move(use)] { return store.check(use); };
  auto looked = co_await retry(lane.lane.clock, options, check);
  co_return looked;
}

// What the run is going to list at the source. What a file names is not known before it is read.
objects::StoreUse use_of_source(const CopyOptions& options, bool is_retry) {
  const bool named = options.scope == SourceScope::object ||
                     options.list == SourceList::object_file ||
                     options.list == SourceList::prefix_file;
  if (named || (is_retry && options.action != options::Action::sync)) return {.lists = false};
  return {.prefix =
              options.list == SourceList::prefixes ? options.prefixes.front() : options.source_key};
}

// The same of the destination: where the source is listed, it is too.
objects::StoreUse use_of_destination(const CopyOptions& options, bool is_retry) {
  objects::StoreUse use = use_of_source(options, is_retry);
  if (use.lists) use.prefix = options.destination_key_of(use.prefix);
  return use;
}

// The same, and makes the bucket where there is none, if that is wanted. A dry run makes nothing.
Async<Result<objects::StoreIdentity>> look_at_destination(objects::ObjectStore& store,
                                                          objects::StoreUse use,
                                                          const CopyOptions& options,
                                                          LanePlace lane,
                                                          const CopyTuning& tuning) {
  const bool locks =
      options.at_destination.lock != LockPolicy::none || options.at_destination.legal_hold;
  for (bool made = false;; made = true) {
    auto looked = co_await look_at(store, "destination", use, lane, tuning);
    if (looked.has_value()) co_return looked;
    const bool missing = looked.error().code == ErrorCode::not_found;
    if (!missing || made || options.dry_run || !options.at_destination.create_bucket)
      co_return looked.error();
    const objects::CreateBucketRequest request{.object_lock = locks};
    auto created = co_await store.create_bucket(request);
    if (created.has_error())
      co_return std::move(created.error())
          .with_context("the bucket cannot be made (--create-bucket)");
  }
}

// Stores of which the destination is still to be made.
class WithoutDestination final : public OpenStores {
 public:
  explicit WithoutDestination(std::unique_ptr<OpenStores> stores)
      : stores_(std::move(stores)),
        destination_(objects::make_absent_bucket(stores_->destination())) {}

  objects::ObjectStore& source() override { return stores_->source(); }
  objects::ObjectStore& destination() override { return *destination_; }
  objects::RequestCounters& requests() override { return stores_->requests(); }
  std::string copy_source_bucket() const override { return stores_->copy_source_bucket(); }

 private:
  std::unique_ptr<OpenStores> stores_;
  std::unique_ptr<objects::ObjectStore> destination_;
};

// Can the stores do what the options ask for?
Result<void> check_stores(const CopyOptions& options, OpenStores& stores, TimePoint now) {
  const DestinationOptions& wanted = options.at_destination;
  const objects::StoreLimits& limits = stores.destination().limits();
  auto able = check_capabilities(wanted, stores.source().limits(), limits, now);
  if (able.has_error() || wanted.server_side_copy != ServerSideCopy::always) return able;
  const bool as_asked =
      limits.copies_as_asked || (!wanted.changes_objects() && !wanted.keeps_storage_class);
  if (!stores.copy_source_bucket().empty() && limits.server_side_copy && as_asked) return able;
  return Error{ErrorCode::unsupported,
               "--server-side-copy always: this needs both sides at one endpoint, with the same "
               "credentials and without "
               "customers' keys, and a store that copies as it is asked to; use auto, which moves "
               "the bytes where that is "
               "not so",
               ""};
}

// Null where none is named.
Async<Result<std::shared_ptr<EarlierLedger>>> open_earlier(SharedFacts* facts,
                                                           const ObjectCopyTask* task,
                                                           Clock* clock) {
  if (task->earlier_ledgers().empty()) co_return std::shared_ptr<EarlierLedger>();
  BlockingPool blocking(1);
  co_return co_await run_blocking(
      blocking, [&] { return facts->find_earlier(task->earlier_ledgers(), *clock); });
}

// A runner that owns the stores it works on.
class OwningRunner final : public engine::JobRunner {
 public:
  OwningRunner(std::unique_ptr<OpenStores> stores, OpenList list,
               std::shared_ptr<EarlierLedger> earlier, std::shared_ptr<RunFacts> facts,
               CopyOptions options, CopyTuning tuning, LanePlace lane,
               std::vector<std::string> notes)
      : stores_(std::move(stores)),
        list_(std::move(list)),
        earlier_(earlier),
        facts_(facts),
        runner_(std::move(options), tuning,
                {stores_->source(), stores_->destination(), stores_->requests(), list_.file.get(),
                 list_.stores ? &list_.stores->requests() : nullptr, earlier.get(),
                 stores_->copy_source_bucket(), lane.outages, &facts->etags,
                 std::shared_ptr<KeptFacts>(facts, &facts->kept), &facts->transfers, &facts->seen},
                lane.lane.executor, lane.lane.clock),
        notes_(std::move(notes)) {}

  Async<Result<engine::Finished>> execute(engine::JobContext& context) override {
    return runner_.execute(context);
  }
  state::Counts take_request_counts() override { return runner_.take_request_counts(); }
  std::vector<std::string> notes() const override { return notes_; }
  std::vector<std::string> take_warnings() override { return runner_.take_warnings(); }
  Async<Result<void>> settle(engine::EngineServices services, std::string run) override {
    return runner_.settle(services, std::move(run));
  }

 private:
  std::unique_ptr<OpenStores> stores_;
  OpenList list_;
  const std::shared_ptr<EarlierLedger> earlier_;
  const std::shared_ptr<RunFacts> facts_;
  ObjectCopyRunner runner_;
  std::vector<std::string> notes_;
};

}  // namespace

Async<Result<std::unique_ptr<engine::JobRunner>>> ObjectCopyLane::open(
    std::shared_ptr<const engine::Task> given, OutageBoard* outages) {
  // It comes from the plugin's parse().
  const ObjectCopyTask& task = static_cast<const ObjectCopyTask&>(*given);
  const LanePlace lane{lane_, outages};
  const CopyOptions& options = task.options();
  CopyTuning tuning = task.tuning();
  tuning.share_among_lanes(lane_.index, lane_.count);
  tuning.retry_seed = std::random_device{}();
  tuning.process = facts_.process();
  tuning.temporary_directory = facts_.temporary_directory();
  auto stores = opener_->open(task.source(), task.destination());
  if (stores.has_error()) {
    // No store was asked yet: what is missing is a profile or another credential.
    Error why = stores.error();
    if (why.code == ErrorCode::not_found) why.code = ErrorCode::unauthenticated;
    co_return why;
  }
  const bool is_retry = task.spec().retry.has_value();
  const objects::StoreUse of_source = use_of_source(options, is_retry),
                          of_destination = use_of_destination(options, is_retry);
  auto source = co_await look_at((*stores)->source(), "source", of_source, lane, tuning);
  if (source.has_error())
    co_return std::move(source.error()).with_context("the source cannot be used");
  auto destination =
      co_await look_at_destination((*stores)->destination(), of_destination, options, lane, tuning);
  if (destination.has_error() && destination.error().code == ErrorCode::not_found &&
      options.dry_run && options.at_destination.create_bucket) {
    destination = objects::StoreIdentity{};
    destination->notes.push_back((*stores)->destination().describe() +
                                 " is not there; without --dry-run it would be made");
    *stores = std::make_unique<WithoutDestination>(std::move(*stores));
  }
  if (destination.has_error())
    co_return std::move(destination.error()).with_context("the destination cannot be used");
  if (!source->directory.empty() && !destination->directory.empty()) {
    auto apart = check_directory_overlap(source->directory, destination->directory, options);
    if (apart.has_error()) co_return apart.error();
  }
  auto able = check_stores(options, **stores, lane_.clock.now());
  if (able.has_error()) co_return able.error();
  // What is tried again is named by the other run.
  Result<OpenList> list = OpenList();
  if (!is_retry) list = co_await open_list(&task, stores->get(), lane, tuning);
  if (list.has_error()) co_return list.error();
  auto earlier = co_await open_earlier(&facts_, &task, &lane_.clock);
  if (earlier.has_error()) co_return earlier.error();
  std::vector<std::string> notes = std::move(source->notes);
  notes.insert(notes.end(), destination->notes.begin(), destination->notes.end());
  if (options.action == options::Action::sync && options.selection.narrows_times()) {
    notes.push_back(
        "with a filter by time, what only the destination has is kept unless the source's time "
        "is recorded with it (a directory does that, a "
        "bucket does not)");
  }
  std::unique_ptr<engine::JobRunner> runner =
      std::make_unique<OwningRunner>(std::move(*stores), std::move(*list), std::move(*earlier),
                                     facts_.find(task), options, tuning, lane, std::move(notes));
  co_return runner;
}

// Opens the list file, if the options name one, and looks whether it is there.
Async<Result<OpenList>> ObjectCopyLane::open_list(const ObjectCopyTask* task, OpenStores* stores,
                                                  LanePlace lane, CopyTuning tuning) {
  OpenList list;
  const CopyOptions* const options = &task->options();
  if (options->list_location.empty()) co_return list;
  if (options->list_location.starts_with("s3://")) {
    const Location location = parse_location(options->list_location).value();  // validated
    objects::ObjectStore* store = &stores->source();
    if (task->list()) {
      auto opened = opener_->open(*task->list(), task->destination());
      if (opened.has_error()) co_return opened.error();
      list.stores = std::move(*opened);
      store = &list.stores->source();
      const objects::StoreUse reads_one{.lists = false};
      auto there = co_await look_at(*store, "list", reads_one, lane, tuning);
      if (there.has_error())
        co_return std::move(there.error())
            .with_context("the bucket of the list " + location.to_string() + " cannot be used");
    }
    list.file = make_stored_list_file(*store, location.key, lane_.clock, tuning.retry_seed);
  } else {
    list.file = make_local_list_file(options->list_location);
  }
  InlineExecutor at_once;  // one system call, before anything else runs on the lane
  auto there = co_await list.file->look(at_once);
  if (there.has_error()) co_return there.error();
  co_return list;
}

}  // namespace dth::object_copy

#include "plugins/object_copy/runner.h"

#include "objects/retrying.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "plugins/object_copy/verify/check.h"

namespace dth::object_copy {

Async<Result<void>> probe(objects::ObjectStore* store) {
  objects::StoreUse
      use;  // named: g++ 12 destroys twice what a default argument makes within a co_await
  auto checked = co_await store->check(std::move(use));
  if (checked.has_error()) co_return checked.error();
  co_return Result<void>();
}

namespace {

RetryPolicy retry_policy(const CopyTuning& tuning) {
  return {.attempts_max = static_cast<int>(tuning.attempts_max)};
}

}  // namespace

ObjectCopyRunner::ObjectCopyRunner(CopyOptions options, CopyTuning tuning, LaneStores stores,
                                   Executor executor, Clock& clock)
    : options_(std::move(options)),
      tuning_(tuning),
      stores_(stores),
      executor_(executor),
      clock_(clock),
      outages_(clock),
      kept_(stores.kept ? stores.kept : std::make_shared<KeptFacts>()),
      source_(objects::make_retrying_store(stores.source, clock, retry_policy(tuning), retries_,
                                           tuning.retry_seed, &outages_)),
      destination_(objects::make_retrying_store(stores.destination, clock, retry_policy(tuning),
                                                retries_, tuning.retry_seed, &outages_)),
      in_flight_(executor, clock, tuning.in_flight()),
      etags_(stores.etags ? *stores.etags : own_etags_),
      etags_gate_(executor, 1),
      md5_gate_(executor, 1) {
  if (stores.outages) {
    outages_.add(stores.outages->at("source", tuning.unreachable_timeout),
                 [&store = stores_.source] { return probe(&store); });
    outages_.add(stores.outages->at("destination", tuning.unreachable_timeout),
                 [&store = stores_.destination] { return probe(&store); });
  }
  const objects::StoreLimits& from = stores.source.limits();
  const objects::StoreLimits& to = stores.destination.limits();
  etags_.promise(EtagFacts::source, from);
  etags_.promise(EtagFacts::destination, to);
  ComparisonRules& rules = options_.comparison;
  rules.etags_are_md5 = from.etag_is_md5 && to.etag_is_md5;
  rules.source_keeps_times = from.keeps_times;
  rules.destination_keeps_times = to.keeps_times;
  rules.time_precision = to.time_precision;
  rules.etags = &etags_;
}

ObjectCopyRunner::~ObjectCopyRunner() = default;

Async<Result<engine::Finished>> ObjectCopyRunner::execute(engine::JobContext& context) {
  const std::string& kind = context.job().kind;
  if (kind == kind_scan && options_.mode == RunMode::verify)
    co_return co_await scan_to_verify(context);
  if (kind == kind_scan && options_.scope == SourceScope::object)
    co_return co_await scan_one_object(context);
  if (kind == kind_scan) co_return co_await scan(context);
  if (kind == kind_retry) co_return co_await retry_failed(context);
  if (kind == kind_restore) co_return co_await restore(context);
  if (kind == kind_copy) co_return co_await copy(context);
  if (kind == kind_last) co_return co_await copy_last(context);
  if (kind == kind_part) co_return co_await part(context);
  if (kind == kind_finish) co_return co_await finish(context);
  if (kind == kind_sweep) co_return co_await sweep(context);
  if (kind == kind_remove) co_return co_await remove(context);
  if (kind == kind_check) co_return co_await check(context);
  co_return Error{ErrorCode::unsupported,
                  "this version does not know jobs of kind \"" + kind +
                      "\"; was the state made by a newer one?",
                  ""};
}

state::Counts ObjectCopyRunner::take_request_counts() {
  objects::RequestCounters now = stores_.requests;
  if (stores_.list_requests) now += *stores_.list_requests;
  state::Counts counts;
  counts[state::Counter::requests_get] = static_cast<std::int64_t>(now.get - counted_.get);
  counts[state::Counter::requests_put] = static_cast<std::int64_t>(now.put - counted_.put);
  counts[state::Counter::requests_list] = static_cast<std::int64_t>(now.list - counted_.list);
  counts[state::Counter::requests_head] = static_cast<std::int64_t>(now.head - counted_.head);
  // Looks are HEADs, and counted apart.
  const auto looks = static_cast<std::int64_t>(looks_ - looks_counted_);
  counts[state::Counter::requests_look] = looks;
  counts[state::Counter::requests_head] -= std::min(looks, counts[state::Counter::requests_head]);
  looks_counted_ = looks_;
  counts[state::Counter::requests_delete] = static_cast<std::int64_t>(now.remove - counted_.remove);
  counts[state::Counter::requests_other] = static_cast<std::int64_t>(now.other - counted_.other);
  counts[state::Counter::retries] = static_cast<std::int64_t>(retries_);
  counted_ = now;
  retries_ = 0;
  return counts;
}

std::vector<std::string> ObjectCopyRunner::take_warnings() {
  std::vector<std::string> warnings = stores_.source.take_warnings();
  for (std::string& warning : stores_.destination.take_warnings())
    warnings.push_back(std::move(warning));
  if (metadata_missing_) {
    warnings.push_back(stores_.source.describe() +
                       ": the store cannot hand out all user metadata of some objects "
                       "(x-amz-missing-meta); their copies lack it");
  }
  return warnings;
}

}  // namespace dth::object_copy

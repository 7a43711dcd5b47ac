#include "plugins/object_copy/lane_context.h"

#include "objects/retrying.h"
#include "plugins/object_copy/counters.h"

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

LaneContext::LaneContext(CopyOptions run_options, CopyTuning lane_tuning, LaneStores lane_stores,
                         Executor lane_executor, Clock& lane_clock)
    : options(std::move(run_options)),
      tuning(lane_tuning),
      stores(std::move(lane_stores)),
      executor(lane_executor),
      clock(lane_clock),
      outages(clock),
      kept(stores.kept ? stores.kept : std::make_shared<KeptFacts>()),
      source(objects::make_retrying_store(stores.source, clock, retry_policy(tuning), retries,
                                          tuning.retry_seed, &outages)),
      destination(objects::make_retrying_store(stores.destination, clock, retry_policy(tuning),
                                               retries, tuning.retry_seed, &outages)),
      in_flight(executor, clock, tuning.in_flight(), stores.transfers),
      etags(stores.etags ? *stores.etags : own_etags_),
      seen(stores.seen ? *stores.seen : own_seen_),
      etag_learner(etags, options, stores.source, stores.destination, executor),
      answers(kept->answers) {
  if (stores.outages) {
    outages.add(stores.outages->at("source", tuning.unreachable_timeout),
                [&store = stores.source] { return probe(&store); });
    outages.add(stores.outages->at("destination", tuning.unreachable_timeout),
                [&store = stores.destination] { return probe(&store); });
  }
  const objects::StoreLimits& from = stores.source.limits();
  const objects::StoreLimits& to = stores.destination.limits();
  etags.promise(EtagFacts::source, from);
  etags.promise(EtagFacts::destination, to);
  ComparisonRules& rules = options.comparison;
  rules.etags_are_md5 = from.etag_is_md5 && to.etag_is_md5;
  rules.source_keeps_times = from.keeps_times;
  rules.destination_keeps_times = to.keeps_times;
  rules.time_precision = to.time_precision;
  rules.etags = &etags;
}

RetryOptions LaneContext::retry_options(std::size_t number) {
  RetryOptions all;
  all.policy = retry_policy(tuning);
  all.seed = tuning.retry_seed + static_cast<std::uint32_t>(number);
  all.outages = &outages;
  return all;
}

state::Counts LaneContext::take_request_counts() {
  objects::RequestCounters now = stores.requests;
  if (stores.list_requests) now += *stores.list_requests;
  state::Counts counts = std::exchange(put_back_, {});
  counts[Counter::requests_get] += static_cast<std::int64_t>(now.get - counted_.get);
  counts[Counter::requests_put] += static_cast<std::int64_t>(now.put - counted_.put);
  counts[Counter::requests_list] += static_cast<std::int64_t>(now.list - counted_.list);
  // Looks are HEADs, and counted apart.
  const auto heads = static_cast<std::int64_t>(now.head - counted_.head);
  const auto looked = static_cast<std::int64_t>(looks - looks_counted_);
  counts[Counter::requests_look] += looked;
  counts[Counter::requests_head] += heads - std::min(looked, heads);
  looks_counted_ = looks;
  counts[Counter::requests_delete] += static_cast<std::int64_t>(now.remove - counted_.remove);
  counts[Counter::requests_other] += static_cast<std::int64_t>(now.other - counted_.other);
  counts[Counter::retries] += static_cast<std::int64_t>(retries);
  counted_ = now;
  retries = 0;
  return counts;
}

std::vector<std::string> LaneContext::take_warnings() {
  std::vector<std::string> warnings = stores.source.take_warnings();
  for (std::string& warning : stores.destination.take_warnings())
    warnings.push_back(std::move(warning));
  if (metadata_missing) {
    warnings.push_back(stores.source.describe() +
                       ": the store cannot hand out all user metadata of some objects "
                       "(x-amz-missing-meta); their copies lack it");
  }
  return warnings;
}

Async<Result<void>> advance_counted(LaneContext* lane, engine::JobContext* context,
                                    std::string rest, engine::Finished part) {
  const state::Counts sent = lane->take_request_counts();
  part.effects.counts += sent;
  auto advanced =
      co_await context->advance(std::move(rest), std::move(part.effects), std::move(part.lines));
  if (advanced.has_error()) lane->put_back(sent);
  co_return advanced;
}

}  // namespace dth::object_copy

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/outage.h"
#include "base/retry.h"
#include "engine/adaptive_limit.h"
#include "engine/job_runner.h"
#include "objects/object_store.h"
#include "objects/request_counters.h"
#include "plugins/object_copy/copy/answers_seen.h"
#include "plugins/object_copy/copy/etag_learner.h"
#include "plugins/object_copy/copy/kept.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/rules/etag_facts.h"
#include "plugins/object_copy/rules/seen_keys.h"

namespace dth::object_copy {

class EarlierLedger;
class ListFile;

// The simplest thing that a store can be asked for: does it answer?
Async<Result<void>> probe(objects::ObjectStore* store);

// The stores of one lane, as they are (nothing retried), and the counters that both count their
// requests in.
struct LaneStores {
  objects::ObjectStore& source;
  objects::ObjectStore& destination;
  objects::RequestCounters& requests;
  ListFile* list = nullptr;  // where the options name one
  const objects::RequestCounters* list_requests =
      nullptr;                       // where its store has counters of its own
  EarlierLedger* earlier = nullptr;  // where the options name one
  std::string copy_source_bucket =
      {};  // from which the destination's store may copy by itself; empty: it may not
  OutageBoard* outages = nullptr;        // null: a store that cannot be reached is an error at once
  EtagFacts* etags = nullptr;            // of this run; null: this lane keeps its own
  std::shared_ptr<KeptFacts> kept = {};  // which the run's lanes share; null: the lane has its own
  engine::SharedPermits* transfers = nullptr;  // in flight of all of the run's lanes
  SeenKeys* seen = nullptr;                    // the same
};

// What the jobs of one lane share: the run's options, the lane's stores and bounds, and what was
// learnt of the two places. One thread. Jobs refer to it and keep nothing themselves.
struct LaneContext {
  LaneContext(CopyOptions run_options, CopyTuning lane_tuning, LaneStores lane_stores,
              Executor lane_executor, Clock& lane_clock);
  LaneContext(const LaneContext&) = delete;

  // For the requests of one item, told from others by `number`.
  RetryOptions retry_options(std::size_t number);

  // Of the requests since the last call, and what was put back since.
  state::Counts take_request_counts();
  // These were not recorded.
  void put_back(const state::Counts& taken) { put_back_ += taken; }
  std::vector<std::string> take_warnings();

  CopyOptions options;
  const CopyTuning tuning;
  const LaneStores stores;  // nothing is retried
  Executor executor;
  Clock& clock;
  Outages outages;
  std::uint64_t retries = 0;
  std::uint64_t looks = 0;                            // at what the destination kept
  std::uint64_t absences = 0;                         // of listed objects that are gone
  const std::shared_ptr<KeptFacts> kept;              // frames that outlive the lane hold it too
  std::unique_ptr<objects::ObjectStore> source;       // requests are retried
  std::unique_ptr<objects::ObjectStore> destination;  // requests are retried
  engine::AdaptiveLimit in_flight;
  EtagFacts& etags;
  SeenKeys& seen;
  EtagLearner etag_learner;
  AnswersSeen answers;
  bool unconditional_removes =
      false;  // the destination does not check what it removes, other than its limits say
  bool tags_readable = false;     // the source has told tags
  bool metadata_missing = false;  // the source could not hand out all metadata of some object

 private:
  EtagFacts own_etags_;
  SeenKeys own_seen_;
  objects::RequestCounters counted_;  // what take_request_counts() has given out
  std::uint64_t looks_counted_ = 0;
  state::Counts put_back_;
};

// JobContext::advance() with what the job did so far, and the requests that were sent for it.
Async<Result<void>> advance_counted(LaneContext* lane, engine::JobContext* context,
                                    std::string rest, engine::Finished part);

}  // namespace dth::object_copy

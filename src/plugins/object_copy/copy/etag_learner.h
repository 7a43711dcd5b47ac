#pragma once

#include "base/async_semaphore.h"
#include "objects/object_store.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/rules/etag_facts.h"

namespace dth::object_copy {

// Finds out by reading what the two stores' ETags are, where that is not known. One for each lane.
class EtagLearner {
 public:
  EtagLearner(EtagFacts& facts, const CopyOptions& options, objects::ObjectStore& source,
              objects::ObjectStore& destination, const Executor& executor)
      : facts_(facts),
        options_(options),
        source_(source),
        destination_(destination),
        pair_gate_(executor, 1),
        md5_gate_(executor, 1) {}

  // One pair of objects is asked about at a time, until it is known what ETags tell here.
  AsyncSemaphore& pair_gate() { return pair_gate_; }

  Async<Result<bool>> do_tell(const Item* item);

 private:
  Async<Result<void>> learn_md5(const Item* item, EtagFacts::Side side);

  EtagFacts& facts_;
  const CopyOptions& options_;
  objects::ObjectStore& source_;
  objects::ObjectStore& destination_;
  AsyncSemaphore pair_gate_;
  AsyncSemaphore md5_gate_;  // taken last: one object at a time is read for its MD5
};

}  // namespace dth::object_copy

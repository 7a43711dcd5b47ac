#pragma once

#include "ledger/objects/blocking_store.h"
#include "objects/testing/memory_store.h"

namespace dth::ledger::testing {

// A store in memory, for BlockingStore.
class OwnedMemoryStore final : public StoreOwner {
 public:
  OwnedMemoryStore(objects::MemoryBucket& bucket, const Clock& clock,
                   objects::MemoryStoreOptions options)
      : store_(bucket, clock, std::move(options)) {}
  objects::ObjectStore& store() override { return store_; }

 private:
  objects::MemoryStore store_;
};

// Tries again at once.
inline constexpr RetryPolicy quick_policy{.attempts_max = 3,
                                          .delay_initial = std::chrono::milliseconds(1),
                                          .delay_max = std::chrono::milliseconds(1)};

inline std::unique_ptr<BlockingStore> open_memory_store(
    objects::MemoryBucket& bucket, Clock& clock, objects::MemoryStoreOptions options = {},
    Duration unreachable_timeout = Duration::zero()) {
  const MakeStore make = [&](Executor) -> Result<std::unique_ptr<StoreOwner>> {
    return std::unique_ptr<StoreOwner>(std::make_unique<OwnedMemoryStore>(bucket, clock, options));
  };
  return std::move(
      BlockingStore::open(make, clock,
                          {.policy = quick_policy, .unreachable_timeout = unreachable_timeout})
          .value());
}

}  // namespace dth::ledger::testing

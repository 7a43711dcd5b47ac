#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>

#include "objects/object_store.h"
#include "objects/store_operation.h"

namespace dth::objects {

// How often things go wrong: probabilities from 0 to 1, each drawn by itself.
struct FaultRates {
  double slow = 0;                // waits up to FaultPlan::latency_max before anything else
  double throttled = 0;           // refused with Retry-After; nothing was done
  double unavailable_before = 0;  // the request never arrived
  double unavailable_after = 0;   // it was done, and the answer was lost
  double body_cut = 0;            // of get, put and upload_part: breaks off with `unavailable`
  double body_flipped = 0;        // of the same: one bit of one byte is wrong, and nobody says so
};

struct FaultPlan {
  std::uint64_t seed = 1;
  std::array<FaultRates, store_operation_count> rates = {};
  std::chrono::milliseconds retry_after{500};
  std::chrono::milliseconds latency_max{2'000};

  FaultRates& of(StoreOperation operation) { return rates[static_cast<std::size_t>(operation)]; }
  const FaultRates& of(StoreOperation operation) const {
    return rates[static_cast<std::size_t>(operation)];
  }

  // The same rates for every operation.
  static FaultPlan everywhere(std::uint64_t seed, const FaultRates& rates);
};

// What was done to whom, for tests that want to know that something was.
struct FaultCounts {
  std::uint64_t slow = 0;
  std::uint64_t throttled = 0;
  std::uint64_t unavailable_before = 0;
  std::uint64_t unavailable_after = 0;
  std::uint64_t body_cut = 0;
  std::uint64_t body_flipped = 0;
};

// A store in front of `store` that fails by plan. One seed and one order of calls always give the
// same faults: what is drawn for a request does not depend on what was drawn for it before. Never
// injects `cancelled`. A flipped byte of a put goes to `store` flipped, as on a wire. `store`,
// `clock` and `counts` must outlive it.
std::unique_ptr<ObjectStore> make_faulty_store(ObjectStore& store, Clock& clock, FaultPlan plan,
                                               FaultCounts& counts);

}  // namespace dth::objects

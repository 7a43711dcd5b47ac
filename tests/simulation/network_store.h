#pragma once

#include <memory>
#include <random>

#include "base/async_scope.h"
#include "base/buffer_budget.h"
#include "base/clock.h"
#include "objects/object_store.h"
#include "simulation/gated_state.h"

namespace dth::simulation {

// What lies between the processes and a store. Requests that change something are carried out by
// the network after a delay, whether or not their sender still lives: a crash does not call a
// request back.
struct Network {
  Executor executor;  // of no process
  AsyncScope& scope;  // on that executor
  Clock& clock;
  std::mt19937_64& random;
  std::chrono::milliseconds delay_max{2'000};
  std::chrono::milliseconds delay_min{0};
  MonotonicTime throttled_until{};  // everybody is refused until then
  bool empty_pages =
      false;  // listings have pages without keys between those with some, as they may
  std::uint64_t empty_page_count = 0;

  std::chrono::milliseconds delay() {
    const auto more = static_cast<std::uint64_t>((delay_max - delay_min).count() + 1);
    return delay_min + std::chrono::milliseconds(random() % more);
  }
};

// A process's way to a store. All but `life` outlive it. `buffers`: what is sent is borrowed there;
// null: from nobody.
std::unique_ptr<objects::ObjectStore> make_network_store(objects::ObjectStore& store,
                                                         Network& network,
                                                         std::shared_ptr<const Life> life,
                                                         BufferBudget* buffers = nullptr);

}  // namespace dth::simulation

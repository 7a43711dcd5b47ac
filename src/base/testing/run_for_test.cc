#include "base/testing/run_for_test.h"

#include <stdexcept>

namespace dth::internal {

void drive_for_test(boost::asio::io_context& context, Async<void> work, SimulatedClock* clock) {
  AsyncScope scope(context.get_executor());
  scope.spawn(std::move(work));
  context.restart();
  while (scope.size() > 0) {
    const bool moved = clock ? context.poll_one() > 0 || clock->wake_next() : context.run_one() > 0;
    if (!moved) {
      throw std::logic_error("run_for_test: the coroutine waits for something that will not come");
    }
    if (context.stopped()) context.restart();
  }
}

}  // namespace dth::internal

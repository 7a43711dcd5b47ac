#pragma once

#include <functional>
#include <list>

#include "base/async_semaphore.h"

namespace dth {

// The memory of one lane that bodies in flight pass through, bounded over everybody who holds some:
// pools of connections, stores of files. Not thread-safe.
//
// Hold and wait: a coroutine that holds a loan never waits for another one.
class BufferBudget {
 public:
  // Of all lanes of a process together.
  static constexpr std::uint64_t process_bytes_max = 96ull << 20;

  BufferBudget(Executor executor, std::uint64_t bytes_max) : bytes(executor, bytes_max) {}

  std::uint64_t bytes_on_loan() const { return bytes.capacity() - bytes.available(); }

  // A pool keeps unused memory for later. Before somebody else allocates what it acquired, all
  // give up what exceeds the bound together with the loans.
  using Reserve = std::list<std::function<void()>>::iterator;
  Reserve add_reserve(std::function<void()> make_room) {
    return reserves_.insert(reserves_.end(), std::move(make_room));
  }
  void remove_reserve(Reserve reserve) { reserves_.erase(reserve); }
  void make_room() {
    for (auto& reserve : reserves_) reserve();
  }

  AsyncSemaphore bytes;  // the loans

 private:
  std::list<std::function<void()>> reserves_;
};

}  // namespace dth

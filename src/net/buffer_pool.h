#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/async_semaphore.h"

namespace dth::net {

class BufferPool;

// A buffer on loan; goes back when destroyed. The pool must outlive it.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  ~Buffer();
  std::span<std::byte> span() const { return {data_, size_}; }
  std::size_t size() const { return size_; }
  explicit operator bool() const { return data_ != nullptr; }

 private:
  friend class BufferPool;
  Buffer(BufferPool* pool, std::byte* data, std::size_t size) : pool_(pool), data_(data), size_(size) {}
  BufferPool* pool_ = nullptr;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

// The memory that bodies pass through, of one lane, bounded: page-aligned buffers of two sizes, reused. Not thread-safe.
class BufferPool {
 public:
  static constexpr std::size_t small_size_bytes = 64 * 1024;
  static constexpr std::size_t large_size_bytes = 1024 * 1024;

  BufferPool(Executor executor, std::uint64_t bytes_max);
  ~BufferPool();  // precondition: no buffer is on loan

  // A small one where `size_hint` fits, else a large one. Waits while bytes_max are on loan; fails only with cancelled.
  // Holding one buffer while waiting for a second can deadlock: a coroutine takes one at most.
  Async<Result<Buffer>> acquire(std::uint64_t size_hint);

  std::uint64_t bytes_on_loan() const;

 private:
  friend class Buffer;
  void give_back(std::byte* data, std::size_t size);
  AsyncSemaphore bytes_;
  std::vector<std::byte*> small_free_, large_free_;
};

}  // namespace dth::net

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/buffer_budget.h"

namespace dth::net {

class BufferPool;

// A loan of memory; goes back when destroyed. The pool must outlive it. The memory itself is
// attached by the first span(): who has the loan never waits for it.
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  ~Buffer();
  std::span<std::byte> span();
  std::size_t size() const { return size_; }
  explicit operator bool() const { return pool_ != nullptr; }

 private:
  friend class BufferPool;
  Buffer(BufferPool* pool, std::size_t size) : pool_(pool), size_(size) {}
  BufferPool* pool_ = nullptr;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

// The memory that objects and listings pass through, of one lane, bounded: page-aligned buffers of
// three sizes, reused. Not thread-safe.
//
// Hold and wait: a coroutine that holds a loan never waits for another one. HttpClient::send() sees
// to that: it acquires before a request goes out, so that no answer stands unread meanwhile, and
// only for requests that ask for it (HttpRequest::pooled_size: GetObject and listings). All other
// answers, and every refusal, are read into memory of their own (response_body.cc) and never wait.
class BufferPool {
 public:
  static constexpr std::array<std::size_t, 3> sizes_bytes{64 * 1024, 256 * 1024, 1024 * 1024};

  // With a budget of its own.
  BufferPool(Executor executor, std::uint64_t bytes_max);
  // With one that it shares with others, which must outlive it.
  explicit BufferPool(BufferBudget& budget);
  ~BufferPool();  // precondition: no buffer is on loan

  // Of the smallest size that `size_hint` fits into, else of the largest. Waits while the budget is
  // on loan. Fails with cancelled, and with timeout where in all of `stall_max` no loan was used or
  // given back: then waiting on would be for ever.
  Async<Result<Buffer>> acquire(std::uint64_t size_hint, Duration stall_max = stall_max_default);

  // Without waiting, where that is possible; else a buffer that is false.
  Buffer try_acquire(std::uint64_t size_hint);

  std::uint64_t bytes_on_loan() const { return on_loan_; }
  std::uint64_t bytes_unused() const;  // kept for later

  static constexpr std::chrono::minutes stall_max_default{10};

 private:
  friend class Buffer;
  std::byte* attach(std::size_t size);
  void make_room();
  void give_back(std::byte* data, std::size_t size);
  std::optional<BufferBudget> own_;
  BufferBudget& budget_;
  const BufferBudget::Reserve reserve_;
  std::uint64_t on_loan_ = 0;                                     // of this pool
  std::uint64_t uses_ = 0;                                        // moves while transfers do
  std::array<std::vector<std::byte*>, sizes_bytes.size()> free_;  // by size
};

}  // namespace dth::net

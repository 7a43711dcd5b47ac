#include "net/client/buffer_pool.h"

#include <cassert>
#include <cstdlib>
#include <new>

namespace dth::net {
namespace {

constexpr std::size_t page_size_bytes = 4096;

std::size_t size_of(std::uint64_t size_hint) {
  for (const std::size_t size : BufferPool::sizes_bytes) {
    if (size_hint <= size) return size;
  }
  return BufferPool::sizes_bytes.back();
}

std::size_t class_of(std::size_t size) {
  std::size_t number = 0;
  while (BufferPool::sizes_bytes[number] < size) ++number;
  return number;
}

}  // namespace

Buffer::Buffer(Buffer&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  Buffer old(std::move(*this));
  pool_ = std::exchange(other.pool_, nullptr);
  data_ = std::exchange(other.data_, nullptr);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

Buffer::~Buffer() {
  if (pool_ != nullptr) pool_->give_back(data_, size_);
}

std::span<std::byte> Buffer::span() {
  if (pool_ == nullptr) return {};
  ++pool_->uses_;
  if (data_ == nullptr) data_ = pool_->attach(size_);
  return {data_, size_};
}

BufferPool::BufferPool(Executor executor, std::uint64_t bytes_max)
    : own_(std::in_place, executor, bytes_max),
      budget_(*own_),
      reserve_(budget_.add_reserve([this] { make_room(); })) {}

BufferPool::BufferPool(BufferBudget& budget)
    : budget_(budget), reserve_(budget_.add_reserve([this] { make_room(); })) {}

BufferPool::~BufferPool() {
  assert(bytes_on_loan() == 0);
  budget_.remove_reserve(reserve_);
  for (const auto& free : free_) {
    for (std::byte* data : free) std::free(data);
  }
}

Buffer BufferPool::try_acquire(std::uint64_t size_hint) {
  const std::size_t size = size_of(size_hint);
  if (!budget_.bytes.try_acquire(size)) return Buffer();
  on_loan_ += size;
  return Buffer(this, size);
}

Async<Result<Buffer>> BufferPool::acquire(std::uint64_t size_hint, Duration stall_max) {
  const std::size_t size = size_of(size_hint);
  for (;;) {
    const std::uint64_t uses_before = uses_;
    auto granted =
        co_await budget_.bytes.acquire(size, std::chrono::steady_clock::now() + stall_max);
    if (granted.has_value()) {
      on_loan_ += size;
      co_return Buffer(this, size);
    }
    if (granted.error().code != ErrorCode::timeout) co_return granted.error();
    // Transfers that move will end. Where none does, nobody will give anything back.
    if (uses_ == uses_before) break;
  }
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(stall_max).count();
  co_return Error{ErrorCode::timeout,
                  "no buffer for an object became free, and no transfer moved, for " +
                      std::to_string(seconds) + " s. Try fewer objects at once (--concurrency)",
                  ""};
}

std::byte* BufferPool::attach(std::size_t size) {
  auto& free = free_[class_of(size)];
  if (!free.empty()) {
    std::byte* data = free.back();
    free.pop_back();
    return data;
  }
  budget_.make_room();
  auto* data = static_cast<std::byte*>(std::aligned_alloc(page_size_bytes, size));
  if (data == nullptr) throw std::bad_alloc();
  return data;
}

std::uint64_t BufferPool::bytes_unused() const {
  std::uint64_t unused = 0;
  for (std::size_t i = 0; i < free_.size(); ++i) unused += free_[i].size() * sizes_bytes[i];
  return unused;
}

// What lies unused in other sizes goes, so that memory never exceeds the bound (but for one large
// buffer where the bound itself is less).
void BufferPool::make_room() {
  std::uint64_t held = budget_.bytes_on_loan() + bytes_unused();
  for (std::size_t i = free_.size(); i-- > 0;) {
    for (; !free_[i].empty() && held > budget_.bytes.capacity(); held -= sizes_bytes[i]) {
      std::free(free_[i].back());
      free_[i].pop_back();
    }
  }
}

void BufferPool::give_back(std::byte* data, std::size_t size) {
  ++uses_;
  if (data != nullptr) free_[class_of(size)].push_back(data);
  on_loan_ -= size;
  budget_.bytes.release(size);
}

}  // namespace dth::net

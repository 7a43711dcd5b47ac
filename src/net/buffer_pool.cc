#include "net/buffer_pool.h"

#include <cassert>
#include <cstdlib>
#include <new>

namespace dth::net {
namespace {

constexpr std::size_t page_size_bytes = 4096;

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
  if (data_ != nullptr) pool_->give_back(data_, size_);
}

BufferPool::BufferPool(Executor executor, std::uint64_t bytes_max) : bytes_(executor, bytes_max) {}

BufferPool::~BufferPool() {
  assert(bytes_on_loan() == 0);
  for (std::byte* data : small_free_) std::free(data);
  for (std::byte* data : large_free_) std::free(data);
}

Async<Result<Buffer>> BufferPool::acquire(std::uint64_t size_hint) {
  const std::size_t size = size_hint <= small_size_bytes ? small_size_bytes : large_size_bytes;
  if (!bytes_.try_acquire(size)) {
    auto granted = co_await bytes_.acquire(size);
    if (granted.has_error()) co_return granted.error();
  }
  auto& free = size == small_size_bytes ? small_free_ : large_free_;
  if (!free.empty()) {
    std::byte* data = free.back();
    free.pop_back();
    co_return Buffer(this, data, size);
  }
  // What lies unused in the other size makes room, so that memory never exceeds the bound (but for one large buffer
  // where the bound itself is less).
  auto& other = size == small_size_bytes ? large_free_ : small_free_;
  const auto held = [this] {
    return bytes_on_loan() + small_free_.size() * small_size_bytes + large_free_.size() * large_size_bytes;
  };
  while (!other.empty() && held() > bytes_.capacity()) {
    std::free(other.back());
    other.pop_back();
  }
  auto* data = static_cast<std::byte*>(std::aligned_alloc(page_size_bytes, size));
  if (data == nullptr) throw std::bad_alloc();
  co_return Buffer(this, data, size);
}

std::uint64_t BufferPool::bytes_on_loan() const { return bytes_.capacity() - bytes_.available(); }

void BufferPool::give_back(std::byte* data, std::size_t size) {
  (size == small_size_bytes ? small_free_ : large_free_).push_back(data);
  bytes_.release(size);
}

}  // namespace dth::net

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace dth::net {

// What a message's head, and what followed it in the same packet, is read into: 16 KiB unless a
// head is longer.
class HeadBuffer {
 public:
  static constexpr std::size_t size_bytes = 16 * 1024;

  HeadBuffer() = default;
  HeadBuffer(HeadBuffer&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        begin_(std::exchange(other.begin_, 0)),
        end_(std::exchange(other.end_, 0)) {}
  HeadBuffer& operator=(HeadBuffer other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
    return *this;
  }
  std::size_t capacity() const { return size_; }
  void clear() { begin_ = end_ = 0; }
  std::span<std::byte> unread() const { return {data_.get() + begin_, end_ - begin_}; }
  std::string_view unread_text() const {
    return {reinterpret_cast<const char*>(data_.get()) + begin_, end_ - begin_};
  }
  void consume(std::size_t size) { begin_ += size; }
  // Where the next bytes go; never empty. `size_max` bounds the buffer: nothing where it is full.
  std::span<std::byte> prepare(std::size_t size_max) {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == size_ && begin_ > 0) {
      std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
      end_ -= std::exchange(begin_, 0);
    }
    if (end_ == size_ && size_ < size_max)
      grow(size_ == 0 ? size_bytes : std::min(size_ * 2, size_max));
    return {data_.get() + end_, size_ - end_};
  }
  void commit(std::size_t size) { end_ += size; }

 private:
  void grow(std::size_t size) {
    std::unique_ptr<std::byte[]> larger(new std::byte[size]);
    if (end_ > begin_) std::memcpy(larger.get(), data_.get() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
    data_ = std::move(larger);
    size_ = size;
  }
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_ = 0, begin_ = 0, end_ = 0;
};

}  // namespace dth::net

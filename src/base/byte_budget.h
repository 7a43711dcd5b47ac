#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

namespace dth {

// The memory that the work of several owners may take together. What does not fit is refused at
// once: nobody waits here. An owner may hold as much as is left free, so that one alone gets half
// of it, and the next one still finds room. Not thread-safe.
class ByteBudget {
 public:
  // What one owner holds. Owners that are done with it let go of the pointer.
  struct Share {
    std::uint64_t held_bytes = 0;
  };

  explicit ByteBudget(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}

  // False: it does not fit, and nothing was taken.
  bool take(Share& share, std::uint64_t bytes) {
    const std::uint64_t free = bytes_max_ - held_bytes_;
    if (bytes > free || share.held_bytes + bytes > free - bytes + share_bytes_min) {
      ++refused_;
      return false;
    }
    share.held_bytes += bytes;
    held_bytes_ += bytes;
    peak_bytes_ = std::max(peak_bytes_, held_bytes_);
    return true;
  }
  void give_back(Share& share, std::uint64_t bytes) {
    share.held_bytes -= bytes;
    held_bytes_ -= bytes;
  }

  std::uint64_t bytes_max() const { return bytes_max_; }
  std::uint64_t held_bytes() const { return held_bytes_; }
  std::uint64_t peak_bytes() const { return peak_bytes_; }
  std::uint64_t refused() const { return refused_; }

  // Small requests are served as long as there is room at all.
  static constexpr std::uint64_t share_bytes_min = 64 * 1024;

 private:
  std::uint64_t bytes_max_;
  std::uint64_t held_bytes_ = 0;
  std::uint64_t peak_bytes_ = 0;
  std::uint64_t refused_ = 0;
};

// Bytes of a budget, given back with its end. The budget must outlive it.
class ByteReservation {
 public:
  ByteReservation() = default;  // of no budget: bounds nothing
  ByteReservation(ByteBudget& budget, std::shared_ptr<ByteBudget::Share> share)
      : budget_(&budget), share_(std::move(share)) {}
  ByteReservation(ByteReservation&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)),
        share_(std::move(other.share_)),
        bytes_(std::exchange(other.bytes_, 0)) {}
  ByteReservation& operator=(ByteReservation&& other) noexcept {
    if (this == &other) return *this;
    release();
    budget_ = std::exchange(other.budget_, nullptr);
    share_ = std::move(other.share_);
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
  }
  ~ByteReservation() { release(); }

  // Holds at least so many, in steps. False: they do not fit, and it holds what it held.
  bool grow_to(std::uint64_t bytes) {
    if (budget_ == nullptr || bytes <= bytes_) return true;
    const std::uint64_t more = (bytes - bytes_ + step_bytes - 1) / step_bytes * step_bytes;
    if (!budget_->take(*share_, more)) return false;
    bytes_ += more;
    return true;
  }
  // Holds no more than that.
  void shrink_to(std::uint64_t bytes) {
    if (budget_ == nullptr || bytes >= bytes_) return;
    budget_->give_back(*share_, bytes_ - bytes);
    bytes_ = bytes;
  }
  void release() { shrink_to(0); }

  std::uint64_t bytes() const { return bytes_; }

 private:
  static constexpr std::uint64_t step_bytes = 16 * 1024;
  ByteBudget* budget_ = nullptr;
  std::shared_ptr<ByteBudget::Share> share_;
  std::uint64_t bytes_ = 0;
};

// Who takes memory of which budget; of none where it was made so.
struct ByteOwner {
  ByteBudget* budget = nullptr;
  std::shared_ptr<ByteBudget::Share> share = {};

  ByteReservation reservation() const {
    return budget == nullptr ? ByteReservation() : ByteReservation(*budget, share);
  }
};

}  // namespace dth

#pragma once

#include <cstdint>

namespace dth::graphql {

// How a named type is wrapped in lists and non-null marks: `[X!]!` is non-null of list of non-null.
// A value of two words, so that types are compared and taken apart without an allocation.
class Wrappers {
 public:
  static constexpr std::uint32_t depth_max = 32;

  std::uint32_t depth() const { return depth_; }
  bool empty() const { return depth_ == 0; }
  // What is outermost; neither, where nothing wraps.
  bool is_non_null() const { return depth_ > 0 && (bits_ & 1u) != 0; }
  bool is_list() const { return depth_ > 0 && (bits_ & 1u) == 0; }
  // Precondition: depth() < depth_max.
  Wrappers in_list() const { return Wrappers(bits_ << 1, depth_ + 1); }
  Wrappers in_non_null() const { return Wrappers(bits_ << 1 | 1u, depth_ + 1); }
  // Without the outermost. Precondition: !empty().
  Wrappers inner() const { return Wrappers(bits_ >> 1, depth_ - 1); }

  bool operator==(const Wrappers&) const = default;

  Wrappers() = default;

 private:
  Wrappers(std::uint32_t bits, std::uint32_t depth) : bits_(bits), depth_(depth) {}
  std::uint32_t bits_ = 0;
  std::uint32_t depth_ = 0;
};

}  // namespace dth::graphql

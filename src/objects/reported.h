#pragma once

#include <compare>

namespace dth::objects {

// A value that a store may not report. Unknown is a state of its own and not a zero: it equals
// nothing, not even another unknown value, and is neither before nor after anything, so every
// comparison with it is false except `!=`.
template <class T>
class Reported {
 public:
  constexpr Reported() = default;  // unknown
  constexpr Reported(T value)
      : value_(value), known_(true) {}  // implicit: what is assigned is known

  constexpr bool known() const { return known_; }
  // Only where it is known.
  constexpr T value() const { return value_; }
  constexpr T value_or(T other) const { return known_ ? value_ : other; }

  friend constexpr bool operator==(const Reported& a, const Reported& b) {
    return a.known_ && b.known_ && a.value_ == b.value_;
  }
  friend constexpr std::partial_ordering operator<=>(const Reported& a, const Reported& b) {
    if (!a.known_ || !b.known_) return std::partial_ordering::unordered;
    return a.value_ <=> b.value_;
  }

 private:
  T value_{};
  bool known_ = false;
};

}  // namespace dth::objects

#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dth::object_copy {

// The prefixes in byte order, without those that another one covers (begins).
std::vector<std::string> without_covered(std::vector<std::string> prefixes);

// One reading of a file of prefixes that may be too many for memory, in any order and with any
// repetitions: keeps the least of those greater than `after`, as many as fit, without those that
// another one covers. Readings, each after the greatest prefix of the one before, together give
// what without_covered() gives of all.
class PrefixReading {
 public:
  // `after`: the greatest prefix of the reading before; empty: this is the first one.
  PrefixReading(std::string after, std::size_t bytes_max)
      : after_(std::move(after)), bytes_max_(bytes_max) {}

  void see(std::string_view prefix);

  // Were there more than fit? Then another reading is needed.
  bool more() const { return more_; }
  const std::set<std::string, std::less<>>& prefixes() const { return kept_; }

 private:
  static std::size_t weight(std::string_view prefix) {
    return prefix.size() + 96;
  }  // with its node

  const std::string after_;
  const std::size_t bytes_max_;
  std::set<std::string, std::less<>> kept_;
  std::size_t bytes_ = 0;
  bool more_ = false;
  std::string bound_;  // where more: those from here on are for another reading
};

}  // namespace dth::object_copy

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace dth::control {

// How fast passwords can be tried: by account and by address. After some failures, each further one
// doubles the time in which nothing is tried, up to a minute. Nobody is locked out for longer.
//
// Its memory is a table of fixed size, in which accounts and addresses have places by a keyed hash:
// nobody can make it forget by asking for many. Two that share a place wait for each other, which
// others cannot bring about on purpose. Of this process; thread-safe.
class SignInThrottle {
 public:
  static constexpr int account_failures_free = 5;
  static constexpr int address_failures_free = 20;
  static constexpr std::chrono::seconds wait_max{60};
  // Failures are forgotten after so long without another.
  static constexpr std::chrono::minutes memory{15};

  SignInThrottle();

  // Zero: an attempt is made, and counted as a failure until succeeded() says otherwise, so that
  // many at the same time are counted, too. Else: how long nothing is tried.
  std::chrono::seconds begin(std::string_view account, std::string_view address, MonotonicTime now);
  void succeeded(std::string_view account, std::string_view address);

 private:
  struct Place {
    int failures = 0;
    MonotonicTime last{};
    MonotonicTime blocked_until{};
  };
  static constexpr std::size_t places = 16384;

  Place& place_of(std::vector<Place>& table, std::string_view key);
  static void count(Place& place, int free, MonotonicTime now);
  static void forget(Place& place, MonotonicTime now);

  std::array<unsigned char, 16> key_;
  std::mutex mutex_;
  std::vector<Place> accounts_{places};
  std::vector<Place> addresses_{places};
};

}  // namespace dth::control

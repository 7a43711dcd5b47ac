#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace dth::control {

// How fast passwords can be tried. Three limits hold at once:
// - by account and address (of IPv6: network): after some failures, each further one doubles the
//   time in which nothing is tried, up to a minute;
// - by address, whatever the account: the same, with more failures first;
// - by account, from wherever: so many at once, and then so many an hour.
// One address alone does not come near the third one: somebody who tries passwords makes others who
// sign in from elsewhere wait only by using many addresses. Who shares an address with them waits.
//
// Its memory is a table of fixed size, in which accounts and addresses have places by a keyed hash:
// nobody can make it forget by asking for many. Two that share a place wait for each other, which
// others cannot bring about on purpose. Of this process; thread-safe.
class SignInThrottle {
 public:
  static constexpr int account_failures_free = 5;  // from one address
  static constexpr int address_failures_free = 20;
  static constexpr std::chrono::seconds wait_max{60};
  // Failures are forgotten after so long without another.
  static constexpr std::chrono::minutes memory{15};
  // Of one account from all addresses: together at most 100 within an hour.
  static constexpr int account_failures_at_once = 40;
  static constexpr std::chrono::seconds account_failure_every{60};

  SignInThrottle();

  // How long nothing is tried; zero: begin() would let an attempt be made. Counts nothing.
  // `account` empty: an attempt at no account (a link, the setup token), by address only.
  std::chrono::seconds wait(std::string_view account, std::string_view address, MonotonicTime now);
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
  // Failures of an account that are not paid off yet.
  struct Level {
    double failures = 0;
    MonotonicTime at{};
  };
  static constexpr std::size_t places = 16384;

  template <class T>
  T& place_of(std::vector<T>& table, std::string_view key, std::string_view more = "");
  std::chrono::seconds wait_locked(std::string_view account, std::string_view address,
                                   MonotonicTime now);
  static void count(Place& place, int free, MonotonicTime now);
  static void forget(Place& place, MonotonicTime now);
  static void forget(Level& level, MonotonicTime now);

  std::array<unsigned char, 16> key_;
  std::mutex mutex_;
  std::vector<Place> pairs_{places};
  std::vector<Place> addresses_{places};
  std::vector<Level> accounts_{places};
};

}  // namespace dth::control

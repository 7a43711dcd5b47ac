#include "control/identity/sign_in_throttle.h"

#include <algorithm>
#include <cstring>

#include <sodium.h>

namespace dth::control {

SignInThrottle::SignInThrottle() {
  static_assert(crypto_shorthash_KEYBYTES == 16);
  randombytes_buf(key_.data(), key_.size());
}

SignInThrottle::Place& SignInThrottle::place_of(std::vector<Place>& table, std::string_view key) {
  unsigned char hash[crypto_shorthash_BYTES];
  crypto_shorthash(hash, reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                   key_.data());
  std::uint64_t number = 0;
  std::memcpy(&number, hash, sizeof number);
  return table[number % places];
}

void SignInThrottle::forget(Place& place, MonotonicTime now) {
  if (place.failures > 0 && now - place.last > memory) place = {};
}

void SignInThrottle::count(Place& place, int free, MonotonicTime now) {
  ++place.failures;
  place.last = now;
  const int beyond = place.failures - free;
  if (beyond < 0) return;
  const auto wait = std::chrono::seconds(1ll << std::min(beyond, 10));
  place.blocked_until = now + std::min<std::chrono::seconds>(wait, wait_max);
}

std::chrono::seconds SignInThrottle::begin(std::string_view account, std::string_view address,
                                           MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  Place& by_account = place_of(accounts_, account);
  Place& by_address = place_of(addresses_, address);
  forget(by_account, now);
  forget(by_address, now);
  const MonotonicTime until = std::max(by_account.blocked_until, by_address.blocked_until);
  if (now < until) return std::chrono::ceil<std::chrono::seconds>(until - now);
  count(by_account, account_failures_free, now);
  count(by_address, address_failures_free, now);
  return std::chrono::seconds(0);
}

// The account is known to be whose it is. Of the address only this attempt was none: somebody who
// has an account does not thereby get to try others'.
void SignInThrottle::succeeded(std::string_view account, std::string_view address) {
  const std::lock_guard lock(mutex_);
  place_of(accounts_, account) = {};
  Place& by_address = place_of(addresses_, address);
  if (by_address.failures > 0 && --by_address.failures < address_failures_free)
    by_address.blocked_until = {};
}

}  // namespace dth::control

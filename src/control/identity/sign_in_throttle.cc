#include "control/identity/sign_in_throttle.h"

#include <algorithm>
#include <cstring>
#include <string>

#include <sodium.h>

namespace dth::control {

SignInThrottle::SignInThrottle() {
  static_assert(crypto_shorthash_KEYBYTES == 16);
  randombytes_buf(key_.data(), key_.size());
}

template <class T>
T& SignInThrottle::place_of(std::vector<T>& table, std::string_view key, std::string_view more) {
  std::string both(key);
  if (!more.empty()) both.append(1, '\0').append(more);
  unsigned char hash[crypto_shorthash_BYTES];
  crypto_shorthash(hash, reinterpret_cast<const unsigned char*>(both.data()), both.size(),
                   key_.data());
  std::uint64_t number = 0;
  std::memcpy(&number, hash, sizeof number);
  return table[number % places];
}

void SignInThrottle::forget(Place& place, MonotonicTime now) {
  if (place.failures > 0 && now - place.last > memory) place = {};
}

void SignInThrottle::forget(Level& level, MonotonicTime now) {
  using Seconds = std::chrono::duration<double>;
  const double paid_off = Seconds(now - level.at) / Seconds(account_failure_every);
  level.failures = std::max(0.0, level.failures - std::max(0.0, paid_off));
  level.at = now;
}

void SignInThrottle::count(Place& place, int free, MonotonicTime now) {
  ++place.failures;
  place.last = now;
  const int beyond = place.failures - free;
  if (beyond < 0) return;
  const auto wait = std::chrono::seconds(1ll << std::min(beyond, 10));
  place.blocked_until = now + std::min<std::chrono::seconds>(wait, wait_max);
}

std::chrono::seconds SignInThrottle::wait_locked(std::string_view account, std::string_view address,
                                                 MonotonicTime now) {
  Place& by_address = place_of(addresses_, address);
  forget(by_address, now);
  MonotonicTime until = by_address.blocked_until;
  if (!account.empty()) {
    Place& by_both = place_of(pairs_, account, address);
    forget(by_both, now);
    until = std::max(until, by_both.blocked_until);
    Level& by_account = place_of(accounts_, account);
    forget(by_account, now);
    const double beyond = by_account.failures + 1 - account_failures_at_once;
    if (beyond > 0) {
      const std::chrono::duration<double> paid_off = beyond * account_failure_every;
      until = std::max(until, now + std::chrono::ceil<std::chrono::milliseconds>(paid_off));
    }
  }
  if (now >= until) return std::chrono::seconds(0);
  return std::chrono::ceil<std::chrono::seconds>(until - now);
}

std::chrono::seconds SignInThrottle::wait(std::string_view account, std::string_view address,
                                          MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  return wait_locked(account, address, now);
}

std::chrono::seconds SignInThrottle::begin(std::string_view account, std::string_view address,
                                           MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  const auto wait = wait_locked(account, address, now);
  if (wait > std::chrono::seconds(0)) return wait;
  count(place_of(addresses_, address), address_failures_free, now);
  if (!account.empty()) {
    count(place_of(pairs_, account, address), account_failures_free, now);
    place_of(accounts_, account).failures += 1;
  }
  return wait;
}

// From this address the account is known to be whose it is. Of the address, and of the account from
// elsewhere, only this attempt was none: somebody who has an account does not thereby get to try
// others', nor do others get to try more of it.
void SignInThrottle::succeeded(std::string_view account, std::string_view address) {
  const std::lock_guard lock(mutex_);
  Place& by_address = place_of(addresses_, address);
  if (by_address.failures > 0 && --by_address.failures < address_failures_free)
    by_address.blocked_until = {};
  if (account.empty()) return;
  place_of(pairs_, account, address) = {};
  Level& by_account = place_of(accounts_, account);
  by_account.failures = std::max(0.0, by_account.failures - 1);
}

}  // namespace dth::control

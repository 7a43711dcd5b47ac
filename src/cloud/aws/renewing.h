#pragma once

#include <mutex>

#include "cloud/aws/credentials.h"

namespace dth::aws {

// Credentials and when they are to be replaced, by the monotonic clock.
struct HeldCredentials {
  std::shared_ptr<const Credentials> credentials;
  MonotonicTime renew_at = MonotonicTime::max();
  MonotonicTime end = MonotonicTime::max();
};

// Where the lanes of a process leave what they got for the others, so that not each of them has to
// ask. Thread-safe.
class SharedCredentials {
 public:
  std::shared_ptr<const HeldCredentials> get() const {
    const std::lock_guard lock(mutex_);
    return held_;
  }
  void set(std::shared_ptr<const HeldCredentials> held) {
    const std::lock_guard lock(mutex_);
    held_ = std::move(held);
  }
  void drop(const Credentials* refused) {
    const std::lock_guard lock(mutex_);
    if (held_ && held_->credentials.get() == refused) held_.reset();
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const HeldCredentials> held_;
};

// Keeps what `source` gives and renews it 5 minutes before its end (halfway, where it lives shorter
// than 10 minutes). One coroutine asks at a time; the others go on with what there is, or wait
// where there is nothing. While credentials are still good, a renewal that fails harms nobody and
// is tried again in half a minute; afterwards get() fails with unauthenticated.
//
// Credentials that are at their end when they are given (one of two clocks is wrong, or a metadata
// service is in trouble and gives its last ones) are used until they are refused, and asked for
// again after 5 minutes.
//
// `clock` must outlive it.
std::shared_ptr<CredentialProvider> make_renewing_provider(
    std::shared_ptr<CredentialSource> source, Executor executor, Clock& clock,
    std::shared_ptr<SharedCredentials> shared = {});

}  // namespace dth::aws

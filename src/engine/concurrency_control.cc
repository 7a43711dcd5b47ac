#include "engine/concurrency_control.h"

#include <algorithm>
#include <cmath>

namespace dth::engine {
namespace {

// What a request costs by itself, as bytes: so that small and large objects can be added up.
constexpr double request_as_bytes = 64 * 1024;

// A rate is measured over so long, and over as many operations as may be in flight, at least.
constexpr std::chrono::milliseconds window_min{300};

// A trial of twice as many is worth it from this gain on; fewer are as good where no more than this
// is lost.
constexpr double gain_min = 1.10, loss_max = 0.97;
constexpr double growth = 2.0, growth_later = 1.25, shrinkage = 0.75, obedience = 0.7;

constexpr std::chrono::seconds rest{5}, rest_when_throttled{10}, one_moment{1};

}  // namespace

ConcurrencyControl::ConcurrencyControl(ConcurrencyBounds bounds)
    : bounds_(bounds), limit_(std::clamp(bounds.start, bounds.min, bounds.max)) {}

void ConcurrencyControl::set_limit(double limit) {
  limit_ = std::clamp(static_cast<std::uint32_t>(std::lround(limit)), bounds_.min, bounds_.max);
}

void ConcurrencyControl::begin_window(MonotonicTime now) {
  changed_at_ = now;
  measuring_ = false;
  ended_count_ = waited_count_ = 0;
  work_ = 0;
}

void ConcurrencyControl::ended(MonotonicTime began, MonotonicTime now, std::uint64_t bytes,
                               bool others_wait) {
  if (bounds_.min == bounds_.max) return;
  if (!measuring_) {
    if (began < changed_at_) return;  // it belongs to the limit before
    measuring_ = true;
    measured_from_ = now;
    return;
  }
  ++ended_count_;
  if (others_wait) ++waited_count_;
  work_ += request_as_bytes + static_cast<double>(bytes);
  const auto took = now - measured_from_;
  if (ended_count_ < limit_ || took < window_min) return;
  if (waited_count_ * 2 > ended_count_) {
    judge(work_ / std::chrono::duration<double>(took).count(), now);
  } else {
    // There was too little to do to learn from. What was being tried has shown nothing for itself.
    if (trial_ == Trial::more) set_limit(limit_before_);
    trial_ = Trial::none;
  }
  begin_window(now);
}

void ConcurrencyControl::judge(double rate, MonotonicTime now) {
  if (trial_ == Trial::more) {
    const double wanted =
        1 + (gain_min - 1) * (static_cast<double>(limit_) / limit_before_ - 1) / (growth - 1);
    if (rate < rate_before_ * wanted) {
      set_limit(limit_before_);
      growing_ = false;
      grow_next_ = false;
      rest_until_ = now + rest;
    }
  } else if (trial_ == Trial::fewer) {
    grow_next_ = true;
    if (rate < rate_before_ * loss_max) {
      set_limit(limit_before_);
      rest_until_ = now + rest;
    } else {
      grow_next_ = false;  // fewer yet, perhaps
    }
  }
  trial_ = Trial::none;
  rate_before_ = rate;
  if (now >= rest_until_) try_other(now);
}

void ConcurrencyControl::try_other(MonotonicTime now) {
  limit_before_ = limit_;
  if (grow_next_) {
    set_limit(std::max(limit_ + 1.0, limit_ * (growing_ ? growth : growth_later)));
    trial_ = Trial::more;
  } else {
    set_limit(std::min(limit_ - 1.0, std::floor(limit_ * shrinkage)));
    trial_ = Trial::fewer;
  }
  if (limit_ != limit_before_) return;
  // At a bound: the other way, later.
  trial_ = Trial::none;
  grow_next_ = !grow_next_;
  rest_until_ = now + rest;
}

void ConcurrencyControl::throttled(MonotonicTime now) {
  if (bounds_.min == bounds_.max || now < obeyed_until_) return;
  // A trial of more was the cause, or made it worse.
  const std::uint32_t from = trial_ == Trial::more ? std::min(limit_, limit_before_) : limit_;
  set_limit(std::floor(from * obedience));
  trial_ = Trial::none;
  growing_ = false;
  grow_next_ = true;
  obeyed_until_ = now + one_moment;
  rest_until_ = now + rest_when_throttled;
  begin_window(now);
}

}  // namespace dth::engine

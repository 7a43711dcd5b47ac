#include "engine/state_outage.h"

#include <algorithm>

namespace dth::engine {
namespace {

constexpr std::chrono::milliseconds pause_min{200}, pause_max{5'000};

std::string seconds_text(Duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

std::optional<Error> StateOutage::begin() {
  const std::lock_guard lock(mutex_);
  if (!why_) return std::nullopt;
  if (asking_ || clock_.monotonic_now() < next_at_) return why_;
  asking_ = true;
  return std::nullopt;
}

void StateOutage::found_there() {
  Duration lasted{};
  {
    const std::lock_guard lock(mutex_);
    if (!why_) return;
    lasted = clock_.monotonic_now() - since_;
    why_.reset();
    asking_ = false;
  }
  if (say_) say_("the state answers again, after " + seconds_text(lasted) + "; work resumes");
}

void StateOutage::found_away(const Error& why) {
  bool begins = false;
  {
    const std::lock_guard lock(mutex_);
    const MonotonicTime now = clock_.monotonic_now();
    begins = !why_;
    if (begins) since_ = now;
    pause_ = begins ? Duration(pause_min) : std::min<Duration>(pause_ * 2, pause_max);
    why_ = why;
    next_at_ = now + pause_;
    asking_ = false;
  }
  if (begins && say_)
    say_(why.to_string() + "; waiting for it, " + seconds_text(state_wait_max) + " at most");
}

}  // namespace dth::engine

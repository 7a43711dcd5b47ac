#include "base/outage.h"

namespace dth {
namespace {

constexpr std::chrono::milliseconds pause_initial{100};
constexpr std::chrono::milliseconds pause_max{15'000};
// How late a wait notices that the store is back, or that it is to stop: the more the longer it
// lasts, since there may be thousands of them.
constexpr std::chrono::milliseconds look_interval_min{50}, look_interval_max{1'000};
// Once a store is given up its waiters stay for so long, unless they are stopped: stopping the work
// takes a moment, and nothing should be begun in it that could only fail.
constexpr std::chrono::seconds given_up_grace{5};

}  // namespace

bool may_be_outage(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout;
}

// The turn of one caller to probe: given back however that ends.
class Outage::Probing {
 public:
  explicit Probing(Outage& outage) : outage_(outage) {}
  Probing(const Probing&) = delete;
  Probing& operator=(const Probing&) = delete;
  ~Probing() {
    std::lock_guard lock(outage_.mutex_);
    outage_.probing_ = false;
  }

 private:
  Outage& outage_;
};

Async<Result<bool>> Outage::outlast(Clock& clock, Probe probe) {
  const TimePoint since = clock.now();
  const MonotonicTime began = clock.monotonic_now();
  std::uint64_t probes_seen = 0;
  {
    std::lock_guard lock(mutex_);
    probes_seen = probes_;
  }
  bool was_gone = false;
  for (;;) {
    const MonotonicTime now = clock.monotonic_now();
    switch (next_step(now, probes_seen, &was_gone)) {
      case Step::over: {
        std::lock_guard lock(mutex_);
        if (phase_ == Phase::given_up)
          co_return Error{ErrorCode::cancelled, ErrorReason::unreachable, given_up_text(), ""};
        if (stopping_) co_return cancelled_error();
        co_return was_gone;
      }
      case Step::wait: {
        auto slept = co_await clock.sleep_until(next_look(now));
        if (slept.has_error()) co_return slept.error();
        break;
      }
      case Step::probe: {
        const Probing turn(*this);
        auto answer = co_await probe();
        if (answer.has_error() && answer.error().code == ErrorCode::cancelled)
          co_return answer.error();
        settle(answer.has_value() || !may_be_outage(answer.error()), since, began,
               clock.monotonic_now());
        break;
      }
    }
  }
}

// Takes the turn to probe where that is what comes next.
Outage::Step Outage::next_step(MonotonicTime now, std::uint64_t probes_seen, bool* was_gone) {
  std::lock_guard lock(mutex_);
  if (stopping_) return Step::over;
  if (phase_ == Phase::given_up)
    return now - gone_at_ >= timeout_ + given_up_grace ? Step::over : Step::wait;
  if (phase_ == Phase::answers) {
    if (probes_ > probes_seen) return Step::over;  // asked since this caller came
    if (probing_) return Step::wait;
    probing_ = true;
    return Step::probe;
  }
  *was_gone = true;
  if (now - gone_at_ >= timeout_) {
    phase_ = Phase::given_up;
    return Step::wait;
  }
  if (probing_ || now < next_probe_) return Step::wait;
  probing_ = true;
  return Step::probe;
}

void Outage::settle(bool answered, TimePoint since, MonotonicTime began, MonotonicTime now) {
  std::lock_guard lock(mutex_);
  ++probes_;
  if (phase_ == Phase::given_up) return;
  if (answered) {
    phase_ = Phase::answers;
    return;
  }
  if (phase_ == Phase::answers) {
    phase_ = Phase::gone;
    since_ = since;
    gone_at_ = began;
    pause_ = pause_initial;
  }
  next_probe_ = now + pause_;
  pause_ = std::min<Duration>(pause_ * 2, pause_max);
}

MonotonicTime Outage::next_look(MonotonicTime now) const {
  std::lock_guard lock(mutex_);
  const Duration lasted = phase_ == Phase::answers ? Duration::zero() : now - gone_at_;
  MonotonicTime look =
      now + std::clamp<Duration>(lasted / 10, look_interval_min, look_interval_max);
  if (phase_ == Phase::gone && !probing_) look = std::min(look, std::max(next_probe_, now));
  if (phase_ == Phase::gone) look = std::min(look, std::max(gone_at_ + timeout_, now));
  return look;
}

bool Outage::is_active() const {
  std::lock_guard lock(mutex_);
  return phase_ != Phase::answers;
}

std::string Outage::since_text() const {
  return name_ + " cannot be reached since " + format_time(since_).substr(0, 19) + "Z";
}

std::optional<std::string> Outage::describe() const {
  std::lock_guard lock(mutex_);
  if (phase_ == Phase::answers) return std::nullopt;
  return since_text();
}

std::string Outage::given_up_text() const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout_).count();
  const std::string length = std::to_string(seconds) + " s";
  return "the " + since_text() + ", longer than " +
         (limit_.empty() ? length : limit_ + " (" + length + ")");
}

std::optional<std::string> Outage::given_up() const {
  std::lock_guard lock(mutex_);
  if (phase_ != Phase::given_up) return std::nullopt;
  return given_up_text();
}

void Outage::request_stop() {
  std::lock_guard lock(mutex_);
  stopping_ = true;
}

bool Outages::any_active() const {
  for (const Watched& one : watched_) {
    if (one.outage->is_active()) return true;
  }
  return false;
}

Async<Result<bool>> Outages::outlast() {
  bool any = false;
  for (Watched& one : watched_) {
    auto outlasted = co_await one.outage->outlast(clock_, one.probe);
    if (outlasted.has_error()) co_return outlasted.error();
    any = any || *outlasted;
  }
  co_return any;
}

std::shared_ptr<Outage> OutageBoard::at(const std::string& name, Duration timeout) {
  std::lock_guard lock(mutex_);
  for (const auto& [known, outage] : outages_) {
    if (known == name) return outage;
  }
  auto outage = std::make_shared<Outage>(name, timeout, "--unreachable-timeout");
  if (stopping_) outage->request_stop();
  outages_.emplace_back(name, outage);
  return outage;
}

bool OutageBoard::knows(const std::string& name) const {
  std::lock_guard lock(mutex_);
  return std::any_of(outages_.begin(), outages_.end(),
                     [&](const auto& one) { return one.first == name; });
}

std::vector<std::string> OutageBoard::waiting() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> sentences;
  for (const auto& [name, outage] : outages_) {
    if (auto sentence = outage->describe()) sentences.push_back(std::move(*sentence));
  }
  return sentences;
}

std::optional<std::string> OutageBoard::given_up() const {
  std::lock_guard lock(mutex_);
  for (const auto& [name, outage] : outages_) {
    if (auto sentence = outage->given_up()) return sentence;
  }
  return std::nullopt;
}

void OutageBoard::request_stop() {
  std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& [name, outage] : outages_) outage->request_stop();
}

}  // namespace dth

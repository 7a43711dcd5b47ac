#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace dth {

// Whether one store can be reached, as all lanes of a process see it: a store that has answered and
// answers nothing any more is a state of the store, and no fault of the requests that meet it.
// Requests that fail are told apart by asking the store something simple, a probe. While the store
// is gone one caller at a time probes it, with growing pauses, and all others wait for what comes
// of that. Thread-safe.
class Outage {
 public:
  // One simple request, made once.
  using Probe = std::function<Async<Result<void>>()>;

  // `name` is what people read: "source". A store that does not answer for `timeout` is given up
  // for good; `limit` is the option that says for how long, if there is one.
  Outage(std::string name, Duration timeout, std::string limit = {})
      : name_(std::move(name)), timeout_(timeout), limit_(std::move(limit)) {}

  // For a caller whose request failed in a way that may be the store's. False: the store answers,
  // so that the failure is the request's. True: it was gone, and answers again: what was tried
  // meanwhile should not count. Fails with ErrorCode::cancelled and nothing else: also after
  // request_stop(), and, with ErrorReason::unreachable, where the store is given up. Nothing has
  // failed then, the work stops.
  Async<Result<bool>> outlast(Clock& clock, Probe probe);

  // Is it known to be gone?
  bool is_active() const;
  // "destination cannot be reached since 2026-11-01T09:30:00Z"; nothing while it answers.
  std::optional<std::string> describe() const;
  // Why the run should be stopped; nothing until the store is given up.
  std::optional<std::string> given_up() const;

  // Ends all waits, now and later.
  void request_stop();

 private:
  enum class Phase { answers, gone, given_up };
  enum class Step { probe, wait, over };
  class Probing;

  Step next_step(MonotonicTime now, std::uint64_t probes_seen, bool* was_gone);
  void settle(bool answered, TimePoint since, MonotonicTime began, MonotonicTime now);
  MonotonicTime next_look(MonotonicTime now) const;
  std::string since_text() const;
  std::string given_up_text() const;

  const std::string name_;
  const Duration timeout_;
  const std::string limit_;
  mutable std::mutex mutex_;  // of all that follows; never held while anything is awaited
  Phase phase_ = Phase::answers;
  bool probing_ = false;  // somebody is
  bool stopping_ = false;
  std::uint64_t probes_ = 0;  // that ended
  TimePoint since_{};         // where gone or given up
  MonotonicTime gone_at_{}, next_probe_{};
  Duration pause_{};
};

// Did outlast() end with this because the store is given up?
inline bool is_given_up(const Error& error) {
  return error.code == ErrorCode::cancelled && error.reason == ErrorReason::unreachable;
}

// Is it worthwhile to ask whether the store is gone? Not where the store itself said something.
bool may_be_outage(const Error& error);

// The stores that a lane's work depends on, and how this lane probes each. For retry().
class Outages {
 public:
  explicit Outages(Clock& clock) : clock_(clock) {}

  void add(std::shared_ptr<Outage> outage, Outage::Probe probe) {
    watched_.push_back({std::move(outage), std::move(probe)});
  }

  bool any_active() const;
  // Of all of them: true where any was gone.
  Async<Result<bool>> outlast();

 private:
  struct Watched {
    std::shared_ptr<Outage> outage;
    Outage::Probe probe;
  };
  Clock& clock_;
  std::vector<Watched> watched_;
};

// What all lanes of a run in one process share: an Outage for each store. Thread-safe.
class OutageBoard {
 public:
  // The same one for the same name. `timeout`, which --unreachable-timeout sets, is that of the
  // first caller.
  std::shared_ptr<Outage> at(const std::string& name, Duration timeout);
  // Has somebody asked for that one, because it has begun to work with that store?
  bool knows(const std::string& name) const;

  // What is waited for, a sentence each.
  std::vector<std::string> waiting() const;
  // What is not waited for any more.
  std::optional<std::string> given_up() const;
  void request_stop();

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, std::shared_ptr<Outage>>> outages_;
  bool stopping_ = false;
};

}  // namespace dth

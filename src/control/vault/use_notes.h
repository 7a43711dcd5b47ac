#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/clock.h"
#include "state/control/credential_store.h"

namespace dth::control {

// Writes down when credentials were used, on a thread of its own: lanes open sessions and must not
// wait for the state. What cannot be written is dropped, because it harms nobody. Thread-safe.
class UseNotes {
 public:
  // Both outlive it.
  UseNotes(state::CredentialStore& store, Clock& clock);
  ~UseNotes();  // writes what was noted
  UseNotes(const UseNotes&) = delete;
  UseNotes& operator=(const UseNotes&) = delete;

  // Does not block. Of one credential at most once a minute.
  void note(const std::string& id);

 private:
  static constexpr std::size_t remembered_max = 10'000;

  void serve();
  void write(const std::set<std::string>& used);

  state::CredentialStore& store_;
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, MonotonicTime> noted_;  // when last, at most remembered_max
  std::set<std::string> pending_;               // of these
  bool stops_ = false;
  std::thread thread_;  // after what it uses
};

}  // namespace dth::control

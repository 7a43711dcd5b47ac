#include "control/vault/use_notes.h"

#include <exception>

namespace dth::control {
namespace {

constexpr std::chrono::minutes noted_every{1};

}  // namespace

UseNotes::UseNotes(state::CredentialStore& store, Clock& clock)
    : store_(store), clock_(clock), thread_([this] { serve(); }) {}

UseNotes::~UseNotes() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void UseNotes::note(const std::string& id) {
  const MonotonicTime now = clock_.monotonic_now();
  {
    const std::lock_guard lock(mutex_);
    if (const auto last = noted_.find(id); last != noted_.end() && now - last->second < noted_every)
      return;
    if (noted_.size() >= remembered_max)
      std::erase_if(noted_, [&](const auto& one) { return now - one.second >= noted_every; });
    if (noted_.size() >= remembered_max) return;
    noted_[id] = now;
    pending_.insert(id);
  }
  changed_.notify_one();
}

void UseNotes::serve() {
  for (;;) {
    std::set<std::string> used;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stops_ || !pending_.empty(); });
      if (pending_.empty()) return;
      used.swap(pending_);
    }
    write(used);
  }
}

void UseNotes::write(const std::set<std::string>& used) {
  try {
    for (const std::string& id : used) {
      // A state that does not answer would not answer for the others either.
      if (store_.note_used(id, clock_.now()).has_error()) return;
    }
  } catch (const std::exception&) {  // no memory
  }
}

}  // namespace dth::control

#pragma once

#include <string>

#include "base/clock.h"
#include "state/state.h"

namespace dth::cli {

// Shows a run's progress on standard error: one line that is rewritten on a terminal, a plain line now and then in a
// pipe, nothing when quiet. Not thread-safe.
class ProgressView {
 public:
  enum class Style { none, terminal, plain };
  // terminal or plain, by what standard error is.
  static Style detect();

  ProgressView(Style style, Clock& clock);
  void show(const state::Progress& progress);
  // Leaves the terminal's line.
  void end();

 private:
  std::string line(const state::Progress& progress, double seconds) const;
  Style style_;
  Clock& clock_;
  MonotonicTime started_;
  MonotonicTime shown_;
  bool any_ = false;
};

}  // namespace dth::cli

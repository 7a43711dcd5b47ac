#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "state/state.h"

namespace dth::cli {

// Shows a run's progress on standard error: one line that is rewritten on a terminal, a plain line
// now and then in a pipe, nothing when quiet. Not thread-safe.
class ProgressView {
 public:
  enum class Style { none, terminal, plain };
  // terminal or plain, by what standard error is.
  static Style detect();

  // `deletes`: what only the destination has is the run's work as well.
  ProgressView(Style style, Clock& clock, bool deletes);
  // `waiting`: what the run waits for, a sentence each.
  void show(const state::Progress& progress, const std::vector<std::string>& waiting);
  // Leaves the terminal's line.
  void end();

 private:
  Style style_;
  Clock& clock_;
  bool deletes_;
  MonotonicTime started_;
  MonotonicTime shown_;
  bool any_ = false;
  std::vector<std::string> waiting_;  // as it was shown last
};

// The line's text behind the bar, and how far the bar goes, from 0 to 1. `seconds`: since this
// process began.
struct ProgressText {
  std::string text;
  double done = 0;
};
ProgressText describe_progress(const state::Progress& progress,
                               const std::vector<std::string>& waiting, bool deletes,
                               double seconds);

}  // namespace dth::cli

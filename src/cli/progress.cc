#include "cli/progress.h"

#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/summary.h"
#include "options/amounts.h"
#include "plugins/object_copy/counters.h"

namespace dth::cli {
namespace {

using object_copy::Counter;
constexpr std::chrono::seconds plain_interval{10};

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

ProgressView::Style ProgressView::detect() {
  return isatty(STDERR_FILENO) ? Style::terminal : Style::plain;
}

ProgressView::ProgressView(Style style, Clock& clock, bool deletes)
    : style_(style),
      clock_(clock),
      deletes_(deletes),
      started_(clock.monotonic_now()),
      shown_(started_) {}

ProgressText describe_progress(const state::Progress& progress,
                               const std::vector<std::string>& waiting, bool deletes,
                               double seconds) {
  const state::Counts& counts = progress.run.counts;
  const bool scanning =
      std::any_of(progress.backlog.begin(), progress.backlog.end(), [](const auto& kind) {
        return kind.first.ends_with("/scan") || kind.first.ends_with("/retry");
      });
  const std::int64_t settled = counts[Counter::copied] + counts[Counter::unchanged] +
                               counts[Counter::skipped] + counts[Counter::deleted_at_source] +
                               counts[Counter::failed] + counts[Counter::matched] +
                               counts[Counter::undetermined] + counts[Counter::deleted];
  // Of what is known so far; the total grows while the scan goes on.
  const std::int64_t known = counts[Counter::selected] + (deletes ? counts[Counter::extra] : 0);
  const auto bytes = static_cast<std::uint64_t>(counts[Counter::bytes]);
  std::string text = options::format_count(settled) + " of " + options::format_count(known) +
                     (scanning ? "+ " : " ") + "objects, " +
                     options::format_count(counts[Counter::copied]) + " copied, " +
                     options::format_size_rounded(bytes) + " at " +
                     options::format_size_rounded(
                         static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)) +
                     "/s";
  if (counts[Counter::matched])
    text += ", " + options::format_count(counts[Counter::matched]) + " matched";
  if (counts[Counter::deleted])
    text += ", " + options::format_count(counts[Counter::deleted]) + " deleted";
  if (counts[Counter::failed])
    text += ", " + options::format_count(counts[Counter::failed]) + " failed";
  // By the items that have ended, and not by jobs, which stay whole until their last item has.
  if (known > settled) text += ", " + options::format_count(known - settled) + " waiting";
  for (const std::string& one : waiting) text = "waiting: " + one + "; " + text;
  return {std::move(text),
          known > 0
              ? std::clamp(static_cast<double>(settled) / static_cast<double>(known), 0.0, 1.0)
              : 0.0};
}

void ProgressView::show(const state::Progress& progress, const std::vector<std::string>& waiting) {
  if (style_ == Style::none) return;
  const MonotonicTime now = clock_.monotonic_now();
  // That a wait begins or ends is said at once.
  const bool news = waiting != std::exchange(waiting_, waiting);
  if (style_ == Style::plain && !news && now - shown_ < plain_interval) return;
  shown_ = now;
  const double seconds = std::max(0.001, std::chrono::duration<double>(now - started_).count());
  const ProgressText line = describe_progress(progress, waiting, deletes_, seconds);
  if (style_ == Style::plain) {
    std::fprintf(stderr, "%s\n", line.text.c_str());
    return;
  }
  constexpr std::size_t width = 20;
  const auto filled = static_cast<std::size_t>(line.done * width);
  std::string text =
      "[" + std::string(filled, '#') + std::string(width - filled, '.') + "] " + line.text;
  text.resize(std::min(text.size(), terminal_width() - 1));
  std::fprintf(stderr, "\r%s\x1b[K", text.c_str());
  std::fflush(stderr);
  any_ = true;
}

void ProgressView::end() {
  if (any_) std::fputs("\r\x1b[K", stderr);
  any_ = false;
}

}  // namespace dth::cli

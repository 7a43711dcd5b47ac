#include "cli/progress.h"

#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/summary.h"

namespace dth::cli {
namespace {

using state::Counter;
constexpr std::chrono::seconds plain_interval{10};

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

ProgressView::Style ProgressView::detect() { return isatty(STDERR_FILENO) ? Style::terminal : Style::plain; }

ProgressView::ProgressView(Style style, Clock& clock)
    : style_(style), clock_(clock), started_(clock.monotonic_now()), shown_(started_) {}

std::string ProgressView::line(const state::Progress& progress, double seconds) const {
  const state::Counts& counts = progress.run.counts;
  bool scanning = false;
  std::int64_t waiting = 0;
  for (const auto& [kind, backlog] : progress.backlog) {
    scanning = scanning || kind == "scan" || kind == "retry";
    waiting += backlog.items;
  }
  const std::int64_t settled =
      counts[Counter::copied] + counts[Counter::skipped] + counts[Counter::vanished] + counts[Counter::failed] +
      counts[Counter::verified] + counts[Counter::unproved];
  const auto bytes = static_cast<std::uint64_t>(counts[Counter::bytes]);
  std::string text;
  if (style_ == Style::terminal) {
    // Of what is known so far; the total grows while the scan goes on.
    constexpr int width = 20;
    const std::int64_t known = std::max<std::int64_t>(counts[Counter::selected], 1);
    const auto filled = static_cast<int>(std::min<std::int64_t>(width, settled * width / known));
    text = "[" + std::string(static_cast<std::size_t>(filled), '#') + std::string(static_cast<std::size_t>(width - filled), '.') + "] ";
  }
  text += with_separators(settled) + " of " + with_separators(counts[Counter::selected]) + (scanning ? "+ " : " ") + "objects, " +
          with_separators(counts[Counter::copied]) + " copied, " + iec_bytes(bytes) + " at " +
          iec_bytes(static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)) + "/s";
  if (counts[Counter::verified]) text += ", " + with_separators(counts[Counter::verified]) + " verified";
  if (counts[Counter::deleted]) text += ", " + with_separators(counts[Counter::deleted]) + " deleted";
  if (counts[Counter::failed]) text += ", " + with_separators(counts[Counter::failed]) + " failed";
  if (waiting) text += ", " + with_separators(waiting) + " waiting";
  return text;
}

void ProgressView::show(const state::Progress& progress) {
  if (style_ == Style::none) return;
  const MonotonicTime now = clock_.monotonic_now();
  if (style_ == Style::plain && now - shown_ < plain_interval) return;
  shown_ = now;
  const double seconds = std::max(0.001, std::chrono::duration<double>(now - started_).count());
  std::string text = line(progress, seconds);
  if (style_ == Style::plain) {
    std::fprintf(stderr, "%s\n", text.c_str());
    return;
  }
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

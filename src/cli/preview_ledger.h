#pragma once

#include <mutex>
#include <vector>

#include "ledger/ledger.h"

namespace dth::cli {

// A dry run's ledger: nothing is kept but the first lines of what would be deleted. Thread-safe.
class PreviewLedger final : public ledger::Ledger {
 public:
  Result<state::Segment> append(const std::string&, const ledger::LineBuffer& lines) override {
    std::lock_guard guard(mutex_);
    std::string_view text = lines.text();
    while (!text.empty() && would_delete_.size() < lines_max) {
      const std::size_t end = text.find('\n');
      auto line = ledger::parse_line(text.substr(0, end));
      if (line.has_error()) return line.error();
      if (line->outcome == ledger::Outcome::would_delete) would_delete_.push_back(std::move(*line));
      text.remove_prefix(end + 1);
    }
    return state::Segment{};
  }

  std::vector<ledger::Line> take() {
    std::lock_guard guard(mutex_);
    return std::exchange(would_delete_, {});
  }

 private:
  static constexpr std::size_t lines_max = 1'000;
  std::mutex mutex_;
  std::vector<ledger::Line> would_delete_;
};

}  // namespace dth::cli

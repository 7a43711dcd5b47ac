#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"

namespace dth::ledger::testing {

// Ledger lines in memory, by segment; only those that state recorded count.
class MemoryLedger final : public Ledger {
 public:
  Result<state::Segment> append(const std::string&, const LineBuffer& lines) override {
    state::Segment segment;
    segment.file = "memory";
    segment.offset = texts_.size();
    segment.length = 1;
    segment.items = lines.items();
    segment.key_least = lines.key_least();
    segment.key_greatest = lines.key_greatest();
    texts_.push_back(lines.text());
    return segment;
  }

  // The lines of these segments.
  std::vector<Line> lines(const std::vector<state::Segment>& segments) const {
    std::vector<Line> all;
    for (const state::Segment& segment : segments) {
      std::string_view text = texts_.at(segment.offset);
      while (!text.empty()) {
        const std::size_t end = text.find('\n');
        all.push_back(parse_line(text.substr(0, end)).value());
        text.remove_prefix(end + 1);
      }
    }
    return all;
  }

 private:
  std::vector<std::string> texts_;
};

}  // namespace dth::ledger::testing

#pragma once

#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "options/action.h"
#include "state/state.h"

namespace dth::simulation {

// Ledger lines by segment; only those that state recorded count.
class MemoryLedger final : public ledger::Ledger {
 public:
  Result<state::Segment> append(const std::string& run, const ledger::LineBuffer& lines) override;
  // The lines of these segments.
  std::vector<ledger::Line> lines(const std::vector<state::Segment>& segments) const;

 private:
  std::vector<std::string> texts_;
};

// What must hold of every run that is over, whatever happened in it: each item is counted once, and
// the ledger says the same.
void check_run(state::State& state, const MemoryLedger& ledger, const state::Run& run,
               options::Action action);

}  // namespace dth::simulation

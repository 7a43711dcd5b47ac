#include "simulation/invariants.h"

#include <map>

#include <gtest/gtest.h>

#include "plugins/object_copy/counters.h"

namespace dth::simulation {

using object_copy::Counter;

void check_run(state::State& state, const MemoryLedger& ledger, const state::Run& run,
               options::Action action) {
  EXPECT_TRUE(is_over(run.state)) << to_string(run.state);
  const state::Counts& counts = run.counts;
  const std::int64_t to_delete = action == options::Action::sync ? counts[Counter::extra] : 0;
  const std::int64_t ended = counts[Counter::copied] + counts[Counter::unchanged] +
                             counts[Counter::skipped] + counts[Counter::matched] +
                             counts[Counter::undetermined] + counts[Counter::deleted_at_source] +
                             counts[Counter::failed] + counts[Counter::deleted];
  if (run.state == state::RunState::cancelled) {
    EXPECT_LE(ended, counts[Counter::selected] + to_delete);
  } else {
    EXPECT_EQ(ended, counts[Counter::selected] + to_delete);
  }
  std::map<ledger::Outcome, int> outcomes;
  std::map<std::string, int> keys;
  std::int64_t bytes = 0;
  for (const ledger::Line& line : ledger.lines(state.records().segments(run.id).value())) {
    ++outcomes[line.outcome];
    if (line.outcome == ledger::Outcome::skipped || line.outcome == ledger::Outcome::unchanged)
      continue;  // of these lines only some outcomes have one
    // What was copied, and then gone from the source, may be deleted by the same run.
    EXPECT_EQ(++keys[(line.outcome == ledger::Outcome::deleted ? "deleted " : "") + line.key], 1)
        << "counted twice: " << line.key;
    if (line.outcome == ledger::Outcome::copied) bytes += static_cast<std::int64_t>(line.size);
  }
  EXPECT_EQ(outcomes[ledger::Outcome::copied], counts[Counter::copied]);
  EXPECT_EQ(outcomes[ledger::Outcome::deleted_at_source], counts[Counter::deleted_at_source]);
  EXPECT_EQ(outcomes[ledger::Outcome::failed], counts[Counter::failed]);
  EXPECT_EQ(outcomes[ledger::Outcome::deleted], counts[Counter::deleted]);
  EXPECT_EQ(outcomes[ledger::Outcome::matched], counts[Counter::matched]);
  EXPECT_EQ(bytes, counts[Counter::bytes]);
  EXPECT_EQ(state.records().failures(run.id, 0, 100'000).value().size(),
            static_cast<std::size_t>(counts[Counter::failed]));
  EXPECT_TRUE(state.uploads().open_uploads(run.id, "").value().empty());
}

}  // namespace dth::simulation

#pragma once

#include <string>
#include <vector>

#include "ledger/testing/memory_ledger.h"
#include "options/action.h"
#include "state/state.h"

namespace dth::simulation {

using ledger::testing::MemoryLedger;

// What must hold of every run that is over, whatever happened in it: each item is counted once, and
// the ledger says the same.
void check_run(state::State& state, const MemoryLedger& ledger, const state::Run& run,
               options::Action action);

}  // namespace dth::simulation

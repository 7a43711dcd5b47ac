#pragma once

#include "cli/ledger_places.h"
#include "cli/run_lookup.h"
#include "engine/plugin.h"

namespace dth::cli {

// Cancels a run that is not over, and waits until it is: this process ends it where no other one
// may. Returns the run as it ended: perhaps otherwise, at the last moment.
Result<runs::RunView> cancel_and_wait(engine::Plugin& plugin, const LedgerPlaces& ledgers,
                                      ReadRun& found);

}  // namespace dth::cli

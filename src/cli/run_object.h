#pragma once

#include <string>

#include <boost/json/fwd.hpp>

#include "cli/run_lookup.h"

namespace dth::cli {

// What JSON and YAML tell of a run: which it is, what it was to do, its counts, where its state and
// ledger are.
boost::json::object run_object(const FoundRun& found);

// "succeeded", ...; of a run that is not over "running", where a process works on it, or
// "interrupted".
std::string display_state(const FoundRun& found);

}  // namespace dth::cli

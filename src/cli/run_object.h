#pragma once

#include <boost/json/fwd.hpp>

#include "cli/database.h"
#include "runs/run_view.h"

namespace dth::cli {

// What JSON and YAML tell of a run, which lies in that state.
boost::json::object run_object(const runs::RunView& view, const StatePlace& state);

}  // namespace dth::cli

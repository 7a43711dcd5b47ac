#pragma once

#include <filesystem>

#include <boost/json/fwd.hpp>

#include "runs/run_view.h"

namespace dth::cli {

// What JSON and YAML tell of a run, which lies in that state.
boost::json::object run_object(const runs::RunView& view, const std::filesystem::path& state);

}  // namespace dth::cli

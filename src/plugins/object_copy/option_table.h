#pragma once

#include <span>

#include "engine/plugin.h"
#include "options/option.h"

namespace dth::object_copy {

// Every option of object_copy, in the order in which help shows them: the locations, the endpoint's
// options of each side (endpoint_options.h), and those of the copying itself.
std::span<const options::Option> option_table();

// What object_copy can be asked to do.
std::span<const engine::OfferedAction> offered_actions();

}  // namespace dth::object_copy

#pragma once

#include <span>

#include "engine/option.h"
#include "engine/plugin.h"

namespace dth::object_copy {

// Every option of object_copy, in the order in which help shows them.
std::span<const engine::Option> option_table();

// What object_copy can be asked to do.
std::span<const engine::Mode> mode_table();

}  // namespace dth::object_copy

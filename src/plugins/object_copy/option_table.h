#pragma once

#include <span>

#include "engine/option.h"

namespace dth::object_copy {

// Every option of object_copy, in the order in which help shows them.
std::span<const engine::Option> option_table();

}  // namespace dth::object_copy

#pragma once

#include <span>

#include "engine/plugin.h"
#include "options/option.h"

namespace dth::object_copy {

// Every option of object_copy, in the order in which help shows them.
std::span<const options::Option> option_table();

// The value of an option in a spec, or its default; the second one of a count or size in a
// validated spec.
std::string value_of(const options::Values& spec, std::string_view name);
std::uint64_t size_of(const options::Values& spec, std::string_view name);

// What object_copy can be asked to do.
std::span<const engine::Mode> mode_table();

}  // namespace dth::object_copy

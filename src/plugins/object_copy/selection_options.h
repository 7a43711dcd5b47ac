#pragma once

#include "options/option.h"
#include "plugins/object_copy/copy_options.h"

namespace dth::object_copy {

// Takes the options of the groups "selection" and "comparison" of a valid spec into `options`,
// which knows its scope and source key. A relative time that is not resolved
// (options::resolve_times()) sets no bound. invalid_argument: a pattern, prefix or list file that
// cannot be one, or options that contradict each other.
Result<void> parse_selection_options(const options::Values& spec, CopyOptions* options);

// Is there a time in the spec that still has to be resolved?
bool has_relative_times(const options::Values& spec);

}  // namespace dth::object_copy

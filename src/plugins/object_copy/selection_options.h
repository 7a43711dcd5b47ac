#pragma once

#include "options/parsed_values.h"
#include "plugins/object_copy/copy_options.h"

namespace dth::object_copy {

// Reads the options of the groups "selection" and "comparison" into `options`, which knows its
// scope and source key. invalid_argument: a pattern, prefix or list file that cannot be one, or
// options that contradict each other.
Result<void> parse_selection_options(const options::ParsedValues& values, CopyOptions* options);

}  // namespace dth::object_copy

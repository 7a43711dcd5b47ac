#pragma once

#include "options/parsed_values.h"
#include "plugins/object_copy/copy_options.h"

namespace dth::object_copy {

// Reads the options of SYNC and VERIFY into `options`, which knows its action and scope.
// invalid_argument for what does not fit together.
Result<void> parse_mirror_options(const options::ParsedValues& values, CopyOptions* options);

}  // namespace dth::object_copy

#pragma once

#include "options/option.h"
#include "plugins/object_copy/copy_options.h"

namespace dth::object_copy {

// Reads mode, and what modes sync and verify are told. The spec must be valid; invalid_argument for
// what does not fit together.
Result<void> parse_mirror_options(const options::Values& spec, CopyOptions* options);

}  // namespace dth::object_copy

#pragma once

#include <optional>

#include "base/error.h"
#include "objects/object.h"
#include "objects/store_limits.h"
#include "plugins/object_copy/copy_options.h"

namespace dth::object_copy {

// Why an attempt to copy the object would fail for certain: its key or its size is more than the
// destination takes, its key would be empty there, or it is archived and nothing restores it.
// `limits` of the destination.
std::optional<Error> find_problem(const CopyOptions& options, const objects::StoreLimits& limits,
                                  const objects::ObjectInfo& source);

}  // namespace dth::object_copy

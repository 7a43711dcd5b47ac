#pragma once

#include <vector>

#include "engine/job_runner.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/rules/verify_result.h"

namespace dth::object_copy {

// Records what became of an item that was checked: its counts and its line; or, where it is to be
// repaired, puts it among `repairs`, which are to be copied.
void record_result(const CopyOptions& options, const Item& item, const VerifyResult& result,
                   TimePoint at, engine::Finished* finished, std::vector<Item>* repairs);

}  // namespace dth::object_copy

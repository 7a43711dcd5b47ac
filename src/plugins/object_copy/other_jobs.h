#pragma once

#include <span>
#include <string_view>

#include "engine/job_context.h"

namespace dth::object_copy {

// The other jobs of the run, all but those of `later_kinds`, which wait for them as well.

// Waits until none is left, so that the scan has read its listings to their ends and every other
// item has ended. The run as it then is.
Async<Result<state::Run>> wait_for_others(engine::JobContext& context,
                                          std::span<const std::string_view> later_kinds);

// The same, asked once.
Async<Result<bool>> are_others_done(engine::JobContext* context,
                                    std::span<const std::string_view> later_kinds);

}  // namespace dth::object_copy

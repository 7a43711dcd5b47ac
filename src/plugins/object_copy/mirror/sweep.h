#pragma once

#include "plugins/object_copy/mirror/mirror_payloads.h"
#include "state/state.h"

namespace dth::object_copy {

// The job of a sweep from there on.
state::NewJob sweep_job(const SweepPayload& payload);

}  // namespace dth::object_copy

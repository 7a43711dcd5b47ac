#pragma once

#include "plugins/object_copy/lane_context.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {

// In which way does an object get to the destination?

// Does it go up in parts?
bool is_for_parts(const LaneContext& lane, const Item& item);
// Does the store copy it by itself, in one request?
bool can_copy_server_side(const LaneContext& lane, const Item& item);
// Does it copy the parts of an upload by itself?
bool can_copy_parts_server_side(const LaneContext& lane, const Item& item,
                                const objects::ObjectHead& source);

}  // namespace dth::object_copy

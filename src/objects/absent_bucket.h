#pragma once

#include <memory>

#include "objects/object_store.h"

namespace dth::objects {

// A bucket that is still to be made, as a dry run sees it: there is nothing in it. What would write
// is `internal`, since a dry run must not come to it. `inner` gives limits and description, and
// must outlive the store.
std::unique_ptr<ObjectStore> make_absent_bucket(ObjectStore& inner);

}  // namespace dth::objects

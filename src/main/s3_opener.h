#pragma once

#include <memory>

#include "plugins/object_copy/plugin.h"

namespace dth {

// Opens S3 buckets for object_copy. Who we are is found as side_identity.h says; the region likewise in AWS's environment
// variables and profiles. Thread-safe: each lane opens its own stores.
std::unique_ptr<object_copy::StoreOpener> make_s3_opener();

}  // namespace dth

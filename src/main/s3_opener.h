#pragma once

#include <memory>

#include "plugins/object_copy/plugin.h"

namespace dth {

// Opens S3 buckets for object_copy. Who we are is found as side_identity.h says; the region likewise in AWS's environment
// variables and profiles. Customers' keys (SSE-C) come from DTH_SOURCE_SSE_C_KEY
// and DTH_DESTINATION_SSE_C_KEY. Thread-safe: each lane opens its own stores.
std::unique_ptr<object_copy::StoreOpener> make_s3_opener();

}  // namespace dth

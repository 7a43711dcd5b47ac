#pragma once

#include <memory>

#include "plugins/object_copy/plugin.h"

namespace dth {

// Opens S3 buckets for object_copy. Keys come from DTH_SOURCE_ACCESS_KEY_ID, DTH_SOURCE_SECRET_ACCESS_KEY and
// DTH_SOURCE_SESSION_TOKEN (DTH_DESTINATION_… for the other side), else from AWS's environment variables and profiles;
// the region likewise. Customers' keys (SSE-C) come from DTH_SOURCE_SSE_C_KEY and DTH_DESTINATION_SSE_C_KEY. Thread-safe: each lane opens its own stores.
std::unique_ptr<object_copy::StoreOpener> make_s3_opener();

}  // namespace dth

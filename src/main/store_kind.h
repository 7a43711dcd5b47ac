#pragma once

#include <memory>

#include "plugins/object_copy/plugin.h"

namespace dth {

// Stores of one kind on one lane, and what they share there.
class LaneStores {
 public:
  virtual ~LaneStores() = default;
  // Opens one side, without a request yet. The store lives as long as this object.
  virtual Result<objects::ObjectStore*> open(const object_copy::SideSettings& settings) = 0;
  // As OpenStores says it, of two sides of this kind.
  virtual std::string copy_source_bucket(const object_copy::SideSettings&,
                                         const object_copy::SideSettings&) const {
    return "";
  }
};

// A kind of store. Thread-safe: each lane opens its own stores.
class StoreKind {
 public:
  virtual ~StoreKind() = default;
  // `requests` outlives what is returned, and so does the kind itself.
  virtual std::unique_ptr<LaneStores> on(engine::Lane lane, objects::RequestCounters& requests) = 0;
};

// S3 buckets. Who we are is found as side_identity.h says; the region likewise in AWS's environment
// variables and profiles. Customers' keys (SSE-C) come from DTH_SOURCE_SSE_C_KEY and
// DTH_DESTINATION_SSE_C_KEY.
std::unique_ptr<StoreKind> make_s3_kind();

// Directories.
std::unique_ptr<StoreKind> make_file_kind();

}  // namespace dth

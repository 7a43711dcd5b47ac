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
};

// A kind of store. Thread-safe: each lane opens its own stores.
class StoreKind {
 public:
  virtual ~StoreKind() = default;
  // `requests` outlives what is returned, and so does the kind itself.
  virtual std::unique_ptr<LaneStores> on(engine::Lane lane, objects::RequestCounters& requests) = 0;
};

// S3 buckets. Who we are is found as side_identity.h says; the region likewise in AWS's environment variables and profiles.
std::unique_ptr<StoreKind> make_s3_kind();

// Directories.
std::unique_ptr<StoreKind> make_file_kind();

}  // namespace dth

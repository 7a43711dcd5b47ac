#pragma once

#include <memory>
#include <string>

#include "engine/plugin.h"
#include "objects/object_store.h"
#include "objects/request_counters.h"
#include "plugins/object_copy/endpoint_options.h"

namespace dth::object_copy {

// A lane's two stores and all they hang on.
class OpenStores {
 public:
  virtual ~OpenStores() = default;
  virtual objects::ObjectStore& source() = 0;
  virtual objects::ObjectStore& destination() = 0;
  virtual objects::RequestCounters& requests() = 0;
  // The source's bucket, where the destination's store may copy from it by itself: one endpoint,
  // the same credentials, no customers' keys. Else empty.
  virtual std::string copy_source_bucket() const { return ""; }
};

// Given by the composition root: the plugin knows no vendor.
class StoreOpener {
 public:
  virtual ~StoreOpener() = default;
  // Opens both sides on the lane, without a request yet.
  virtual Result<std::unique_ptr<OpenStores>> open(const SideSettings& source,
                                                   const SideSettings& destination,
                                                   engine::Lane lane) = 0;
};

// `opener` must outlive the plugin. `temporary_directory`: where listings are sorted; on a disk.
std::unique_ptr<engine::Plugin> make_object_copy_plugin(StoreOpener& opener,
                                                        std::string temporary_directory);

}  // namespace dth::object_copy

#pragma once

#include <string>
#include <vector>

#include "base/async_scope.h"
#include "objects/object_store.h"

namespace dth::object_copy {

// Reads one listing page after page, one page ahead of its reader. Holds at most two pages.
class Listing {
 public:
  Listing(objects::ObjectStore& store, Executor executor, std::string prefix, std::string start_after);

  struct Page {
    std::vector<objects::ObjectInfo> objects;
    bool ended = false;  // nothing comes after these
  };

  // The next page that holds anything, or an empty last one. A page that repeats its predecessor's token, or a long row
  // of empty ones, is data_corrupted: the listing would never end.
  Async<Result<Page>> next();

  // To be awaited before destruction.
  Async<void> stop() { return scope_.stop(); }

 private:
  Async<void> fetch();
  Async<Result<objects::ListPage>> wait();

  objects::ObjectStore& store_;
  AsyncScope scope_;
  objects::ListRequest request_;
  std::optional<Result<objects::ListPage>> fetched_;
  bool ended_ = false;
};

}  // namespace dth::object_copy

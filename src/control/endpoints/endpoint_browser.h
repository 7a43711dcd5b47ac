#pragma once

#include "objects/store_opener.h"

namespace dth::control {

struct BrowseEntry {
  enum class Kind { bucket, prefix, object };
  Kind kind = Kind::object;
  std::string name;  // of the level, without a slash at its end
  std::string path;  // to browse, or to copy
  objects::Reported<std::uint64_t> size = {};
  objects::Reported<TimePoint> modified = {};
  std::string storage_class = {};
};

struct BrowseRequest {
  objects::Endpoint endpoint = {};
  bool has_server = true;
  std::string path = {};    // "": the buckets; "bucket/a/": one level. Of this host: "/a/"
  std::string search = {};  // the beginning of names
  std::string token = {};
  std::uint32_t count = 100;
};

struct BrowsePage {
  std::string path;  // as it was understood
  std::vector<BrowseEntry> entries;
  std::string next_token;  // empty: that was the last one
};

// One page of what an endpoint holds, on a lane. A page may be empty and have a next one.
// invalid_argument: the path is none. Errors of the store: as it says them.
Async<Result<BrowsePage>> browse_endpoint(objects::LaneOpener& lane, BrowseRequest request);

}  // namespace dth::control

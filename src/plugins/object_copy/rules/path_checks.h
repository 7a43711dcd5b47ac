#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace dth::object_copy {

// Finds what a store whose keys are paths cannot hold, while a listing goes by: keys that are no
// paths, and keys of which an earlier one would have to be a folder ("a" and "a/b"). Remembers only
// those earlier keys that begin the current one.
class PathChecks {
 public:
  // Each key once, in byte order. What stands in its way, where something does. Where a listing is
  // taken up in the middle, the keys before are not known, and writing finds what this cannot.
  std::optional<Error> see(const std::string& destination_key);

 private:
  std::vector<std::string> beginnings_;  // each begins the next one
};

}  // namespace dth::object_copy

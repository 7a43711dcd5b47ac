#pragma once

#include "base/error.h"
#include "objects/location.h"
#include "plugins/object_copy/copy_options.h"

namespace dth::object_copy {

using objects::absolute_location;
using objects::Location;
using objects::parse_location;

// What is to be copied where. A bare bucket or a key ending in '/' means everything beneath; any
// other key the one object, unless `prefix_match`. One object to "…/" or to a bare bucket keeps its
// name, to a name is renamed. invalid_argument: a whole prefix cannot go to one name.
Result<CopyOptions> plan_locations(const Location& source, const Location& destination,
                                   bool prefix_match);

// Would the copy read what it writes? Only asked of locations in one and the same bucket of one
// endpoint. invalid_argument says which.
Result<void> check_overlap(const CopyOptions& options);

// The same of two directories, by their paths without links, which end in a slash.
Result<void> check_directory_overlap(const std::string& source, const std::string& destination,
                                     CopyOptions options);

}  // namespace dth::object_copy

#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "plugins/object_copy/copy_options.h"

namespace dth::object_copy {

// "s3://bucket/key": a place in a store, as a person writes it. The key is taken byte for byte: nothing is decoded.
struct Location {
  std::string bucket;
  std::string key;  // empty, "prefix/", or "name"

  std::string to_string() const;
};

// invalid_argument: not s3://, no bucket, a bucket name that cannot be one.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (and the older, laxer rules, which other
// vendors keep)
Result<Location> parse_location(std::string_view text);

// What is to be copied where. A bare bucket or a key ending in '/' means everything beneath; any other key the one
// object, unless `prefix_match`. One object to "…/" or to a bare bucket keeps its name, to a name is renamed.
// invalid_argument: a whole prefix cannot go to one name.
Result<CopyOptions> plan_locations(const Location& source, const Location& destination, bool prefix_match);

// Would the copy read what it writes? Only asked of locations in one and the same bucket of one endpoint.
// invalid_argument says which.
Result<void> check_overlap(const CopyOptions& options);

}  // namespace dth::object_copy

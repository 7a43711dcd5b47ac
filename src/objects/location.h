#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace dth::objects {

// "s3://bucket/key", or a path: a place in a store, as a person writes it. Taken byte for byte:
// nothing is decoded.
struct Location {
  std::string scheme = "s3";  // the kind of store: "s3", "file"
  std::string bucket;         // of a file: its directory, absolute
  std::string key;            // empty, "prefix/", or "name"

  std::string to_string() const;
};

// "/path" and "file:///path" are files: with a slash at the end (or "." or "..") the directory and
// everything beneath it, else that one file. invalid_argument: neither s3:// nor an absolute path,
// no bucket, a bucket name that cannot be one.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (and the older,
// laxer rules, which other vendors keep)
Result<Location> parse_location(std::string_view text);

// A relative path ("./x", "../x", ".") as an absolute one, seen from `directory`: what is stored
// must not depend on where a command was given. Anything else as it is.
std::string absolute_location(std::string_view text, const std::string& directory);

}  // namespace dth::objects

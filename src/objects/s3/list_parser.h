#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "objects/object_store.h"

namespace dth::objects::s3 {

// The answer of ListObjectsV2 or of its elder, ListObjects.
struct Listing {
  std::vector<ObjectInfo> objects;  // keys as raw bytes
  bool truncated = false;
  bool end_told = true;                 // did it say whether it is truncated?
  std::string next_continuation_token;  // V2
  std::string next_marker;              // V1, where the server sends one
};

inline constexpr std::size_t listing_objects_max = 100'000;

// Reads one page with a scanner of our own: listings are the bulk of the XML we see, and a tree of
// it costs more than the keys do. Elements that are not known are skipped.
//
// A page that is cut off anywhere is `unavailable`, so that it is asked for again; one that is
// whole but wrong is data_corrupted. Neither is ever an empty page. A page without IsTruncated is
// taken if it holds anything that listings hold. Pure.
//
// `spare`: objects of an earlier page, whose memory is used for these.
Result<Listing> parse_listing(std::string_view xml, std::vector<ObjectInfo> spare = {});

}  // namespace dth::objects::s3

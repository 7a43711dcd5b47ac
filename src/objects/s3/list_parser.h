#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "objects/object_store.h"

namespace dth::objects::s3 {

// The answer of ListObjectsV2 or of ListObjects.
struct Listing {
  std::vector<ObjectInfo> objects;    // keys as raw bytes
  std::vector<std::string> prefixes;  // where a delimiter was asked for
  bool encoded_falsely = false;       // it says that its keys are percent-encoded, and they are not
  bool truncated = false;
  bool end_told = true;                 // did it say whether it is truncated?
  std::string next_continuation_token;  // V2
  std::string next_marker;              // V1, where the server sends one
};

enum class KeyEncoding {
  announced,  // percent-encoded where EncodingType says so and no key shows otherwise
  none,       // whatever EncodingType says
};

inline constexpr std::size_t listing_objects_max = 100'000;

// Reads one page with a scanner of our own: listings are the bulk of the XML we see, and a tree of
// it costs more than the keys do. Elements that are not known are skipped.
//
// A page that is cut off anywhere is `unavailable`, so that it is asked for again; one that is
// whole but wrong is data_corrupted. Neither is ever an empty page. A page without IsTruncated is
// taken if it holds anything that listings hold. Pure.
//
// Some servers announce an encoding and send keys as they are. A key with a byte that every
// percent-encoding replaces shows it; then no key of the page is decoded. Without such a key it
// does not show: the caller gives `none` where an earlier page has shown it.
//
// `spare`: objects of an earlier page, whose memory is used for these.
Result<Listing> parse_listing(std::string_view xml, std::vector<ObjectInfo> spare = {},
                              KeyEncoding encoding = KeyEncoding::announced);

}  // namespace dth::objects::s3

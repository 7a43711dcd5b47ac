#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "objects/object_store.h"

namespace dth::object_copy {

// When are an object of the source and one of the destination the same, so that nothing is copied?
enum class CompareMode {
  standard,  // is_same()
  missing,   // whenever there is one: nothing is ever replaced
  size,      // equal sizes
  etag,      // equal sizes, and equal ETags where both are MD5s
  checksum,  // equal sizes and digests; both sides are asked where listings do not tell
  modified,  // equal sizes, and the destination is not older
  always,    // never
};

struct ComparisonRules {
  CompareMode mode = CompareMode::standard;
  bool newer_only = false;     // what is newer at the destination is left alone, whatever the mode
  bool etags_are_md5 = false;  // of single unencrypted PUTs, at both stores
};

enum class Verdict {
  copy,
  skip,
  ask,  // the listings do not tell: compare_heads() does
};

// What listings tell. `destination`: none where it lacks the key.
Verdict compare(const ComparisonRules& rules, const objects::ObjectInfo& source, const objects::ObjectInfo* destination);

// What an earlier run recorded of an object that it copied and proved.
struct RecordedCopy {
  std::uint64_t size = 0;
  std::string source_etag;
  std::string destination_etag;
};

// The same with such a record, where there is one; it knows better than times and ETags that cannot be compared. Both sides
// are as recorded: skip. The source changed, and the destination is still what was copied then: copy. Else the record says
// nothing. A record of the opposite direction, in which the two changed places, is heard if both sides are as recorded: without
// it two tasks that copy to and fro would copy for ever what has no ETags in common. It is asked behind `newer_only`, and not by the modes missing, size and always, which no content decides.
Verdict compare(const ComparisonRules& rules, const objects::ObjectInfo& source, const objects::ObjectInfo* destination,
                const RecordedCopy* recorded);

// What HEADs of both sides tell, for CompareMode::checksum: are the bytes the same, by a digest that both state of the
// whole object, or by equal ETags or composite checksums? Where no digest is common nobody knows, and that counts as
// different: what is not known to be the same is copied.
bool have_same_digest(const objects::ObjectHead& source, const objects::ObjectHead& destination);

// Are source and destination the same, as far as listings tell? Sizes are equal, and either the ETags are equal, or the
// destination was written after the source was last modified. ETags that differ prove nothing: multipart and KMS objects
// have ETags of their own kind, and would be copied for ever.
bool is_same(const objects::ObjectInfo& source, const objects::ObjectInfo& destination);

// Does this text look like the MD5 of a body: 32 hexadecimal digits and nothing else?
bool is_md5_etag(std::string_view etag);

// Storage classes whose objects cannot be read before they are restored.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
bool is_archived(std::string_view storage_class);

}  // namespace dth::object_copy

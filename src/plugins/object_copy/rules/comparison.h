#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "objects/etag.h"
#include "objects/requests.h"
#include "objects/store_limits.h"

namespace dth::object_copy {

class EtagFacts;

// When are an object of the source and one of the destination the same, so that nothing is copied?
enum class CompareMode {
  standard,  // see compare()
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
  bool etags_are_md5 = false;  // of single unencrypted PUTs, promised by both stores' profiles
  bool source_keeps_times = false, destination_keeps_times = false;  // StoreLimits::keeps_times
  std::chrono::microseconds time_precision{1};                       // of the destination's
  const EtagFacts* etags = nullptr;  // what this run has learnt about them; null: nothing
};

enum class Verdict {
  copy,
  skip,
  ask,              // the listings do not tell enough: ItemInspector asks both sides
  ask_about_etags,  // nothing but two ETags that look like MD5s shows a difference; they may be no
                    // MD5s
};

// What listings tell. `destination`: none where it lacks the key. `now`: by this process's clock.
//
// In the mode `standard` two objects are the same when their sizes are equal and nothing shows that
// they differ, by the first of these that is known:
// - what the destination recorded of the object that it is a copy of (ObjectInfo::origin): the
// source's ETag, or its time;
// - equal ETags; different ones that both look like MD5s show a difference (ask_about_etags);
// - where the destination keeps times, the file's: equal ones between two directories, none older
// than the source's elsewhere;
// - the destination was written after the source.
// An unknown value shows nothing, and never makes two objects the same.
Verdict compare(const ComparisonRules& rules, const objects::ObjectInfo& source,
                const objects::ObjectInfo* destination, TimePoint now);

// What an earlier run recorded of an object that it copied and proved.
struct RecordedCopy {
  std::uint64_t size = 0;
  std::string source_etag;
  std::string destination_etag;
  objects::Reported<TimePoint> read_from = {};  // when reading of the source began
};

// The same with such records of the key, the latest one last, also of runs in the other direction.
// They know better than times and ETags that cannot be compared:
// - one of them records exactly this pair: skip;
// - the source is other than the latest one recorded, and none of them wrote it: copy, although the
// destination may have been
//   written later, unless sizes and ETags are equal;
// - else they say nothing.
// They are asked after `newer_only`, and not by the modes missing, size and always, which no
// content decides.
Verdict compare(const ComparisonRules& rules, const objects::ObjectInfo& source,
                const objects::ObjectInfo* destination, TimePoint now,
                const std::vector<RecordedCopy>& recorded);

// What HEADs of both sides tell: are the bytes the same, by a digest that both state of the whole
// object, or by equal ETags or composite checksums? Where no digest is common nobody knows, and
// that counts as different: what is not known to be the same is copied.
bool have_same_digest(const objects::ObjectHead& source, const objects::ObjectHead& destination);

// Do both state a digest of one kind of the whole object, which differs?
bool have_other_digest(const objects::ObjectHead& source, const objects::ObjectHead& destination);

// Is an ETag of this object no MD5, however it looks? (KMS, DSSE, a customer's key.)
bool hides_md5(const objects::ObjectHead& head);

// Of a file that is older than the listing's time of its source, and of which nothing is recorded:
// does its time come from the source's metadata (x-amz-meta-mtime)? `file`: the destination's head.
bool has_time_of_metadata(const ComparisonRules& rules, const objects::ObjectHead& source,
                          const objects::ObjectInfo& file);

// Equal, as far as the coarser one tells: a time without a fraction is taken for one of whole
// seconds.
bool are_same_time(const objects::Reported<TimePoint>& a, const objects::Reported<TimePoint>& b,
                   std::chrono::microseconds precision);

// Neither is empty, and they are equal; those of 32 digits are written in either case.
bool are_equal_etags(std::string_view a, std::string_view b);

using objects::is_md5_etag;
using objects::is_same_etag;

// Storage classes whose objects cannot be read before they are restored.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
bool is_archived(std::string_view storage_class);

}  // namespace dth::object_copy

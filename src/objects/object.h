#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "objects/reported.h"

namespace dth::objects {

// What an object is a copy of, as a store that keeps such a record with its objects reports it (a
// directory does, in an extended attribute). Empty: nothing is recorded, or the object was written
// to since then.
struct Origin {
  std::string etag = {};               // of the source's object
  Reported<TimePoint> modified = {};   // its time
  Reported<TimePoint> read_from = {};  // when reading of it began

  bool known() const { return !etag.empty() || modified.known(); }
  void clear() {
    etag.clear();
    modified = read_from = {};
  }
};

// What a listing reports about an object. SortedListing writes all of these fields to disk: a new
// one goes there, too.
struct ObjectInfo {
  std::string key;  // raw bytes, as the store holds them; at most 1,024 in S3
  Reported<std::uint64_t> size;
  std::string etag;  // without quotes; empty where the store has none
  Reported<TimePoint> last_modified;
  std::string storage_class;  // S3's words ("STANDARD", "GLACIER"); empty means the store's default
  std::string version_id;     // empty where not asked for or not versioned
  // When the store last changed anything about it, where it tells that apart from last_modified (of
  // a file: the time of its content, which can be set, and the time of its last change, which
  // cannot). Unknown elsewhere.
  Reported<TimePoint> changed;
  // Why there is no object to be read or replaced under this key, although there is something: in
  // words that follow the key, of static storage. Empty: there is an object.
  std::string_view obstacle{};
  // Not 0: nothing could be listed of the keys that begin with so many bytes of `key`, from `key`
  // on: a folder that cannot be read, and `obstacle` says why. Such a `key` ends in a NUL, and only
  // says where in the order of keys that begins.
  std::uint32_t hidden_size = 0;
  Origin origin;  // where it was asked for: ListRequest::with_origins, head()

  // As newly made, but with the memory of its texts.
  void clear() {
    key.clear();
    size = {};
    etag.clear();
    last_modified = {};
    storage_class.clear();
    version_id.clear();
    changed = {};
    obstacle = {};
    origin.clear();
    hidden_size = 0;
  }

  // The folder that could not be listed, or the file of which nothing is known; empty: there is
  // none.
  std::string_view hidden() const { return std::string_view(key).substr(0, hidden_size); }
  // Is nothing known of this key because of it?
  bool hides(std::string_view other) const {
    if (hidden_size == 0 || !other.starts_with(hidden())) return false;
    return hidden().ends_with('/') || other.size() == hidden_size || other[hidden_size] == '/';
  }

  // When it was last written to: changes that kept last_modified count.
  Reported<TimePoint> written_at() const { return changed.known() ? changed : last_modified; }
};

// What is kept with an object besides its bytes.
struct ObjectMetadata {
  std::string content_type;
  std::string content_encoding;  // never "aws-chunked": stores drop that on the way in and out
  std::string content_language;
  std::string content_disposition;
  std::string cache_control;
  std::string expires;  // the header's text, as it was
  std::string website_redirect_location;
  std::vector<std::pair<std::string, std::string>>
      user;  // names in lower case without "x-amz-meta-", sorted

  bool operator==(const ObjectMetadata&) const = default;
};

// Names and values, sorted by name. At most StoreLimits::tag_count_max to an object; names of 1 to
// 128 characters, values of up to 256.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
using Tags = std::vector<std::pair<std::string, std::string>>;

// What keeps an object from being removed or replaced.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
enum class LockMode { none, governance, compliance };

struct ObjectLock {
  LockMode mode = LockMode::none;
  TimePoint retain_until{};  // where there is a mode; whole seconds
  bool legal_hold = false;

  bool any() const { return mode != LockMode::none || legal_hold; }
  bool operator==(const ObjectLock&) const = default;
};

// How the bytes are encrypted where they lie, as a store tells it or is asked for it.
enum class Encryption { none, sse_s3, sse_kms, sse_c };

// What a write asks for besides bytes and metadata. What is empty is left to the bucket and its
// defaults. sse_c is not asked for here: a store that was opened with a customer's key writes with
// it.
struct ObjectProperties {
  std::string storage_class = {};  // S3's words
  std::string canned_acl = {};     // "private", "bucket-owner-full-control", ...
  Encryption encryption = Encryption::none;
  std::string kms_key_id = {};  // with sse_kms; empty: the account's own key
  bool bucket_key = false;      // with sse_kms: ask KMS less often
  Tags tags = {};
  ObjectLock lock = {};  // such writes need a digest ahead: content_md5 or checksums

  bool operator==(const ObjectProperties&) const = default;
};

// Digests that somebody states, in S3's text form: base64, for composites "base64-N".
struct Checksums {
  std::string crc32;
  std::string crc32c;
  std::string crc64nvme;
  std::string sha1;
  std::string sha256;
  bool composite = false;  // of the parts' digests, not of the bytes
};

}  // namespace dth::objects

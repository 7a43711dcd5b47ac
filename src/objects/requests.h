#pragma once

#include "base/body.h"
#include "base/hash.h"
#include "objects/object.h"
#include "objects/transfer_aid.h"

namespace dth::objects {

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // at least 1
};

struct ListRequest {
  std::string prefix = {};
  std::string start_after =
      {};  // only keys greater than this, by bytes; ignored where a token is given
  std::string continuation_token = {};  // of the page before
  std::uint32_t page_size = 1000;       // 1 to the store's list_page_max
  bool with_origins =
      false;  // report ObjectInfo::origin, where the store keeps it; costs no request
  // Of an earlier page, no longer needed; must outlive the call. A store takes them, so that there
  // are never more than its caller counts on, and may use their memory for the next ones: most of
  // what a listing allocates. Null, or empty: there are none.
  std::vector<ObjectInfo>* spare = nullptr;
  // Folders ("a/b/") whose objects the caller passes over: a store that walks folders does not open
  // them. Called on any thread; must outlive the call. Null: all are wanted.
  const std::function<bool(std::string_view)>* leaves_out = nullptr;
  std::vector<ObjectInfo> take_spare() const {
    return spare ? std::exchange(*spare, {}) : std::vector<ObjectInfo>();
  }
};

// One page. An empty page that is truncated is legal: ask on.
struct ListPage {
  std::vector<ObjectInfo>
      objects;  // in the store's order; whoever merges checks that it is byte order
  bool truncated = false;
  std::string next_token;  // where truncated
  // Did the store itself say whether more follows? Where it did not, the page looked like the last
  // one, which is enough to copy by and not enough to delete by.
  bool end_told = true;
};

struct GetRequest {
  std::string key = {};
  std::string version_id = {};
  std::string if_match = {};  // an ETag; another object there now is precondition_failed
  std::optional<ByteRange> range = {};
  // The whole object's size, if the caller knows it. An answer without a length is held to it;
  // without either the size of the object is not known, and the answer is an error. Memory is
  // acquired for so much before the store is asked.
  Reported<std::uint64_t> size_expected = {};
};

// Can the bytes be read, of an object that may lie in an archive?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html
enum class Archive {
  none,           // it lies in none
  archived,       // it has to be restored first, for some days
  archived_tier,  // likewise, and for good: of a class that moves objects by itself
  restoring,      // that is under way
  restored,       // there is a copy that can be read
};

struct ObjectHead {
  ObjectInfo info;  // size is known, and the whole object's, also for a ranged GET
  ObjectMetadata metadata;
  Checksums checksums;
  Encryption encryption = Encryption::none;
  std::string kms_key_id;  // with sse_kms
  std::uint32_t tag_count =
      0;            // as far as the caller may know: S3 says nothing to who may not read tags
  ObjectLock lock;  // likewise
  Archive archive = Archive::none;
  bool framing_kept = false;  // the store took the framing of a request's body ("aws-chunked") for
                              // an encoding of the object
  std::uint32_t metadata_missing =
      0;  // so many entries of user metadata exist that the store cannot hand out
};

struct GetResult {
  ObjectHead head;
  std::unique_ptr<Body> body;  // exactly the bytes asked for, or an error from next()
};

// The destination as it was when the work was planned. A store that cannot check ignores it
// (StoreLimits says so).
struct Precondition {
  bool if_absent = false;     // If-None-Match: *
  std::string if_match = {};  // If-Match: an ETag
  bool always = false;        // sent also to a store that is not known to check it
};

struct PutRequest {
  std::string key = {};
  ObjectMetadata metadata = {};
  Precondition precondition = {};
  // Digests of the whole body which the store is asked to enforce. Raw MD5; others in S3's text
  // form.
  Digest content_md5 = {};
  Checksums checksums = {};
  ObjectProperties properties = {};
  Reported<TimePoint> modified = {};  // of what is copied: kept by stores whose times can be set
  Origin origin = {};                 // what it is a copy of: kept by stores that report it
  // Of the whole body. Where it is given it is signed, and the body goes as it is, without chunks;
  // empty: the store chooses.
  Digest payload_sha256 = {};
  // Where it is given, a refusal that may be about an aid is Error::reason aid_refused, and the
  // next try is to be planned by limits().without(trial->without). Null: the store tries again by
  // itself, if the body can be rewound.
  AidTrial* trial = nullptr;
};

struct PutResult {
  std::string etag;  // empty where the store does not say (Ceph RGW after CompleteMultipartUpload)
  std::string version_id;
  Checksums checksums;  // what the store says it computed
  Encryption encryption =
      Encryption::none;  // what it says it did; with sse_kms and sse_c the ETag is no MD5
};

struct RemoveRequest {
  std::string key = {};
  std::string if_match = {};  // an ETag: only if the object there is this one
  bool was_seen = false;      // just now: if the store says that it had none, that is not_found
};

struct CreateUploadRequest {
  std::string key = {};
  ObjectMetadata metadata = {};
  ObjectProperties properties = {};
  // The digest that complete_upload() will state for the whole object: crc64nvme, crc32c, or none.
  std::optional<HashAlgorithm> full_object_checksum = {};
  Reported<TimePoint> modified = {};  // as in PutRequest
  Origin origin = {};                 // as in PutRequest
  // Where they are known, a store can put each part where it belongs: the object's size, and that
  // of all parts but the last.
  std::uint64_t size = 0;
  std::uint64_t part_size = 0;
};

struct UploadPartRequest {
  std::string key = {};
  std::string upload_id = {};
  std::uint32_t part_number = 1;  // 1 to part_count_max
  Digest content_md5 = {};
  Checksums checksums = {};
  Digest payload_sha256 = {};  // these two as in PutRequest
  AidTrial* trial = nullptr;
};

struct PartResult {
  std::string etag;
  Checksums checksums;
  Encryption encryption = Encryption::none;  // as in PutResult
};

struct CompletedPart {
  std::uint32_t part_number = 1;
  std::string etag = {};
  std::string crc64nvme = {};  // where the part was sent with one, in S3's text form
};

struct CompleteUploadRequest {
  std::string key = {};
  std::string upload_id = {};
  std::vector<CompletedPart> parts = {};  // ascending by number
  Precondition precondition = {};
  Checksums checksums = {};  // full-object, as announced at create_upload()
};

// An object of the same endpoint, which the store itself reads.
struct CopySource {
  std::string bucket = {};
  std::string key = {};
  std::string version_id = {};
  std::string if_match =
      {};  // an ETag, never empty: another object there now is precondition_failed
};

struct CopyRequest {
  CopySource source = {};
  std::string key = {};
  std::optional<ObjectMetadata> metadata = {};  // instead of the source's; none: those
  bool keep_tags = true;                        // the source's; false: those of `properties`
  ObjectProperties properties = {};
  Precondition precondition = {};
};

struct CopyPartRequest {
  CopySource source = {};
  std::string key = {};
  std::string upload_id = {};
  std::uint32_t part_number = 1;
  ByteRange range = {};
};

enum class RestoreTier { standard, bulk, expedited };

struct RestoreRequest {
  std::string key = {};
  std::string version_id = {};
  std::uint32_t days = 1;  // that the copy is kept; 0 for Archive::archived_tier
  RestoreTier tier = RestoreTier::standard;
};

struct CreateBucketRequest {
  bool object_lock = false;  // objects in it can be locked
};

struct UploadInfo {
  std::string key;
  std::string upload_id;
  TimePoint initiated{};
};

struct PartInfo {
  std::uint32_t part_number = 1;
  std::uint64_t size = 0;
  std::string etag;
};

// What was learnt of the place behind a store by asking it.
struct StoreIdentity {
  std::string vendor;  // a name of the vendor profiles: "aws", "ceph", "generic", ...
  std::string region;  // where it said so
  // Of a directory: its path without links, ending in a slash. Two that are equal, or of which one
  // begins with the other, are one place.
  std::string directory = {};
  // What a user should know of this store before anything is copied, a sentence each.
  std::vector<std::string> notes = {};
};

// What a run is going to do at a store, as far as check() has to know it: it asks for no more
// rights than that takes.
struct StoreUse {
  bool lists = true;  // keys that begin with `prefix`; false: objects are named one by one
  std::string prefix = {};
};

}  // namespace dth::objects

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/body.h"
#include "objects/reported.h"
#include "objects/store_limits.h"
#include "objects/transfer_aid.h"

namespace dth::objects {

// What an object is a copy of, as a store that keeps such a record with its objects reports it (a directory does, in an
// extended attribute). Empty: nothing is recorded, or the object was written to since then.
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

// What a listing reports about an object. SortedListing writes all of these fields to disk: a new one goes there, too.
struct ObjectInfo {
  std::string key;  // raw bytes, as the store holds them; at most 1,024 in S3
  Reported<std::uint64_t> size;
  std::string etag;  // without quotes; empty where the store has none
  Reported<TimePoint> last_modified;
  std::string storage_class;  // S3's words ("STANDARD", "GLACIER"); empty means the store's default
  std::string version_id;     // empty where not asked for or not versioned
  // When the store last changed anything about it, where it tells that apart from last_modified (of a file: the time of its
  // content, which can be set, and the time of its last change, which cannot). Unknown elsewhere.
  Reported<TimePoint> changed;
  // Why there is no object to be read or replaced under this key, although there is something: in words that follow the
  // key, of static storage. Empty: there is an object.
  std::string_view obstacle{};
  // Not 0: nothing could be listed of the keys that begin with so many bytes of `key`, from `key` on: a folder that cannot be
  // read, and `obstacle` says why. Such a `key` ends in a NUL, and only says where in the order of keys that begins.
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

  // The folder that could not be listed, or the file of which nothing is known; empty: there is none.
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
  std::vector<std::pair<std::string, std::string>> user;  // names in lower case without "x-amz-meta-", sorted

  bool operator==(const ObjectMetadata&) const = default;
};

// Names and values, sorted by name. At most StoreLimits::tag_count_max to an object; names of 1 to 128 characters, values of
// up to 256. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
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

// What a write asks for besides bytes and metadata. What is empty is left to the bucket and its defaults. sse_c is not
// asked for here: a store that was opened with a customer's key writes with it.
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

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // at least 1
};

struct ListRequest {
  std::string prefix = {};
  std::string start_after = {};         // only keys greater than this, by bytes; ignored where a token is given
  std::string continuation_token = {};  // of the page before
  std::uint32_t page_size = 1000;  // 1 to the store's list_page_max
  bool with_origins = false;       // report ObjectInfo::origin, where the store keeps it; costs no request
  // Of an earlier page, no longer needed; must outlive the call. A store takes them, so that there are never more than
  // its caller counts on, and may use their memory for the next ones: most of what a listing allocates. Null, or empty:
  // there are none.
  std::vector<ObjectInfo>* spare = nullptr;
  // Folders ("a/b/") whose objects the caller passes over: a store that walks folders does not open them. Called on any
  // thread; must outlive the call. Null: all are wanted.
  const std::function<bool(std::string_view)>* leaves_out = nullptr;
  std::vector<ObjectInfo> take_spare() const { return spare ? std::exchange(*spare, {}) : std::vector<ObjectInfo>(); }
};

// One page. An empty page that is truncated is legal: ask on.
struct ListPage {
  std::vector<ObjectInfo> objects;  // in the store's order; whoever merges checks that it is byte order
  bool truncated = false;
  std::string next_token;  // where truncated
  // Did the store itself say whether more follows? Where it did not, the page looked like the last one, which is enough to
  // copy by and not enough to delete by.
  bool end_told = true;
};

struct GetRequest {
  std::string key = {};
  std::string version_id = {};
  std::string if_match = {};  // an ETag; another object there now is precondition_failed
  std::optional<ByteRange> range = {};
  // The whole object's size, if the caller knows it. An answer without a length is held to it; without either the size of
  // the object is not known, and the answer is an error. Memory is acquired for so much before the store is asked.
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
  std::string kms_key_id;       // with sse_kms
  std::uint32_t tag_count = 0;  // as far as the caller may know: S3 says nothing to who may not read tags
  ObjectLock lock;              // likewise
  Archive archive = Archive::none;
  bool framing_kept = false;  // the store took the framing of a request's body ("aws-chunked") for an encoding of the object
  std::uint32_t metadata_missing = 0;  // so many entries of user metadata exist that the store cannot hand out
};

struct GetResult {
  ObjectHead head;
  std::unique_ptr<Body> body;  // exactly the bytes asked for, or an error from next()
};

// The destination as it was when the work was planned. A store that cannot check ignores it (StoreLimits says so).
struct Precondition {
  bool if_absent = false;     // If-None-Match: *
  std::string if_match = {};  // If-Match: an ETag
  bool always = false;        // sent also to a store that is not known to check it
};

struct PutRequest {
  std::string key = {};
  ObjectMetadata metadata = {};
  Precondition precondition = {};
  // Digests of the whole body which the store is asked to enforce. Raw MD5; others in S3's text form.
  Digest content_md5 = {};
  Checksums checksums = {};
  ObjectProperties properties = {};
  Reported<TimePoint> modified = {};  // of what is copied: kept by stores whose times can be set
  Origin origin = {};                 // what it is a copy of: kept by stores that report it
  // Of the whole body. Where it is given it is signed, and the body goes as it is, without chunks; empty: the store chooses.
  Digest payload_sha256 = {};
  // Where it is given, a refusal that may be about an aid is Error::reason aid_refused, and the next try is to be planned
  // by limits().without(trial->without). Null: the store tries again by itself, if the body can be rewound.
  AidTrial* trial = nullptr;
};

struct PutResult {
  std::string etag;  // empty where the store does not say (Ceph RGW after CompleteMultipartUpload)
  std::string version_id;
  Checksums checksums;  // what the store says it computed
  Encryption encryption = Encryption::none;  // what it says it did; with sse_kms and sse_c the ETag is no MD5
};

struct RemoveRequest {
  std::string key = {};
  std::string if_match = {};  // an ETag: only if the object there is this one
};

struct CreateUploadRequest {
  std::string key = {};
  ObjectMetadata metadata = {};
  ObjectProperties properties = {};
  // The digest that complete_upload() will state for the whole object: crc64nvme, crc32c, or none.
  std::optional<HashAlgorithm> full_object_checksum = {};
  Reported<TimePoint> modified = {};  // as in PutRequest
  Origin origin = {};                 // as in PutRequest
  // Where they are known, a store can put each part where it belongs: the object's size, and that of all parts but the last.
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
  std::string if_match = {};  // an ETag, never empty: another object there now is precondition_failed
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
  // Of a directory: its path without links, ending in a slash. Two that are equal, or of which one begins with the other,
  // are one place.
  std::string directory = {};
  // What a user should know of this store before anything is copied, a sentence each.
  std::vector<std::string> notes = {};
};

// What a run is going to do at a store, as far as check() has to know it: it asks for no more rights than that takes.
struct StoreUse {
  bool lists = true;        // keys that begin with `prefix`; false: objects are named one by one
  std::string prefix = {};
};

// A flat name space of immutable byte strings: one bucket of one endpoint, or one directory.
// Backends: s3, file, memory.
//
// Errors, everywhere: not_found (no such object, upload or bucket; the message says which), permission_denied,
// unauthenticated, throttled, unavailable, timeout, cancelled, unsupported, invalid_argument. `detail` holds the
// vendor's code and request id. Nothing is retried here: the retrying decorator does that.
// Each method is one request to the store, unless it says otherwise.
//
// A store belongs to one lane: all calls come from coroutines of one io_context driven by one thread. Calls may be
// in flight side by side; cancelling a coroutine cancels its request.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  virtual const StoreLimits& limits() const = 0;

  // "s3://bucket at https://host": for messages.
  virtual std::string describe() const = 0;

  // From now on no request uses it: something other than a refusal showed that the store does not do it right.
  virtual void go_without(TransferAid) {}

  // What was learnt since the last call and a user should know of: sentences. Most stores learn nothing of the kind.
  virtual std::vector<std::string> take_warnings() { return {}; }

  // Does the bucket exist and may it be used so? Learns what it can of the endpoint. Call before other methods; one to
  // three requests. Where nothing is listed, a refusal says nothing about the objects and is passed over.
  virtual Async<Result<StoreIdentity>> check(StoreUse use = {}) = 0;

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
  virtual Async<Result<ListPage>> list(ListRequest request) = 0;

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
  // The size is always known: where the answer does not report it, one or two more requests ask for it.
  virtual Async<Result<ObjectHead>> head(std::string key, std::string version_id) = 0;

  // Returns when the headers are there. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
  virtual Async<Result<GetResult>> get(GetRequest request) = 0;

  // Reads `body` to its end, which must come after exactly body.size() bytes; a failure of the body is returned as it
  // is, and nothing is stored. `body` must outlive the call.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
  virtual Async<Result<PutResult>> put(PutRequest request, Body& body) = 0;

  // Succeeds also where there was nothing; in a bucket with versions, a delete marker hides the object. With if_match,
  // another object there now is precondition_failed and none is not_found; a store that cannot check says `unsupported`
  // and removes nothing. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
  virtual Async<Result<void>> remove(RemoveRequest request) = 0;

  // The new upload's id. Not idempotent. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
  virtual Async<Result<std::string>> create_upload(CreateUploadRequest request) = 0;

  // As put(). Uploading a part again replaces it. https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
  virtual Async<Result<PartResult>> upload_part(UploadPartRequest request, Body& body) = 0;

  // not_found where the upload is gone: it may have been completed by an attempt whose answer was lost; look first.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
  virtual Async<Result<PutResult>> complete_upload(CompleteUploadRequest request) = 0;

  // Succeeds also where the upload is gone. https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
  virtual Async<Result<void>> abort_upload(std::string key, std::string upload_id) = 0;

  // Copies an object without its bytes passing here; at most copy_size_max of them. The copy has the source's storage class,
  // ACL and encryption only where these are asked for. `unsupported`: the store cannot, move the bytes. precondition_failed
  // means the source or the destination: the message tells no more. Where both are one object, metadata or properties have
  // to change. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
  virtual Async<Result<PutResult>> copy(CopyRequest request) = 0;

  // As upload_part(). https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
  virtual Async<Result<PartResult>> copy_part(CopyPartRequest request) = 0;

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
  virtual Async<Result<Tags>> get_tags(std::string key, std::string version_id) = 0;

  // Asks for an archived object to be made readable, which takes minutes to days: head() tells how it stands. Succeeds also
  // where that was asked for before. `unsupported` where there are no archives.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
  virtual Async<Result<void>> restore(RestoreRequest request) = 0;

  // Makes the bucket, in the store's region. Succeeds also where it is there and ours; already_exists: somebody else's.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
  virtual Async<Result<void>> create_bucket(CreateBucketRequest request) = 0;

  // The open uploads of exactly this key, all of them. `unsupported` where the store cannot list them.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
  virtual Async<Result<std::vector<UploadInfo>>> list_uploads(std::string key) = 0;

  // The parts of an upload, ascending; pages until the end (at most 10,000 parts).
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
  virtual Async<Result<std::vector<PartInfo>>> list_parts(std::string key, std::string upload_id) = 0;
};

}  // namespace dth::objects

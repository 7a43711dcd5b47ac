#pragma once

#include <memory>
#include <string>
#include <vector>

#include "objects/requests.h"
#include "objects/store_limits.h"

namespace dth::objects {

// A flat name space of immutable byte strings: one bucket of one endpoint, or one directory.
// Backends: s3, file, memory.
//
// Errors, everywhere: not_found (no such object, upload or bucket; the message says which),
// permission_denied, unauthenticated, throttled, unavailable, timeout, cancelled, unsupported,
// invalid_argument. `detail` holds the vendor's code and request id. Nothing is retried here: the
// retrying decorator does that. Each method is one request to the store, unless it says otherwise.
//
// A store belongs to one lane: all calls come from coroutines of one io_context driven by one
// thread. Calls may be in flight side by side; cancelling a coroutine cancels its request.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  virtual const StoreLimits& limits() const = 0;

  // "s3://bucket at https://host": for messages.
  virtual std::string describe() const = 0;

  // From now on no request uses it: something other than a refusal showed that the store does not
  // do it right.
  virtual void go_without(TransferAid) {}

  // What was learnt since the last call and a user should know of: sentences. Most stores learn
  // nothing of the kind.
  virtual std::vector<std::string> take_warnings() { return {}; }

  // Does the bucket exist and may it be used so? Learns what it can of the endpoint. Call before
  // other methods; one to three requests. Where nothing is listed, a refusal says nothing about the
  // objects and is passed over.
  virtual Async<Result<StoreIdentity>> check(StoreUse use = {}) = 0;

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
  virtual Async<Result<ListPage>> list(ListRequest request) = 0;

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
  // The size is always known: where the answer does not report it, one or two more requests ask for
  // it.
  virtual Async<Result<ObjectHead>> head(std::string key, std::string version_id) = 0;

  // Returns when the headers are there.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
  virtual Async<Result<GetResult>> get(GetRequest request) = 0;

  // Reads `body` to its end, which must come after exactly body.size() bytes; a failure of the body
  // is returned as it is, and nothing is stored. `body` must outlive the call.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
  virtual Async<Result<PutResult>> put(PutRequest request, Body& body) = 0;

  // Succeeds also where there was nothing (see was_seen); in a bucket with versions, a delete
  // marker hides the object. With if_match, another object there now is precondition_failed and
  // none is not_found; a store that cannot check says `unsupported` and removes nothing.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
  virtual Async<Result<void>> remove(RemoveRequest request) = 0;

  // The new upload's id. Not idempotent.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
  virtual Async<Result<std::string>> create_upload(CreateUploadRequest request) = 0;

  // As put(). Uploading a part again replaces it.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
  virtual Async<Result<PartResult>> upload_part(UploadPartRequest request, Body& body) = 0;

  // not_found where the upload is gone: it may have been completed by an attempt whose answer was
  // lost; look first.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
  virtual Async<Result<PutResult>> complete_upload(CompleteUploadRequest request) = 0;

  // Succeeds also where the upload is gone.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
  virtual Async<Result<void>> abort_upload(std::string key, std::string upload_id) = 0;

  // Copies an object without its bytes passing here; at most copy_size_max of them. The copy has
  // the source's storage class, ACL and encryption only where these are asked for. `unsupported`:
  // the store cannot, move the bytes. precondition_failed means the source or the destination: the
  // message tells no more. Where both are one object, metadata or properties have to change.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
  virtual Async<Result<PutResult>> copy(CopyRequest request) = 0;

  // As upload_part(). https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
  virtual Async<Result<PartResult>> copy_part(CopyPartRequest request) = 0;

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
  virtual Async<Result<Tags>> get_tags(std::string key, std::string version_id) = 0;

  // Asks for an archived object to be made readable, which takes minutes to days: head() tells how
  // it stands. Succeeds also where that was asked for before. `unsupported` where there are no
  // archives. https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
  virtual Async<Result<void>> restore(RestoreRequest request) = 0;

  // Makes the bucket, in the store's region. Succeeds also where it is there and ours;
  // already_exists: somebody else's.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
  virtual Async<Result<void>> create_bucket(CreateBucketRequest request) = 0;

  // The open uploads of exactly this key, all of them. `unsupported` where the store cannot list
  // them. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
  virtual Async<Result<std::vector<UploadInfo>>> list_uploads(std::string key) = 0;

  // The parts of an upload, ascending; pages until the end (at most 10,000 parts).
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
  virtual Async<Result<std::vector<PartInfo>>> list_parts(std::string key,
                                                          std::string upload_id) = 0;
};

}  // namespace dth::objects

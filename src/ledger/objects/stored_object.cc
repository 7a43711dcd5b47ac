#include "ledger/objects/stored_object.h"

#include "objects/etag.h"

namespace dth::ledger {
namespace {

// Digests of the bytes that the store is asked to enforce, and that its answer is held against.
struct Sent {
  Digest md5, crc64nvme;
};

objects::PutRequest request_for(const NewObject& object, const Sent& sent,
                                const objects::StoreLimits& limits) {
  objects::PutRequest request;
  request.key = object.key;
  request.metadata.content_type = object.content_type;
  if (limits.conditional_put) {
    request.precondition.if_absent = object.replaces.empty();
    request.precondition.if_match = object.replaces;
  }
  if (limits.enforces_checksums) {
    request.checksums.crc64nvme = sent.crc64nvme.base64();
  } else {
    request.content_md5 = sent.md5;
  }
  return request;
}

// Does the answer show that the store has the bytes? What contradicts them shows nothing either: an
// ETag may be none of the bytes.
bool confirms(const objects::PutResult& answer, const Sent& sent) {
  if (!answer.checksums.composite && answer.checksums.crc64nvme == sent.crc64nvme.base64())
    return true;
  return objects::is_md5_etag(answer.etag) && objects::is_same_etag(answer.etag, sent.md5.hex());
}

Async<Result<void>> compare_with_stored(objects::ObjectStore* store, const NewObject* object) {
  ReadRange whole;
  whole.key = object->key;
  whole.length_max = object->bytes.size() + 1;
  auto read = co_await read_object(store, std::move(whole));
  if (read.has_error()) co_return read.error();
  if (read->bytes == object->bytes) co_return Result<void>();
  co_return Error{ErrorCode::already_exists,
                  store->describe() + " holds other bytes under " + object->key +
                      " than were to be written there; they were left as they are",
                  ""};
}

}  // namespace

Async<Result<void>> store_object(objects::ObjectStore* store, const NewObject* object) {
  const Bytes bytes = as_bytes(object->bytes);
  const Sent sent{hash(HashAlgorithm::md5, bytes), hash(HashAlgorithm::crc64nvme, bytes)};
  objects::PutRequest request = request_for(*object, sent, store->limits());
  BytesBody body(bytes);
  auto put = co_await store->put(std::move(request), body);
  const bool is_taken = put.has_error() && (put.error().code == ErrorCode::precondition_failed ||
                                            put.error().code == ErrorCode::already_exists);
  if (put.has_error() && !is_taken) co_return put.error();
  if (put.has_value() && confirms(*put, sent)) co_return Result<void>();
  co_return co_await compare_with_stored(store, object);
}

Async<Result<ReadBytes>> read_object(objects::ObjectStore* store, ReadRange range) {
  objects::GetRequest request;
  request.key = std::move(range.key);
  request.if_match = std::move(range.etag);
  if (range.offset > 0) request.range = objects::ByteRange{range.offset, range.length_max};
  auto got = co_await store->get(std::move(request));
  if (got.has_error()) co_return got.error();
  auto bytes = co_await read_beginning(*got->body, range.length_max);
  if (bytes.has_error()) co_return bytes.error();
  ReadBytes read;
  read.size = got->head.info.size.value_or(range.offset + bytes->size());
  read.etag = got->head.info.etag;
  read.bytes = std::move(*bytes);
  co_return read;
}

}  // namespace dth::ledger

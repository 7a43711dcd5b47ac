// What MemoryStore does with properties, tags and copies within itself.
#include "base/encoding.h"
#include "objects/testing/memory_store.h"

namespace dth::objects {

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html,
// .../object-lock-managing.html
Result<void> MemoryStore::check_properties(const ObjectProperties& properties) const {
  const auto invalid = [this](std::string_view code, const std::string& what) {
    return refused(ErrorCode::invalid_argument, code, what);
  };
  if (options_.limits.tags && properties.tags.size() > options_.limits.tag_count_max) {
    return invalid("BadRequest", std::to_string(properties.tags.size()) + " tags");
  }
  if (!std::is_sorted(properties.tags.begin(), properties.tags.end()))
    return invalid("InvalidTag", "tags out of order");
  for (std::size_t i = 0; i < properties.tags.size(); ++i) {
    const std::string& name = properties.tags[i].first;
    const bool repeated = i > 0 && properties.tags[i - 1].first == name;
    if (name.empty() || repeated)
      return invalid("InvalidTag", "the tag name '" + printable(name) + "'");
  }
  const ObjectLock& lock = properties.lock;
  if (lock.any() && !options_.limits.object_lock)
    return invalid("InvalidRequest", "an object lock");
  if (lock.mode != LockMode::none && lock.retain_until <= clock_.now()) {
    return invalid("InvalidArgument", "a retention that is over already");
  }
  if (properties.encryption == Encryption::sse_c)
    return invalid("InvalidArgument", "SSE-C without a key");
  return {};
}

Result<void> MemoryStore::check_digest_given(const ObjectLock& lock, const Digest& content_md5,
                                             const Checksums& stated) {
  const bool given = !content_md5.empty() || !stated.crc32c.empty() || !stated.crc64nvme.empty() ||
                     !stated.sha256.empty();
  if (given || !(lock.any() || options_.demands_digests)) return {};
  options_.limits.writes_need_digest = options_.demands_digests;
  return refused(ErrorCode::invalid_argument, "InvalidRequest",
                 "a write under a lock without Content-MD5");
}

// What the answers tell of an object that was written so.
void MemoryStore::apply(ObjectProperties properties, MemoryBucket::Object* object) const {
  if (!options_.limits.tags) properties.tags.clear();
  if (!options_.limits.acls) properties.canned_acl.clear();
  if (options_.ignores_encryption) properties.encryption = Encryption::none;
  ObjectHead& head = object->head;
  head.info.storage_class = properties.storage_class;
  head.tag_count = static_cast<std::uint32_t>(properties.tags.size());
  head.lock = properties.lock;
  head.encryption = properties.encryption;
  head.kms_key_id = properties.kms_key_id;
  if (head.encryption == Encryption::sse_kms) {
    head.info.etag = hash(HashAlgorithm::md5, as_bytes("encrypted " + head.info.etag)).hex();
  }
  object->properties = std::move(properties);
}

// The source of a copy, as it is now.
Result<MemoryBucket::Object> MemoryStore::read_source(const CopySource& source) const {
  MemoryBucket* bucket = source.bucket == bucket_.name() ? &bucket_ : nullptr;
  for (MemoryBucket* other : options_.neighbours) {
    if (other->name() == source.bucket) bucket = other;
  }
  if (!bucket)
    return refused(ErrorCode::not_found, "NoSuchBucket",
                   "no bucket '" + printable(source.bucket) + "'");
  std::lock_guard lock(bucket->mutex_);
  const auto found = bucket->objects_.find(source.key);
  if (found == bucket->objects_.end()) {
    return refused(ErrorCode::not_found, "NoSuchKey",
                   "no object '" + printable(source.key) + "' to copy");
  }
  if (source.if_match.empty() || found->second.head.info.etag != source.if_match) {
    return refused(ErrorCode::precondition_failed, "PreconditionFailed",
                   "the source of a copy has another ETag");
  }
  return found->second;
}

Async<Result<PutResult>> MemoryStore::copy(CopyRequest request) {
  auto begun = begin(StoreOperation::copy, request.key);
  if (begun.has_error()) co_return begun.error();
  if (!options_.limits.server_side_copy)
    co_return refused(ErrorCode::unsupported, "NotImplemented", "a copy");
  auto acceptable = check_properties(request.properties);
  if (acceptable.has_value() && request.metadata) acceptable = check_metadata(*request.metadata);
  if (acceptable.has_error()) co_return acceptable.error();
  auto object = read_source(request.source);
  if (object.has_error()) co_return object.error();
  if (object->head.info.size > options_.limits.copy_size_max) {
    co_return refused(ErrorCode::invalid_argument, "InvalidRequest",
                      "a copy of more bytes than allowed at once");
  }
  const bool itself = request.source.bucket == bucket_.name() && request.source.key == request.key;
  const bool changed =
      request.metadata || !request.keep_tags || !(request.properties == ObjectProperties{});
  if (itself && !changed)
    co_return refused(ErrorCode::invalid_argument, "InvalidRequest", "a copy to itself as it is");
  ObjectProperties properties = std::move(request.properties);
  if (request.keep_tags) properties.tags = object->properties.tags;
  if (!options_.limits.copies_as_asked) {  // as Ceph RGW 16
    properties.encryption = Encryption::none;
    properties.tags = request.metadata ? Tags{} : object->properties.tags;
  }
  if (request.metadata) object->head.metadata = std::move(*request.metadata);
  object->head.info.key = request.key;
  object->head.info.last_modified = clock_.now();
  // The copy is one whole, however its source was put together.
  if (options_.limits.etag_is_md5) {
    auto bytes = MemoryBucket::bytes_of(*object);
    if (bytes) object->head.info.etag = hash(HashAlgorithm::md5, as_bytes(*bytes)).hex();
  }
  apply(std::move(properties), &*object);
  PutResult result{object->head.info.etag, "", object->head.checksums, object->head.encryption};
  std::lock_guard lock(bucket_.mutex_);
  if (options_.limits.conditional_copy) {
    auto allowed = check_precondition(request.key, request.precondition);
    if (allowed.has_error()) co_return allowed.error();
  }
  bucket_.objects_[request.key] = std::move(*object);
  co_return result;
}

Async<Result<PartResult>> MemoryStore::copy_part(CopyPartRequest request) {
  auto begun = begin(StoreOperation::copy_part, request.key);
  if (begun.has_error()) co_return begun.error();
  if (!options_.limits.server_side_copy_parts)
    co_return refused(ErrorCode::unsupported, "NotImplemented", "a copied part");
  auto object = read_source(request.source);
  if (object.has_error()) co_return object.error();
  const ByteRange& range = request.range;
  if (range.length == 0 || range.offset + range.length > object->head.info.size) {
    co_return refused(ErrorCode::invalid_argument, "InvalidArgument",
                      "a range that the source does not have");
  }
  const auto body =
      make_segments_body(object->segments, range.offset, range.length, options_.body_piece_max);
  auto received = co_await receive(*body, options_.limits.part_size_max, false);
  if (received.has_error()) co_return received.error();
  co_return add_part(request.key, request.upload_id, request.part_number, std::move(*received));
}

Async<Result<Tags>> MemoryStore::get_tags(std::string key, std::string version_id) {
  auto begun = begin(StoreOperation::get_tags, key);
  if (begun.has_error()) co_return begun.error();
  std::lock_guard lock(bucket_.mutex_);
  auto found = find(key, version_id);
  if (found.has_error()) co_return found.error();
  co_return (*found)->properties.tags;
}

Async<Result<void>> MemoryStore::restore(RestoreRequest request) {
  auto begun = begin(StoreOperation::restore, request.key);
  if (begun.has_error()) co_return begun.error();
  std::lock_guard lock(bucket_.mutex_);
  auto found = find(request.key, request.version_id);
  if (found.has_error()) co_return found.error();
  Archive& archive = (*found)->head.archive;
  if (archive == Archive::none)
    co_return refused(ErrorCode::permission_denied, "InvalidObjectState", "no archived object");
  if ((archive == Archive::archived_tier) != (request.days == 0)) {
    co_return refused(ErrorCode::invalid_argument, "MalformedXML",
                      "a number of days that does not go with the storage class");
  }
  if (archive == Archive::archived || archive == Archive::archived_tier) {
    archive = Archive::restoring;
    (*found)->looks_until_restored = options_.restore_looks;
  }
  co_return Result<void>();
}

Async<Result<void>> MemoryStore::create_bucket(CreateBucketRequest) {
  auto begun = begin(StoreOperation::create_bucket, "");
  if (begun.has_error()) co_return begun.error();
  bucket_.set_exists(true);
  co_return Result<void>();
}

}  // namespace dth::objects

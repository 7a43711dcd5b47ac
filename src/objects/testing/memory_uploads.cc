// The multipart half of MemoryStore.
#include <cstdio>

#include "base/encoding.h"
#include "objects/testing/memory_store.h"

namespace dth::objects {

Result<MemoryBucket::Upload*> MemoryStore::find_upload(const std::string& key,
                                                       const std::string& upload_id) const {
  const auto found = bucket_.uploads_.find(upload_id);
  if (found == bucket_.uploads_.end() || found->second.info.key != key) {
    return refused(ErrorCode::not_found, "NoSuchUpload",
                   "no upload '" + printable(upload_id) + "' of that key");
  }
  return &found->second;
}

Async<Result<std::string>> MemoryStore::create_upload(CreateUploadRequest request) {
  auto begun = begin(StoreOperation::create_upload, request.key);
  if (begun.has_error()) co_return begun.error();
  auto acceptable = check_metadata(request.metadata);
  if (acceptable.has_value()) acceptable = check_properties(request.properties);
  if (acceptable.has_error()) co_return acceptable.error();
  const auto announced = request.full_object_checksum;
  if (announced && announced != HashAlgorithm::crc64nvme && announced != HashAlgorithm::crc32c) {
    co_return refused(ErrorCode::invalid_argument, "InvalidRequest",
                      "a full-object checksum that is no CRC");
  }
  std::lock_guard lock(bucket_.mutex_);
  char id[40];
  std::snprintf(id, sizeof id, "upload-%08llu",
                static_cast<unsigned long long>(++bucket_.uploads_made_));
  MemoryBucket::Upload& upload = bucket_.uploads_[id];
  upload.info.key = request.key;
  upload.info.upload_id = id;
  upload.info.initiated = clock_.now();
  upload.request = std::move(request);
  if (!options_.limits.uploads_as_asked) {  // as Ceph RGW 16
    upload.request.properties.tags.clear();
    upload.request.properties.lock = {};
  }
  co_return std::string(id);
}

Async<Result<PartResult>> MemoryStore::upload_part(UploadPartRequest request, Body& body) {
  auto begun = begin(StoreOperation::upload_part, request.key);
  if (begun.has_error()) co_return begun.error();
  if (request.part_number < 1 || request.part_number > options_.limits.part_count_max) {
    co_return refused(ErrorCode::invalid_argument, "InvalidArgument",
                      "part number " + std::to_string(request.part_number));
  }
  auto received =
      co_await receive(body, options_.limits.part_size_max, !request.checksums.sha256.empty());
  if (received.has_error()) co_return received.error();
  auto intact = check_digests(*received, request.content_md5, request.checksums);
  if (intact.has_error()) co_return intact.error();

  ObjectLock lock;
  {
    std::lock_guard guard(bucket_.mutex_);
    auto upload = find_upload(request.key, request.upload_id);
    if (upload.has_error()) co_return upload.error();
    lock = (*upload)->request.properties.lock;
  }
  auto given = check_digest_given(lock, request.content_md5, request.checksums);
  if (given.has_error()) co_return given.error();
  co_return add_part(request.key, request.upload_id, request.part_number, std::move(*received));
}

Result<PartResult> MemoryStore::add_part(const std::string& key, const std::string& upload_id,
                                         std::uint32_t number, Received received) {
  std::lock_guard lock(bucket_.mutex_);
  auto upload = find_upload(key, upload_id);
  if (upload.has_error()) return upload.error();
  MemoryBucket::Part part;
  part.md5 = received.md5;
  part.crc32c = received.crc32c;
  part.crc64nvme = received.crc64nvme;
  part.segment = std::move(received.segment);
  const bool kms = (*upload)->request.properties.encryption == Encryption::sse_kms &&
                   !options_.ignores_encryption;
  part.etag = kms ? hash(HashAlgorithm::md5, as_bytes("encrypted " + part.md5.hex())).hex()
                  : part.md5.hex();
  PartResult result;
  result.etag = part.etag;
  if (kms) result.encryption = Encryption::sse_kms;
  if (options_.limits.enforces_checksums) result.checksums.crc64nvme = part.crc64nvme.base64();
  (*upload)->parts[number] = std::move(part);
  return result;
}

// The object that the parts named make, or why they make none.
Result<MemoryBucket::Object> MemoryStore::assemble(const MemoryBucket::Upload& upload,
                                                   const CompleteUploadRequest& request) const {
  const auto invalid = [this](std::string_view code, std::uint32_t number, const char* what) {
    return refused(ErrorCode::invalid_argument, code,
                   "part " + std::to_string(number) + " " + what);
  };
  if (request.parts.empty())
    return refused(ErrorCode::invalid_argument, "MalformedXML", "an upload without parts");
  MemoryBucket::Object object;
  Digest crc32c = hash(HashAlgorithm::crc32c, {}), crc64nvme = hash(HashAlgorithm::crc64nvme, {});
  std::string md5s;
  std::uint64_t size = 0;
  std::uint32_t before = 0;
  std::optional<std::uint64_t>
      part_size;  // of the first, which the others must equal where that is demanded
  for (const CompletedPart& named : request.parts) {
    if (named.part_number <= before)
      return invalid("InvalidPartOrder", named.part_number, "out of order");
    before = named.part_number;
    const auto found = upload.parts.find(named.part_number);
    if (found == upload.parts.end())
      return invalid("InvalidPart", named.part_number, "which was never uploaded");
    const MemoryBucket::Part& part = found->second;
    if (part.etag != named.etag)
      return invalid("InvalidPart", named.part_number, "with another ETag");
    const bool last = &named == &request.parts.back();
    if (!last && part.segment.size < options_.limits.part_size_min) {
      return invalid("EntityTooSmall", named.part_number, "which is too small");
    }
    if (!part_size) part_size = part.segment.size;
    const bool fits = last ? part.segment.size <= *part_size : part.segment.size == *part_size;
    if (options_.limits.equal_parts_required && !fits) {
      return invalid("InvalidPart", named.part_number, "whose size differs from the first part's");
    }
    size += part.segment.size;
    md5s += std::string(reinterpret_cast<const char*>(part.md5.bytes().data()),
                        part.md5.bytes().size());
    crc32c = combine_crc(HashAlgorithm::crc32c, crc32c, part.crc32c, part.segment.size);
    crc64nvme = combine_crc(HashAlgorithm::crc64nvme, crc64nvme, part.crc64nvme, part.segment.size);
    object.segments.push_back(part.segment);
  }
  if (size > options_.limits.object_size_max) {
    return refused(ErrorCode::invalid_argument, "EntityTooLarge",
                   "an object of " + std::to_string(size) + " bytes");
  }
  if (options_.limits.enforces_checksums) {
    const auto announced = upload.request.full_object_checksum;
    const bool unannounced =
        (!request.checksums.crc64nvme.empty() && announced != HashAlgorithm::crc64nvme) ||
        (!request.checksums.crc32c.empty() && announced != HashAlgorithm::crc32c);
    if (unannounced) {
      return refused(ErrorCode::invalid_argument, "InvalidRequest",
                     "a checksum that was not announced");
    }
    const bool wrong =
        (!request.checksums.crc64nvme.empty() &&
         request.checksums.crc64nvme != crc64nvme.base64()) ||
        (!request.checksums.crc32c.empty() && request.checksums.crc32c != crc32c.base64());
    if (wrong)
      return refused(ErrorCode::data_corrupted, "BadDigest",
                     "the object's checksum is not the one stated");
    object.head.checksums.crc64nvme = crc64nvme.base64();
    if (announced == HashAlgorithm::crc32c) object.head.checksums.crc32c = crc32c.base64();
  }
  object.crc64nvme = crc64nvme;
  const std::string tail = "-" + std::to_string(request.parts.size());
  if (!options_.limits.multipart_etag_is_md5_of_md5s) md5s += "opaque";
  object.head.info.etag = hash(HashAlgorithm::md5, as_bytes(md5s)).hex() + tail;
  object.head.info.size = size;
  return object;
}

Async<Result<PutResult>> MemoryStore::complete_upload(CompleteUploadRequest request) {
  auto begun = begin(StoreOperation::complete_upload, request.key);
  if (begun.has_error()) co_return begun.error();
  std::lock_guard lock(bucket_.mutex_);
  auto upload = find_upload(request.key, request.upload_id);
  if (upload.has_error()) co_return upload.error();
  auto object = assemble(**upload, request);
  if (object.has_error()) co_return object.error();
  if (options_.limits.conditional_complete) {
    auto allowed = check_precondition(request.key, request.precondition);
    if (allowed.has_error()) co_return allowed.error();
  }
  object->head.info.key = request.key;
  object->head.info.last_modified = clock_.now();
  object->head.metadata = (*upload)->request.metadata;
  apply((*upload)->request.properties, &*object);
  PutResult result;
  result.encryption = object->head.encryption;
  if (!options_.complete_etag_empty) result.etag = object->head.info.etag;
  result.checksums = object->head.checksums;
  bucket_.objects_[request.key] = std::move(*object);
  bucket_.uploads_.erase(request.upload_id);
  co_return result;
}

Async<Result<void>> MemoryStore::abort_upload(std::string key, std::string upload_id) {
  auto begun = begin(StoreOperation::abort_upload, key);
  if (begun.has_error()) co_return begun.error();
  std::lock_guard lock(bucket_.mutex_);
  auto upload = find_upload(key, upload_id);
  if (upload.has_value()) bucket_.uploads_.erase(upload_id);
  co_return Result<void>();
}

Async<Result<std::vector<UploadInfo>>> MemoryStore::list_uploads(std::string key) {
  auto begun = begin(StoreOperation::list_uploads, key);
  if (begun.has_error()) co_return begun.error();
  std::lock_guard lock(bucket_.mutex_);
  std::vector<UploadInfo> uploads;
  for (const auto& [id, upload] : bucket_.uploads_) {
    if (upload.info.key == key && uploads.size() < 1'000) uploads.push_back(upload.info);
  }
  co_return uploads;
}

Async<Result<std::vector<PartInfo>>> MemoryStore::list_parts(std::string key,
                                                             std::string upload_id) {
  auto begun = begin(StoreOperation::list_parts, key);
  if (begun.has_error()) co_return begun.error();
  std::lock_guard lock(bucket_.mutex_);
  auto upload = find_upload(key, upload_id);
  if (upload.has_error()) co_return upload.error();
  std::vector<PartInfo> parts;
  for (const auto& [number, part] : (*upload)->parts)
    parts.push_back(PartInfo{number, part.segment.size, part.etag});
  co_return parts;
}

}  // namespace dth::objects

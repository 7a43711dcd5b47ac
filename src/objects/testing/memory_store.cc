#include "objects/testing/memory_store.h"

#include <numeric>

#include "base/encoding.h"

namespace dth::objects {

std::uint64_t RequestCounts::total() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t(0));
}

MemoryStore::MemoryStore(MemoryBucket& bucket, const Clock& clock, MemoryStoreOptions options)
    : bucket_(bucket), clock_(clock), options_(options) {}

MemoryStore::~MemoryStore() = default;

Error MemoryStore::refused(ErrorCode code, std::string_view vendor_code,
                           const std::string& what) const {
  constexpr std::pair<std::string_view, ErrorReason> reasons[] = {
      {"NoSuchBucket", ErrorReason::bucket_missing},
      {"NoSuchKey", ErrorReason::object_missing},
      {"NoSuchVersion", ErrorReason::version_missing},
      {"NoSuchUpload", ErrorReason::upload_missing},
      {"InvalidPart", ErrorReason::part_missing},
      {"InvalidObjectState", ErrorReason::object_archived}};
  Error error{code, what + " in " + describe(), std::string(vendor_code)};
  for (const auto& [name, reason] : reasons) {
    if (name == vendor_code) error.reason = reason;
  }
  return error;
}

Result<void> MemoryStore::begin(StoreOperation operation, const std::string& key) {
  ++counts_.counts[static_cast<std::size_t>(operation)];
  std::shared_ptr<MemoryBucket::RequestHook> hook;
  {
    std::lock_guard lock(bucket_.mutex_);
    hook = bucket_.on_request_;
  }
  if (hook) {
    if (std::optional<Error> failure = (*hook)(operation, key)) return *failure;
  }
  if (operation == StoreOperation::create_bucket) return {};
  {
    std::lock_guard lock(bucket_.mutex_);
    if (!bucket_.exists_)
      return refused(ErrorCode::not_found, "NoSuchBucket", "no bucket '" + bucket_.name() + "'");
  }
  if (operation == StoreOperation::check || operation == StoreOperation::list) return {};
  if (key.empty()) return refused(ErrorCode::invalid_argument, "InvalidRequest", "an empty key");
  if (key.size() > options_.limits.key_size_max) {
    return refused(ErrorCode::invalid_argument, "KeyTooLongError",
                   "a key of " + std::to_string(key.size()) + " bytes, more than the " +
                       std::to_string(options_.limits.key_size_max) + " allowed");
  }
  return {};
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
Result<void> MemoryStore::check_metadata(const ObjectMetadata& metadata) const {
  std::size_t size = 0;
  for (const auto& [name, value] : metadata.user) {
    size += name.size() + value.size();
    const bool lower =
        std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (name.empty() || !lower || name.starts_with("x-amz-meta-")) {
      return refused(ErrorCode::invalid_argument, "InvalidArgument",
                     "the metadata name '" + printable(name) + "'");
    }
  }
  if (size > 2048)
    return refused(ErrorCode::invalid_argument, "MetadataTooLarge",
                   "more than 2 KiB of user metadata");
  if (!std::is_sorted(metadata.user.begin(), metadata.user.end())) {
    return refused(ErrorCode::invalid_argument, "InvalidArgument", "user metadata out of order");
  }
  if (metadata.content_encoding.find("aws-chunked") != std::string::npos) {
    return refused(ErrorCode::invalid_argument, "InvalidArgument",
                   "the content encoding aws-chunked");
  }
  return {};
}

Result<void> MemoryStore::check_digests(const Received& received, const Digest& content_md5,
                                        const Checksums& stated) const {
  if (options_.limits.enforces_content_md5 && !content_md5.empty() &&
      !(content_md5 == received.md5)) {
    return refused(ErrorCode::data_corrupted, "BadDigest",
                   "the body's MD5 is not the Content-MD5 stated");
  }
  if (!options_.limits.enforces_checksums) return {};
  if (!stated.crc32.empty() || !stated.sha1.empty()) {
    return refused(ErrorCode::unsupported, "NotImplemented", "a CRC32 or SHA1 checksum");
  }
  const std::pair<const std::string*, const Digest*> pairs[] = {
      {&stated.crc32c, &received.crc32c},
      {&stated.crc64nvme, &received.crc64nvme},
      {&stated.sha256, &received.sha256}};
  for (const auto& [text, computed] : pairs) {
    if (!text->empty() && *text != computed->base64()) {
      return refused(ErrorCode::data_corrupted, "BadDigest",
                     "the body's checksum is not the one stated");
    }
  }
  return {};
}

Result<void> MemoryStore::check_precondition(const std::string& key,
                                             const Precondition& precondition) const {
  const auto found = bucket_.objects_.find(key);
  const bool exists = found != bucket_.objects_.end();
  if (precondition.if_absent && exists) {
    return refused(ErrorCode::precondition_failed, "PreconditionFailed",
                   "'" + printable(key) + "' exists");
  }
  if (precondition.if_match.empty()) return {};
  if (!exists)
    return refused(ErrorCode::not_found, "NoSuchKey",
                   "no object '" + printable(key) + "' to match");
  if (found->second.head.info.etag != precondition.if_match) {
    return refused(ErrorCode::precondition_failed, "PreconditionFailed",
                   "'" + printable(key) + "' has another ETag");
  }
  return {};
}

Result<MemoryBucket::Object*> MemoryStore::find(const std::string& key,
                                                const std::string& version_id) const {
  if (!version_id.empty() && version_id != "null") {
    return refused(ErrorCode::not_found, "NoSuchVersion", "no version of '" + printable(key) + "'");
  }
  const auto found = bucket_.objects_.find(key);
  if (found == bucket_.objects_.end()) {
    return refused(ErrorCode::not_found, "NoSuchKey", "no object '" + printable(key) + "'");
  }
  return &found->second;
}

Async<Result<StoreIdentity>> MemoryStore::check(StoreUse) {
  auto begun = begin(StoreOperation::check, "");
  if (begun.has_error()) co_return begun.error();
  co_return StoreIdentity{"generic", ""};
}

Async<Result<ListPage>> MemoryStore::list(ListRequest request) {
  auto begun = begin(StoreOperation::list, request.prefix);
  if (begun.has_error()) co_return begun.error();
  if (request.page_size < 1 || request.page_size > options_.limits.list_page_max) {
    co_return refused(ErrorCode::invalid_argument, "InvalidArgument", "a page size out of range");
  }
  const std::uint32_t page_size = std::min(request.page_size, options_.page_size_max);
  std::string after = request.start_after;
  if (!request.continuation_token.empty()) {
    std::optional<std::string> token = base64_decode(request.continuation_token);
    if (!token)
      co_return refused(ErrorCode::invalid_argument, "InvalidArgument",
                        "an unknown continuation token");
    after = std::move(*token);
  }
  ListPage page;
  page.objects = request.take_spare();
  page.objects.clear();
  std::lock_guard lock(bucket_.mutex_);
  auto at = after < request.prefix ? bucket_.objects_.lower_bound(request.prefix)
                                   : bucket_.objects_.upper_bound(after);
  if (after.empty()) at = bucket_.objects_.lower_bound(request.prefix);
  for (; at != bucket_.objects_.end() && at->first.starts_with(request.prefix); ++at) {
    if (page.objects.size() == page_size) {
      page.truncated = true;
      page.next_token = base64_encode(as_bytes(page.objects.back().key));
      break;
    }
    page.objects.push_back(at->second.head.info);
  }
  co_return page;
}

Async<Result<ObjectHead>> MemoryStore::head(std::string key, std::string version_id) {
  auto begun = begin(StoreOperation::head, key);
  if (begun.has_error()) co_return begun.error();
  std::lock_guard lock(bucket_.mutex_);
  auto found = find(key, version_id);
  if (found.has_error()) co_return found.error();
  MemoryBucket::Object& object = **found;
  if (object.head.archive == Archive::restoring && object.looks_until_restored-- <= 0)
    object.head.archive = Archive::restored;
  co_return object.head;
}

Async<Result<GetResult>> MemoryStore::get(GetRequest request) {
  auto begun = begin(StoreOperation::get, request.key);
  if (begun.has_error()) co_return begun.error();
  std::lock_guard lock(bucket_.mutex_);
  auto found = find(request.key, request.version_id);
  if (found.has_error()) co_return found.error();
  const MemoryBucket::Object& object = **found;
  if (object.head.archive != Archive::none && object.head.archive != Archive::restored) {
    co_return refused(ErrorCode::permission_denied, "InvalidObjectState",
                      "reading an archived object");
  }
  if (!request.if_match.empty() && request.if_match != object.head.info.etag) {
    co_return refused(ErrorCode::precondition_failed, "PreconditionFailed",
                      "another ETag than the one asked for");
  }
  const std::uint64_t size = object.head.info.size.value();
  ByteRange range{0, size};
  if (request.range) {
    range = *request.range;
    if (range.length == 0)
      co_return refused(ErrorCode::invalid_argument, "InvalidArgument", "an empty range");
    if (range.offset >= size) {
      co_return refused(ErrorCode::invalid_argument, "InvalidRange",
                        "a range beyond the object's end");
    }
    range.length = std::min(range.length, size - range.offset);
  }
  for (const Segment& segment : object.segments) {
    if (!segment.readable()) {
      co_return refused(ErrorCode::unsupported, "NotKept",
                        "reading '" + printable(request.key) + "', which was dropped");
    }
  }
  GetResult result;
  result.head = object.head;
  result.body =
      make_segments_body(object.segments, range.offset, range.length, options_.body_piece_max);
  co_return result;
}

// Reads a body to its end, and takes it for broken where it does not keep its own promise of a
// size.
Async<Result<MemoryStore::Received>> MemoryStore::receive(Body& body, std::uint64_t size_max,
                                                          bool with_sha256) {
  const std::uint64_t size = body.size();
  if (size == Body::size_unknown) {
    co_return refused(ErrorCode::invalid_argument, "MissingContentLength",
                      "a body of unknown size");
  }
  if (size > size_max) {
    co_return refused(ErrorCode::invalid_argument, "EntityTooLarge",
                      "a body of " + std::to_string(size) + " bytes, more than the " +
                          std::to_string(size_max) + " allowed");
  }
  const bool keep = size <= options_.bytes_kept_max;
  Hasher md5(HashAlgorithm::md5), crc32c(HashAlgorithm::crc32c),
      crc64nvme(HashAlgorithm::crc64nvme);
  Hasher sha256(HashAlgorithm::sha256);
  std::string bytes;
  Received received;
  for (;;) {
    auto piece = co_await body.next();
    if (piece.has_error()) co_return piece.error();
    if (piece->empty()) break;
    received.segment.size += piece->size();
    if (received.segment.size > size) break;
    md5.update(*piece);
    crc64nvme.update(*piece);
    if (options_.limits.enforces_checksums) crc32c.update(*piece);
    if (with_sha256) sha256.update(*piece);
    if (keep) bytes.append(reinterpret_cast<const char*>(piece->data()), piece->size());
  }
  if (received.segment.size != size) {
    co_return refused(ErrorCode::internal, "IncompleteBody",
                      "a body that promised " + std::to_string(size) +
                          " bytes and ended without an error after " +
                          std::to_string(received.segment.size));
  }
  received.md5 = md5.finish();
  received.crc64nvme = crc64nvme.finish();
  received.crc32c = crc32c.finish();
  if (with_sha256) received.sha256 = sha256.finish();
  if (keep) received.segment = kept_segment(std::move(bytes));
  co_return received;
}

Async<Result<PutResult>> MemoryStore::put(PutRequest request, Body& body) {
  auto begun = begin(StoreOperation::put, request.key);
  if (begun.has_error()) co_return begun.error();
  auto acceptable = check_metadata(request.metadata);
  if (acceptable.has_value()) acceptable = check_properties(request.properties);
  if (acceptable.has_value()) {
    acceptable =
        check_digest_given(request.properties.lock, request.content_md5, request.checksums);
  }
  if (acceptable.has_error()) co_return acceptable.error();
  auto received =
      co_await receive(body, options_.limits.put_size_max, !request.checksums.sha256.empty());
  if (received.has_error()) co_return received.error();
  auto intact = check_digests(*received, request.content_md5, request.checksums);
  if (intact.has_error()) co_return intact.error();

  MemoryBucket::Object object;
  object.head.info.key = request.key;
  object.head.info.size = received->segment.size;
  const std::string md5 = received->md5.hex();
  object.head.info.etag =
      options_.limits.etag_is_md5 ? md5 : hash(HashAlgorithm::md5, as_bytes("opaque " + md5)).hex();
  object.head.info.last_modified = clock_.now();
  object.head.metadata = std::move(request.metadata);
  if (options_.limits.enforces_checksums) {
    object.head.checksums = request.checksums;
    object.head.checksums.crc64nvme = received->crc64nvme.base64();
  }
  object.crc64nvme = received->crc64nvme;
  object.segments.push_back(std::move(received->segment));
  apply(std::move(request.properties), &object);
  PutResult result{object.head.info.etag, "", object.head.checksums, object.head.encryption};

  std::lock_guard lock(bucket_.mutex_);
  if (options_.limits.conditional_put) {
    auto allowed = check_precondition(request.key, request.precondition);
    if (allowed.has_error()) co_return allowed.error();
  }
  bucket_.objects_[request.key] = std::move(object);
  co_return result;
}

Async<Result<void>> MemoryStore::remove(RemoveRequest request) {
  auto begun = begin(StoreOperation::remove, request.key);
  if (begun.has_error()) co_return begun.error();
  std::lock_guard lock(bucket_.mutex_);
  if (!request.if_match.empty()) {
    if (!options_.limits.conditional_remove) {
      co_return refused(ErrorCode::unsupported, "NotImplemented", "a conditional removal");
    }
    auto allowed = check_precondition(request.key, {.if_match = request.if_match});
    if (allowed.has_error()) co_return allowed.error();
  }
  bucket_.objects_.erase(request.key);
  co_return Result<void>();
}

}  // namespace dth::objects

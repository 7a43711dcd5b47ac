#pragma once

#include <array>
#include <cstdint>

#include "objects/testing/memory_bucket.h"

namespace dth::objects {

struct MemoryStoreOptions {
  StoreLimits limits = {};
  std::uint32_t page_size_max =
      1'000;  // a listing's pages are no longer than this, whatever is asked for
  std::uint64_t body_piece_max = 1 << 20;  // what next() of a GET's body returns at most
  std::uint64_t bytes_kept_max =
      UINT64_MAX;  // of one PUT or part; more are hashed and dropped, and cannot be read
  bool complete_etag_empty = false;  // as Ceph RGW answers CompleteMultipartUpload
  bool ignores_encryption = false;   // as Ceph RGW 16 does when asked for SSE-S3
  int restore_looks = 1;  // so many heads after restore() until an archived object can be read
  bool demands_digests =
      false;  // a bucket with a retention of its own; limits() tells once it has refused
  std::vector<MemoryBucket*> neighbours =
      {};  // of the same endpoint: what copy() can read besides its own bucket
};

// How many requests of each kind came, whatever their outcome.
struct RequestCounts {
  std::array<std::uint64_t, store_operation_count> counts = {};
  std::uint64_t of(StoreOperation operation) const {
    return counts[static_cast<std::size_t>(operation)];
  }
  std::uint64_t total() const;
};

// An ObjectStore over a MemoryBucket, stricter than real ones: whatever S3 documents as refused is
// refused. With StoreLimits::enforces_checksums it computes and declares CRC64NVME as S3 does by
// default. `bucket` and `clock` must outlive it. Errors carry S3's code in `detail`.
class MemoryStore final : public ObjectStore {
 public:
  MemoryStore(MemoryBucket& bucket, const Clock& clock, MemoryStoreOptions options = {});
  ~MemoryStore() override;

  const RequestCounts& counts() const { return counts_; }

  const StoreLimits& limits() const override { return options_.limits; }
  std::string describe() const override { return "memory://" + bucket_.name(); }
  Async<Result<StoreIdentity>> check(StoreUse use = {}) override;
  Async<Result<ListPage>> list(ListRequest request) override;
  Async<Result<ObjectHead>> head(std::string key, std::string version_id) override;
  Async<Result<GetResult>> get(GetRequest request) override;
  Async<Result<PutResult>> put(PutRequest request, Body& body) override;
  Async<Result<void>> remove(RemoveRequest request) override;
  Async<Result<std::string>> create_upload(CreateUploadRequest request) override;
  Async<Result<PartResult>> upload_part(UploadPartRequest request, Body& body) override;
  Async<Result<PutResult>> complete_upload(CompleteUploadRequest request) override;
  Async<Result<void>> abort_upload(std::string key, std::string upload_id) override;
  Async<Result<PutResult>> copy(CopyRequest request) override;
  Async<Result<PartResult>> copy_part(CopyPartRequest request) override;
  Async<Result<Tags>> get_tags(std::string key, std::string version_id) override;
  Async<Result<void>> restore(RestoreRequest request) override;
  Async<Result<void>> create_bucket(CreateBucketRequest request) override;
  Async<Result<std::vector<UploadInfo>>> list_uploads(std::string key) override;
  Async<Result<std::vector<PartInfo>>> list_parts(std::string key, std::string upload_id) override;

 private:
  struct Received {
    Segment segment;
    Digest md5, sha256, crc32c, crc64nvme;
  };
  // The members below that look at the bucket's contents want its mutex held.
  Result<void> begin(StoreOperation operation, const std::string& key);
  Error refused(ErrorCode code, std::string_view vendor_code, const std::string& what) const;
  Result<void> check_metadata(const ObjectMetadata& metadata) const;
  Result<void> check_properties(const ObjectProperties& properties) const;
  Result<void> check_digest_given(const ObjectLock& lock, const Digest& content_md5,
                                  const Checksums& stated);
  void apply(ObjectProperties properties, MemoryBucket::Object* object) const;
  Result<MemoryBucket::Object> read_source(const CopySource& source) const;
  Result<PartResult> add_part(const std::string& key, const std::string& upload_id,
                              std::uint32_t number, Received received);
  Result<void> check_digests(const Received& received, const Digest& content_md5,
                             const Checksums& stated) const;
  Result<void> check_precondition(const std::string& key, const Precondition& precondition) const;
  Result<MemoryBucket::Object*> find(const std::string& key, const std::string& version_id) const;
  Result<MemoryBucket::Upload*> find_upload(const std::string& key,
                                            const std::string& upload_id) const;
  Result<MemoryBucket::Object> assemble(const MemoryBucket::Upload& upload,
                                        const CompleteUploadRequest& request) const;
  Async<Result<Received>> receive(Body& body, std::uint64_t size_max, bool with_sha256);

  MemoryBucket& bucket_;
  const Clock& clock_;
  MemoryStoreOptions options_;
  RequestCounts counts_;
};

}  // namespace dth::objects

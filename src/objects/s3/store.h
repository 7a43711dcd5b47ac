#pragma once

#include "objects/endpoint_client.h"
#include "objects/s3/requester.h"

namespace dth::objects::s3 {

// The store; each operation is in a source of its own.
class S3Store final : public ObjectStore {
 public:
  S3Store(S3Options options, std::unique_ptr<Transport> transport, Clock& clock,
          std::shared_ptr<aws::CredentialProvider> credentials, RequestCounters& counters)
      : requester_(std::move(options), std::move(transport), clock, std::move(credentials),
                   counters) {}

  const StoreLimits& limits() const override { return requester_.endpoint().limits(); }
  std::string describe() const override { return requester_.describe(); }
  void go_without(TransferAid aid) override { requester_.endpoint().go_without(aid); }
  std::vector<std::string> take_warnings() override {
    return requester_.endpoint().take_warnings();
  }
  Async<Result<StoreIdentity>> check(StoreUse use = {}) override;
  Async<Result<ListPage>> list(ListRequest request) override;
  Async<Result<LevelPage>> list_level(LevelRequest request);
  // Of a store that was opened for the endpoint as a whole (S3Options::of_service).
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
  Async<Result<BucketPage>> list_buckets(BucketRequest request);
  Async<Result<ObjectHead>> head(std::string key, std::string version_id) override;
  const net::HttpOrigin& origin() const { return requester_.endpoint().address().origin; }
  const std::string& region() const { return requester_.endpoint().region(); }
  const RefusalNote& refusal_note() const { return requester_.refusal_note(); }
  void forget_refusal() { requester_.forget_refusal(); }
  Async<Result<std::uint64_t>> ask_for_size(ObjectInfo object);
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
  // What CopyObject and UploadPartCopy answer.
  Async<Result<PutResult>> send_copy(Request http, std::string root_name);
  void append_metadata_to(Request* http, const ObjectMetadata& metadata);
  Async<Result<ListPage>> list_names(ListRequest request, std::vector<std::string>* prefixes);
  Async<Result<ListPage>> list_page(ListRequest request, bool version_2,
                                    std::vector<std::string>* prefixes);
  Requester requester_;
};

}  // namespace dth::objects::s3

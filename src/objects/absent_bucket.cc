#include "objects/absent_bucket.h"

#include "base/encoding.h"

namespace dth::objects {
namespace {

// Nothing is asked of anybody: each coroutine ends at once.
template <class T>
Async<Result<T>> answer(Result<T> result) {
  co_return result;
}

class AbsentBucket final : public ObjectStore {
 public:
  explicit AbsentBucket(ObjectStore& inner) : inner_(inner) {}

  const StoreLimits& limits() const override { return inner_.limits(); }
  std::string describe() const override { return inner_.describe(); }

  Async<Result<StoreIdentity>> check(StoreUse = {}) override {
    return answer<StoreIdentity>(StoreIdentity{});
  }
  Async<Result<ListPage>> list(ListRequest) override { return answer<ListPage>(ListPage{}); }
  Async<Result<std::vector<UploadInfo>>> list_uploads(std::string) override {
    return answer<std::vector<UploadInfo>>(std::vector<UploadInfo>());
  }
  Async<Result<std::vector<PartInfo>>> list_parts(std::string, std::string) override {
    return answer<std::vector<PartInfo>>(std::vector<PartInfo>());
  }

  Async<Result<ObjectHead>> head(std::string key, std::string) override {
    return missing<ObjectHead>(key);
  }
  Async<Result<GetResult>> get(GetRequest request) override {
    return missing<GetResult>(request.key);
  }
  Async<Result<Tags>> get_tags(std::string key, std::string) override { return missing<Tags>(key); }

  Async<Result<PutResult>> put(PutRequest, Body&) override { return write<PutResult>(); }
  Async<Result<void>> remove(RemoveRequest) override { return write<void>(); }
  Async<Result<std::string>> create_upload(CreateUploadRequest) override {
    return write<std::string>();
  }
  Async<Result<PartResult>> upload_part(UploadPartRequest, Body&) override {
    return write<PartResult>();
  }
  Async<Result<PutResult>> complete_upload(CompleteUploadRequest) override {
    return write<PutResult>();
  }
  Async<Result<void>> abort_upload(std::string, std::string) override { return write<void>(); }
  Async<Result<PutResult>> copy(CopyRequest) override { return write<PutResult>(); }
  Async<Result<PartResult>> copy_part(CopyPartRequest) override { return write<PartResult>(); }
  Async<Result<void>> restore(RestoreRequest) override { return write<void>(); }
  Async<Result<void>> create_bucket(CreateBucketRequest) override { return write<void>(); }

 private:
  template <class T>
  Async<Result<T>> missing(const std::string& key) {
    return answer<T>(Error{ErrorCode::not_found, ErrorReason::object_missing,
                           describe() + "/" + printable(key) + ": the bucket is still to be made",
                           ""});
  }
  template <class T>
  Async<Result<T>> write() {
    return answer<T>(
        Error{ErrorCode::internal, "a dry run was about to write to " + describe(), ""});
  }

  ObjectStore& inner_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_absent_bucket(ObjectStore& inner) {
  return std::make_unique<AbsentBucket>(inner);
}

}  // namespace dth::objects

#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "objects/object_store.h"
#include "objects/store_operation.h"

namespace dth::object_copy::testing {

// Another body, cut off or changed on its way.
class CorruptedBody final : public Body {
 public:
  // `owned` may be null; `inner` must outlive this.
  CorruptedBody(Body& inner, std::unique_ptr<Body> owned)
      : inner_(inner), owned_(std::move(owned)) {}
  std::uint64_t size() const override { return inner_.size(); }
  Async<Result<Bytes>> next() override {
    if (cut_after_one && given_++ > 0)
      co_return Error{ErrorCode::unavailable, "the connection broke off", ""};
    auto piece = co_await inner_.next();
    if (piece.has_error() || piece->empty() || !flip) co_return piece;
    changed_.assign(piece->begin(), piece->end());
    changed_[changed_.size() / 2] ^= std::byte{1};
    co_return Bytes(changed_);
  }

  bool flip = false;
  bool cut_after_one = false;

 private:
  Body& inner_;
  const std::unique_ptr<Body> owned_;
  std::vector<std::byte> changed_;
  int given_ = 0;
};

// A store in front of `inner` (which must outlive it) that tests tell what to do wrong.
class CorruptingStore final : public objects::ObjectStore {
 public:
  explicit CorruptingStore(objects::ObjectStore& inner) : inner_(inner) {}

  // Asked after the request was done: what it returns is answered instead.
  std::function<std::optional<Error>(objects::StoreOperation, const std::string& key)> lose_answer =
      [](objects::StoreOperation, const std::string&) { return std::nullopt; };
  // Answers a listing instead of the store.
  std::function<std::optional<objects::ListPage>(const objects::ListRequest&)> answer_list =
      [](const objects::ListRequest&) { return std::nullopt; };
  std::function<bool()> cut_get = [] {
    return false;
  };  // the body breaks off after its first piece
  std::function<bool()> flip_read = [] { return false; };  // a bit of a get's body flips
  std::function<bool()> flip_write = [] {
    return false;
  };  // a bit of a put's or a part's body flips
  std::size_t ranges_seen = 0;

  const objects::StoreLimits& limits() const override { return inner_.limits(); }
  std::string describe() const override { return inner_.describe(); }
  Async<Result<objects::StoreIdentity>> check(objects::StoreUse use = {}) override {
    return inner_.check(std::move(use));
  }

  Async<Result<objects::ListPage>> list(objects::ListRequest request) override {
    auto page = answer_list(request);
    if (page) co_return std::move(*page);
    co_return co_await inner_.list(std::move(request));
  }
  Async<Result<objects::ObjectHead>> head(std::string key, std::string version_id) override {
    return inner_.head(std::move(key), std::move(version_id));
  }
  Async<Result<objects::GetResult>> get(objects::GetRequest request) override {
    if (request.range) ++ranges_seen;
    auto got = co_await inner_.get(std::move(request));
    if (got.has_error()) co_return got;
    const bool cut = cut_get();
    const bool flip = flip_read();
    if (cut || flip) {
      Body& body = *got->body;
      auto meddled = std::make_unique<CorruptedBody>(body, std::move(got->body));
      meddled->cut_after_one = cut;
      meddled->flip = flip;
      got->body = std::move(meddled);
    }
    co_return got;
  }
  Async<Result<objects::PutResult>> put(objects::PutRequest request, Body& body) override {
    CorruptedBody meddled(body, nullptr);
    meddled.flip = flip_write();
    const std::string key = request.key;
    auto put = co_await inner_.put(std::move(request), meddled);
    co_return answer(objects::StoreOperation::put, key, std::move(put));
  }
  Async<Result<void>> remove(objects::RemoveRequest request) override {
    const std::string key = request.key;
    auto removed = co_await inner_.remove(std::move(request));
    co_return answer(objects::StoreOperation::remove, key, std::move(removed));
  }
  Async<Result<std::string>> create_upload(objects::CreateUploadRequest request) override {
    const std::string key = request.key;
    auto created = co_await inner_.create_upload(std::move(request));
    co_return answer(objects::StoreOperation::create_upload, key, std::move(created));
  }
  Async<Result<objects::PartResult>> upload_part(objects::UploadPartRequest request,
                                                 Body& body) override {
    CorruptedBody meddled(body, nullptr);
    meddled.flip = flip_write();
    const std::string key = request.key;
    auto put = co_await inner_.upload_part(std::move(request), meddled);
    co_return answer(objects::StoreOperation::upload_part, key, std::move(put));
  }
  Async<Result<objects::PutResult>> complete_upload(
      objects::CompleteUploadRequest request) override {
    const std::string key = request.key;
    auto completed = co_await inner_.complete_upload(std::move(request));
    co_return answer(objects::StoreOperation::complete_upload, key, std::move(completed));
  }
  Async<Result<void>> abort_upload(std::string key, std::string upload_id) override {
    return inner_.abort_upload(std::move(key), std::move(upload_id));
  }
  Async<Result<objects::PutResult>> copy(objects::CopyRequest request) override {
    const std::string key = request.key;
    auto copied = co_await inner_.copy(std::move(request));
    co_return answer(objects::StoreOperation::copy, key, std::move(copied));
  }
  Async<Result<objects::PartResult>> copy_part(objects::CopyPartRequest request) override {
    const std::string key = request.key;
    auto copied = co_await inner_.copy_part(std::move(request));
    co_return answer(objects::StoreOperation::copy_part, key, std::move(copied));
  }
  Async<Result<objects::Tags>> get_tags(std::string key, std::string version_id) override {
    return inner_.get_tags(std::move(key), std::move(version_id));
  }
  Async<Result<void>> restore(objects::RestoreRequest request) override {
    return inner_.restore(std::move(request));
  }
  Async<Result<void>> create_bucket(objects::CreateBucketRequest request) override {
    return inner_.create_bucket(request);
  }
  Async<Result<std::vector<objects::UploadInfo>>> list_uploads(std::string key) override {
    return inner_.list_uploads(std::move(key));
  }
  Async<Result<std::vector<objects::PartInfo>>> list_parts(std::string key,
                                                           std::string upload_id) override {
    return inner_.list_parts(std::move(key), std::move(upload_id));
  }

 private:
  template <class T>
  Result<T> answer(objects::StoreOperation operation, const std::string& key, Result<T> done) {
    auto lost = lose_answer(operation, key);
    if (lost) return std::move(*lost);
    return done;
  }

  objects::ObjectStore& inner_;
};

}  // namespace dth::object_copy::testing

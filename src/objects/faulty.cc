#include "objects/faulty.h"

#include <random>

namespace dth::objects {
namespace {

// What will happen to one request: drawn in full before it starts.
struct Faults {
  std::chrono::milliseconds latency{0};
  bool throttled = false;
  bool unavailable_before = false;
  bool unavailable_after = false;
  bool cut = false;
  bool flip = false;
  std::uint64_t cut_at = 0, flip_at = 0;  // reduced modulo the body's size
  int flip_bit = 0;
};

// Another body with its faults. Owns it where `owned` is given.
class FaultyBody final : public Body {
 public:
  FaultyBody(Body& inner, std::unique_ptr<Body> owned, const Faults& faults, FaultCounts& counts)
      : inner_(inner), owned_(std::move(owned)), faults_(faults), counts_(counts) {
    // Of a stream without a known size the fault hits the first 64 KiB, or nothing.
    const std::uint64_t known = inner.size() == size_unknown ? 64 * 1024 : inner.size();
    faults_.cut_at = known > 0 ? faults.cut_at % known : 0;
    faults_.flip_at = known > 0 ? faults.flip_at % known : 0;
  }

  std::uint64_t size() const override { return inner_.size(); }

  Async<Result<Bytes>> next() override {
    if (faults_.cut && position_ >= faults_.cut_at) co_return cut();
    auto piece = co_await inner_.next();
    if (piece.has_error() || piece->empty()) co_return piece;
    Bytes bytes = *piece;
    if (faults_.cut && faults_.cut_at < position_ + bytes.size()) {
      bytes = bytes.first(static_cast<std::size_t>(faults_.cut_at - position_));
      if (bytes.empty()) co_return cut();
    }
    if (faults_.flip && faults_.flip_at >= position_ &&
        faults_.flip_at < position_ + bytes.size()) {
      changed_.assign(bytes.begin(), bytes.end());
      changed_[static_cast<std::size_t>(faults_.flip_at - position_)] ^=
          std::byte(1u << faults_.flip_bit);
      bytes = changed_;
      ++counts_.body_flipped;
    }
    position_ += bytes.size();
    co_return bytes;
  }

  bool rewind() override {
    if (!inner_.rewind()) return false;
    position_ = 0;
    return true;
  }

 private:
  Error cut() {
    ++counts_.body_cut;
    return Error{ErrorCode::unavailable,
                 "the body broke off after " + std::to_string(position_) + " of " +
                     std::to_string(inner_.size()) + " bytes",
                 "injected"};
  }

  Body& inner_;
  const std::unique_ptr<Body> owned_;
  Faults faults_;
  FaultCounts& counts_;
  std::uint64_t position_ = 0;
  std::vector<std::byte> changed_;
};

class FaultyStore final : public ObjectStore {
 public:
  FaultyStore(ObjectStore& inner, Clock& clock, FaultPlan plan, FaultCounts& counts)
      : inner_(inner), clock_(clock), plan_(plan), counts_(counts), random_(plan.seed) {}

  const StoreLimits& limits() const override { return inner_.limits(); }
  std::string describe() const override { return inner_.describe(); }
  void go_without(TransferAid aid) override { inner_.go_without(aid); }
  std::vector<std::string> take_warnings() override { return inner_.take_warnings(); }

  Async<Result<StoreIdentity>> check(StoreUse use = {}) override {
    return disturb<StoreIdentity>(StoreOperation::check, draw(StoreOperation::check),
                                  [this, use = std::move(use)] { return inner_.check(use); });
  }

  Async<Result<ListPage>> list(ListRequest request) override {
    return disturb<ListPage>(StoreOperation::list, draw(StoreOperation::list),
                             [this, request = std::move(request)] { return inner_.list(request); });
  }

  Async<Result<ObjectHead>> head(std::string key, std::string version_id) override {
    return disturb<ObjectHead>(StoreOperation::head, draw(StoreOperation::head),
                               [this, key = std::move(key), version_id = std::move(version_id)] {
                                 return inner_.head(key, version_id);
                               });
  }

  Async<Result<GetResult>> get(GetRequest request) override {
    const Faults faults = draw(StoreOperation::get);
    auto call = [this, request = std::move(request)] { return inner_.get(request); };
    auto got = co_await disturb<GetResult>(StoreOperation::get, faults, std::move(call));
    if (got.has_value() && (faults.cut || faults.flip)) {
      Body& body = *got->body;
      got->body = std::make_unique<FaultyBody>(body, std::move(got->body), faults, counts_);
    }
    co_return got;
  }

  Async<Result<PutResult>> put(PutRequest request, Body& body) override {
    const Faults faults = draw(StoreOperation::put);
    FaultyBody disturbed(body, nullptr, faults, counts_);
    auto call = [this, request = std::move(request), &disturbed] {
      return inner_.put(request, disturbed);
    };
    auto result = co_await disturb<PutResult>(StoreOperation::put, faults, std::move(call));
    co_return result;
  }

  Async<Result<void>> remove(RemoveRequest request) override {
    return disturb<void>(StoreOperation::remove, draw(StoreOperation::remove),
                         [this, request = std::move(request)] { return inner_.remove(request); });
  }

  Async<Result<std::string>> create_upload(CreateUploadRequest request) override {
    return disturb<std::string>(
        StoreOperation::create_upload, draw(StoreOperation::create_upload),
        [this, request = std::move(request)] { return inner_.create_upload(request); });
  }

  Async<Result<PartResult>> upload_part(UploadPartRequest request, Body& body) override {
    const Faults faults = draw(StoreOperation::upload_part);
    FaultyBody disturbed(body, nullptr, faults, counts_);
    auto call = [this, request = std::move(request), &disturbed] {
      return inner_.upload_part(request, disturbed);
    };
    auto result =
        co_await disturb<PartResult>(StoreOperation::upload_part, faults, std::move(call));
    co_return result;
  }

  Async<Result<PutResult>> complete_upload(CompleteUploadRequest request) override {
    return disturb<PutResult>(
        StoreOperation::complete_upload, draw(StoreOperation::complete_upload),
        [this, request = std::move(request)] { return inner_.complete_upload(request); });
  }

  Async<Result<void>> abort_upload(std::string key, std::string upload_id) override {
    return disturb<void>(StoreOperation::abort_upload, draw(StoreOperation::abort_upload),
                         [this, key = std::move(key), upload_id = std::move(upload_id)] {
                           return inner_.abort_upload(key, upload_id);
                         });
  }

  Async<Result<PutResult>> copy(CopyRequest request) override {
    return disturb<PutResult>(
        StoreOperation::copy, draw(StoreOperation::copy),
        [this, request = std::move(request)] { return inner_.copy(request); });
  }

  Async<Result<PartResult>> copy_part(CopyPartRequest request) override {
    return disturb<PartResult>(
        StoreOperation::copy_part, draw(StoreOperation::copy_part),
        [this, request = std::move(request)] { return inner_.copy_part(request); });
  }

  Async<Result<Tags>> get_tags(std::string key, std::string version_id) override {
    return disturb<Tags>(StoreOperation::get_tags, draw(StoreOperation::get_tags),
                         [this, key = std::move(key), version_id = std::move(version_id)] {
                           return inner_.get_tags(key, version_id);
                         });
  }

  Async<Result<void>> restore(RestoreRequest request) override {
    return disturb<void>(StoreOperation::restore, draw(StoreOperation::restore),
                         [this, request = std::move(request)] { return inner_.restore(request); });
  }

  Async<Result<void>> create_bucket(CreateBucketRequest request) override {
    return disturb<void>(StoreOperation::create_bucket, draw(StoreOperation::create_bucket),
                         [this, request] { return inner_.create_bucket(request); });
  }

  Async<Result<std::vector<UploadInfo>>> list_uploads(std::string key) override {
    return disturb<std::vector<UploadInfo>>(
        StoreOperation::list_uploads, draw(StoreOperation::list_uploads),
        [this, key = std::move(key)] { return inner_.list_uploads(key); });
  }

  Async<Result<std::vector<PartInfo>>> list_parts(std::string key, std::string upload_id) override {
    return disturb<std::vector<PartInfo>>(
        StoreOperation::list_parts, draw(StoreOperation::list_parts),
        [this, key = std::move(key), upload_id = std::move(upload_id)] {
          return inner_.list_parts(key, upload_id);
        });
  }

 private:
  // Always takes the same number of random numbers, so that one changed rate leaves the other
  // faults where they were.
  Faults draw(StoreOperation operation) {
    const FaultRates& rates = plan_.of(operation);
    const auto happens = [this](double rate) {
      return static_cast<double>(random_() >> 11) * 0x1.0p-53 < rate;
    };
    Faults faults;
    const bool slow = happens(rates.slow);
    const std::uint64_t latency = random_();
    if (slow && plan_.latency_max.count() > 0) {
      faults.latency = std::chrono::milliseconds(
          1 + static_cast<std::int64_t>(latency %
                                        static_cast<std::uint64_t>(plan_.latency_max.count())));
    }
    faults.throttled = happens(rates.throttled);
    faults.unavailable_before = happens(rates.unavailable_before);
    faults.unavailable_after = happens(rates.unavailable_after);
    faults.cut = happens(rates.body_cut);
    faults.flip = happens(rates.body_flipped);
    faults.cut_at = random_();
    faults.flip_at = random_();
    faults.flip_bit = static_cast<int>(random_() % 8);
    return faults;
  }

  Error failure(ErrorCode code, StoreOperation operation, const char* what) const {
    return Error{code, std::string(to_string(operation)) + " on " + inner_.describe() + ": " + what,
                 "injected"};
  }

  template <class T, class Call>
  Async<Result<T>> disturb(StoreOperation operation, Faults faults, Call call) {
    if (faults.latency.count() > 0) {
      ++counts_.slow;
      auto slept = co_await clock_.sleep_for(faults.latency);
      if (slept.has_error()) co_return slept.error();
    }
    if (faults.throttled) {
      ++counts_.throttled;
      Error error = failure(ErrorCode::throttled, operation, "please slow down");
      error.retry_after = plan_.retry_after;
      co_return error;
    }
    if (faults.unavailable_before) {
      ++counts_.unavailable_before;
      co_return failure(ErrorCode::unavailable, operation, "the request did not get through");
    }
    auto answer = co_await call();
    if (answer.has_value() && faults.unavailable_after) {
      ++counts_.unavailable_after;
      co_return failure(ErrorCode::unavailable, operation, "the answer was lost");
    }
    co_return answer;
  }

  ObjectStore& inner_;
  Clock& clock_;
  const FaultPlan plan_;
  FaultCounts& counts_;
  std::mt19937_64 random_;
};

}  // namespace

FaultPlan FaultPlan::everywhere(std::uint64_t seed, const FaultRates& rates) {
  FaultPlan plan;
  plan.seed = seed;
  plan.rates.fill(rates);
  return plan;
}

std::unique_ptr<ObjectStore> make_faulty_store(ObjectStore& store, Clock& clock, FaultPlan plan,
                                               FaultCounts& counts) {
  return std::make_unique<FaultyStore>(store, clock, plan, counts);
}

}  // namespace dth::objects
